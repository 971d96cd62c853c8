import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { createDelivery, embeddedTarget, type KafkaDelivery } from '../../src/deliver/index.ts'
import { Histories } from '../../src/deliver/kafka/histories.ts'
import { type Entry } from '../../src/deliver/kafka/outstanding.ts'
import { deliver, record, until } from './helpers.ts'
import { type ScriptedHandle, scriptedFactory } from './scripted-native.ts'

const target = embeddedTarget('localhost:1')
let directory: string
let file: string
let faults: string[]
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'topicrule-history-'))
  file = join(directory, 'kafka-history.json')
  faults = []
})
afterEach(() => rmSync(directory, { recursive: true }))

const options = (
  writeAfter = 60_000,
  writeFirstAfter = writeAfter,
): ConstructorParameters<typeof Histories>[0] & object => ({
  file,
  onFault: (reason) => faults.push(reason),
  writeAfter,
  writeFirstAfter,
})

function start(): { delivery: KafkaDelivery; handles: ScriptedHandle<Entry>[] } {
  const { handles, factory } = scriptedFactory<Entry>()
  return {
    handles,
    delivery: createDelivery({ maxProducers: 4, idleTimeout: 60_000, factory, histories: options() }),
  }
}

/** How a record fares that the broker refuses. */
async function refused(topic: string, error: string): Promise<string> {
  const { delivery, handles } = start()
  const outcome = deliver(delivery.open(target), record({ topic }))
  await until(() => handles[0]?.produced.length === 1, 'produced')
  handles[0]!.report(0, error)
  const failure = await outcome
  await delivery.close()
  return failure!.class
}

it('an outage after a restart is the fault of the environment where the topic had worked before it', async () => {
  const unknown = 'Broker: Unknown topic or partition'
  expect(await refused('readings', unknown)).toBe('rule')
  const { delivery, handles } = start()
  const sender = delivery.open(target)
  const outcome = deliver(sender, record())
  await until(() => handles[0]?.produced.length === 1, 'produced')
  handles[0]!.report(0)
  await outcome
  await delivery.close()
  expect(await refused('readings', unknown)).toBe('environment')
  expect(await refused('others', unknown)).toBe('rule')
  expect(await refused('others', 'Broker: Invalid required acks')).toBe('environment')
  expect(faults).toEqual([])
})

it('the file is private and names nothing but topics', () => {
  const histories = new Histories(options())
  histories.of('identity').succeeded('readings')
  histories.close()
  expect(statSync(file).mode & 0o777).toBe(0o600)
  const text = readFileSync(file, 'utf8')
  expect(text).toContain('readings')
  expect(text).not.toContain('identity')
})

it('is written a while after the first success, and again only for news', async () => {
  const histories = new Histories(options(20))
  const history = histories.of('a')
  history.succeeded('x')
  await until(() => stampOf() > 0, 'written')
  const first = stampOf()
  history.succeeded('y')
  await until(() => readFileSync(file, 'utf8').includes('"y"'), 'written again')
  const second = stampOf()
  expect(second).not.toBe(first)
  for (const topic of ['x', 'y', 'x']) history.succeeded(topic)
  histories.close()
  expect(stampOf()).toBe(second)
})

it('is written soon when a target works for the first time ever, whatever news waited before', async () => {
  const before = new Histories(options())
  before.of('a').succeeded('x')
  before.close()
  const first = stampOf()
  const histories = new Histories(options(60_000, 20))
  histories.of('a').succeeded('y')
  histories.of('b').succeeded('x')
  await until(() => stampOf() !== first, 'written')
  const { targets } = JSON.parse(readFileSync(file, 'utf8')) as { targets: object }
  expect(Object.keys(targets)).toHaveLength(2)
  histories.close()
})

function stampOf(): number {
  return statSync(file, { throwIfNoEntry: false })?.ino ?? 0
}

it.each([
  ['no JSON', '{"version":1,'],
  ['another version', '{"version":2,"targets":{}}'],
  ['null', 'null'],
  ['entries that are damaged', `{"version":1,"targets":{"k":{"day":7,"topics":["x"]},"l":null}}`],
])('a file with %s starts empty', (_, text) => {
  writeFileSync(file, text)
  expect(new Histories(options()).of('a').hasSucceeded(undefined)).toBe(false)
})

it('is bounded: the newest targets are kept, old ones forgotten', () => {
  const histories = new Histories(options())
  const topics = Array.from({ length: 1_500 }, (_, index) => `t${index}`)
  for (let index = 0; index < 1_200; index += 1) histories.of(`target-${index}`).succeeded('x')
  for (let index = 0; index < 30; index += 1)
    for (const topic of topics) histories.of(`wide-${index}`).succeeded(topic)
  histories.close()
  const { targets } = JSON.parse(readFileSync(file, 'utf8')) as {
    targets: Record<string, { topics: string[] }>
  }
  const lengths = Object.values(targets).map((each) => each.topics.length)
  expect(lengths.length).toBeLessThanOrEqual(1_000)
  expect(Math.max(...lengths)).toBeLessThanOrEqual(1_000)
  expect(lengths.reduce((sum, length) => sum + length, 0)).toBeLessThanOrEqual(20_000)
})

it('goes on without a file that cannot be written, and says so', () => {
  const histories = new Histories({ ...options(), file: join(directory, 'absent', 'file') })
  histories.of('a').succeeded('x')
  histories.close()
  expect(faults).toHaveLength(1)
})
