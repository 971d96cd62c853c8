import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { buildWorld } from './build-world.ts'
import { faultOf, type World } from './faults.ts'
import { type Disturbance } from './proof.ts'
import { type LedgerProof } from './protocol.ts'
import { type PlannedFault, type Round, titleOf } from './schedule.ts'

/** Everything published must be acknowledged this long after the last fault. */
export const SETTLE = 30_000

export interface RunOptions {
  readonly brokers: 1 | 3
  readonly ack: 'delivered' | 'received'
  readonly rounds: readonly Round[]
  /** Messages a second of all steady devices. */
  readonly rate: number
  /** Seconds without faults at the beginning, by which the rate is measured, and at the end. */
  readonly baseline: number
  readonly closing: number
  readonly print: (line: string) => void
  /** File for the server's log. */
  readonly log?: string
}

export interface RunResult {
  readonly disturbances: readonly Disturbance[]
  readonly proof: LedgerProof
  /** When publishing stopped. */
  readonly end: number
  /** SHA-256 of the certificate that the server's TLS listener has at the end, where it was renewed. */
  readonly fingerprint: string | undefined
}

/** Starts cluster, server and ledger, lets the rounds happen, and has the ledger prove what was promised. */
export async function runChaos(options: RunOptions): Promise<RunResult> {
  const directory = await mkdtemp(join(tmpdir(), 'topicrule-chaos-'))
  const undo: (() => Promise<unknown>)[] = [() => rm(directory, { recursive: true, force: true })]
  try {
    const world = await buildWorld(options, directory, undo)
    return await execute(world, options)
  } finally {
    for (const step of undo.reverse()) await step()
  }
}

async function execute(world: World, options: RunOptions): Promise<RunResult> {
  const { ledger, cluster, topic, disk, certificates } = world
  const { print } = options
  await ledger.tell('start')
  await pause(3_000)
  const from = Date.now()
  await pause(options.baseline * 1000)
  const undisturbed = [from, Date.now()] as const
  const disturbances: Disturbance[] = []
  for (const [index, round] of options.rounds.entries()) {
    if (index > 0) await pause(round.calm * 1000)
    const { published, acknowledged } = await ledger.counts()
    print(
      `${clock(from)} round ${index + 1} of ${options.rounds.length}: ${describe(round)} (${acknowledged} of ${published} acknowledged)`,
    )
    const start = Date.now()
    const ends = await Promise.all(round.faults.map((fault) => happen(world, fault)))
    disturbances.push({ title: titleOf(round), start, end: Math.max(...ends) })
  }
  await pause(options.closing * 1000)
  const end = Date.now()
  await ledger.tell('stop')
  const deadline = (disturbances.at(-1)?.end ?? end) + SETTLE
  for (;;) {
    const { published, acknowledged } = await ledger.counts()
    if (published === acknowledged || Date.now() > deadline) break
    await pause(100)
  }
  print(`${clock(from)} reading ${topic}`)
  const bootstrap = cluster.direct
  const letters = disk?.directory
  const proof = await ledger.prove({ bootstrap, topic, letters, disturbances, undisturbed, end })
  return { disturbances, proof, end, fingerprint: certificates?.fingerprint }
}

/** Resolves with the time at which the fault was over. */
async function happen(world: World, { name, delay, duration, aim }: PlannedFault): Promise<number> {
  const fault = faultOf(name)
  await pause(delay * 1000)
  await fault.begin(world, aim)
  await pause(duration * 1000)
  const ending = Date.now()
  await fault.end?.(world, aim)
  return fault.overAtOnce === true ? ending : Date.now()
}

function clock(from: number): string {
  return `${((Date.now() - from) / 1000).toFixed(0).padStart(5)} s`
}

function describe({ faults }: Round): string {
  return faults
    .map(
      ({ name, delay, duration }) =>
        `${name} ${duration.toFixed(1)} s${delay > 0 ? ` from ${delay.toFixed(1)} s` : ''}`,
    )
    .join(' + ')
}
