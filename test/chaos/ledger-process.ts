import { closeSync, openSync, readFileSync, writeSync } from 'node:fs'
import { Device } from './device.ts'
import { rateBetween, recoveries } from './measure.ts'
import { type Account, type MessageName, Proof } from './proof.ts'
import {
  type DisturbanceReport,
  type LedgerCommand,
  type LedgerCounts,
  type LedgerOptions,
  type LedgerProof,
} from './protocol.ts'
import { Random } from './random.ts'
import { readLetters } from './read-letters.ts'
import { readTopic } from './read-topic.ts'

/** The process that publishes, keeps the obligations, and proves them: it shares nothing with the server but the network. */
const options = JSON.parse(process.argv[2]!) as LedgerOptions
const file = openSync(options.file, 'a', 0o600)
let lines = ''
let acknowledged = 0

const note = (device: Device, n: number): void => {
  acknowledged += 1
  lines += `${device.options.id} ${n}\n`
}
const kindOf = (index: number): { version: 4 | 5; qos: 1 | 2 } => ({
  version: index % 2 === 0 ? 4 : 5,
  qos: index % 4 < 2 ? 1 : 2,
})
const dead = new Set<Device>()
const steady = options.groups.flatMap((group) => {
  const { name, count, rate, topic, port, ca } = group
  return Array.from({ length: count }, (_, index) => {
    const { version, qos } = kindOf(index)
    const id = `${name}-${index}-v${version}-q${qos}`
    const device = new Device({ id, version, qos, rate: rate / count, window: 200, port, topic, ca }, note)
    if (group.dead === true) dead.add(device)
    return device
  })
})
const { port, topic } = options.groups[0]!
const flapping = Array.from({ length: options.flapping }, (_, index) => {
  const id = `flapping-${index}`
  return new Device({ ...kindOf(index), id, rate: 5, window: 20, port, topic }, note)
})
const random = new Random(1)
let [flapsSeen, flaps] = [false, false]
let tickedAt = Date.now()
const timer = setInterval(() => {
  const now = Date.now()
  const elapsed = (now - tickedAt) / 1000
  tickedAt = now
  for (const device of steady) device.tick(now, elapsed)
  if (flapsSeen) for (const device of flapping) device.tick(now, elapsed)
  // Each of them is cut about once a second.
  if (flaps) for (const device of flapping) if (random.next() < elapsed) device.cut()
  writeDown()
}, 10)

function writeDown(): void {
  if (lines !== '') writeSync(file, lines)
  lines = ''
}

function counts(): LedgerCounts {
  const published = [...steady, ...flapping].reduce((sum, device) => sum + device.published, 0)
  return { published, acknowledged }
}

async function prove(command: LedgerCommand & { kind: 'prove' }): Promise<LedgerProof> {
  writeDown()
  const accounts = [...steady, ...flapping].map((device, index): Account => ({
    ...{ device: device.options.id, sentAt: device.sentAt, acknowledgedAt: device.acknowledgedAt },
    ...{ resends: device.resends, steady: index < steady.length },
    dead: dead.has(device),
  }))
  const proof = new Proof(accounts)
  await readTopic(command.bootstrap, command.topic, (partition, value) => proof.record(partition, value))
  if (command.letters !== undefined) await readLetters(command.letters, (payload) => proof.letter(payload))
  const verdict = proof.verdict(obligations(), command.disturbances)
  const undisturbedRate = rateBetween(accounts, ...command.undisturbed)
  const measured = recoveries(accounts, command.disturbances, undisturbedRate, command.end)
  const sum = (of: (device: Device) => number): number =>
    [...steady, ...flapping].reduce((total, device) => total + of(device), 0)
  const byName = new Map(accounts.map((account) => [account.device, account]))
  const split = (messages: Iterable<MessageName & { more?: number }>): number[] => {
    const byDisturbance = command.disturbances.map(() => 0)
    for (const { device, n, more = 1 } of messages) {
      const account = byName.get(device)!
      const at = account.acknowledgedAt[n] || account.sentAt[n]!
      const index = command.disturbances.findLastIndex(({ start }) => start <= at)
      if (index >= 0) byDisturbance[index]! += more
    }
    return byDisturbance
  }
  const [lost, duplicates, disorder] = [verdict.lost, proof.duplicated(), verdict.disorder].map(split)
  return {
    ...{ verdict, undisturbedRate },
    disturbances: measured.map((each, index): DisturbanceReport => ({
      ...each,
      ...{ lost: lost![index]!, duplicates: duplicates![index]!, disorder: disorder![index]! },
    })),
    resends: sum(({ resends }) => [...resends.values()].reduce((total, count) => total + count, 0)),
    sessionsLost: sum(({ sessionsLost }) => sessionsLost),
    fingerprints: steady.flatMap(({ fingerprint }) => fingerprint ?? []),
  }
}

function obligations(): Map<string, number[]> {
  const owed = new Map<string, number[]>()
  for (const line of readFileSync(options.file, 'utf8').split('\n')) {
    const [device = '', n] = line.split(' ')
    if (n === undefined) continue
    const list = owed.get(device)
    if (list === undefined) owed.set(device, [Number(n)])
    else list.push(Number(n))
  }
  return owed
}

async function obey(command: LedgerCommand): Promise<unknown> {
  switch (command.kind) {
    case 'start':
      for (const device of steady) device.start()
      return undefined
    case 'stop':
      for (const device of [...steady, ...flapping]) device.stop()
      return undefined
    case 'flap':
    case 'calm':
      flaps = command.kind === 'flap'
      flapsSeen = true
      for (const device of flapping)
        if (flaps) device.start()
        else device.stop()
      return undefined
    case 'count':
      return counts()
    case 'prove':
      return prove(command)
    case 'end':
      clearInterval(timer)
      for (const device of [...steady, ...flapping]) device.end()
      closeSync(file)
      setImmediate(() => process.disconnect())
  }
}

process.on('message', (message: { id: number; command: LedgerCommand }) => {
  obey(message.command).then(
    (answer) => process.send!({ id: message.id, answer }),
    (error: unknown) => process.send!({ id: message.id, error: String(error) }),
  )
})
process.on('disconnect', () => process.exit(0))
