import { mkdtemp, rm } from 'node:fs/promises'
import { appendFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { type Cluster, startCluster } from '../helpers/kafka/index.ts'
import { kafkaAction, payload, TestServer } from '../helpers/server.ts'
import { ToxicProxy } from '../helpers/toxic-proxy.ts'
import { faultOf, type World } from './faults.ts'
import { startLedger } from './ledger.ts'
import { type Disturbance } from './proof.ts'
import { type LedgerProof } from './protocol.ts'
import { SecretFiles } from './secret-files.ts'
import { type PlannedFault, type Round, titleOf } from './schedule.ts'

const TOPIC = 'ledger'
const PARTITIONS = 4
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
}

/** Starts cluster, server and ledger, lets the rounds happen, and has the ledger prove what was promised. */
export async function runChaos(options: RunOptions): Promise<RunResult> {
  const directory = await mkdtemp(join(tmpdir(), 'topicrule-chaos-'))
  const undo: (() => Promise<unknown>)[] = [() => rm(directory, { recursive: true, force: true })]
  try {
    const world = await build(options, directory, undo)
    return await execute(world, options)
  } finally {
    for (const step of undo.reverse()) await step()
  }
}

async function build(
  options: RunOptions,
  directory: string,
  undo: (() => Promise<unknown>)[],
): Promise<World> {
  const login = options.rounds.some((round) =>
    round.faults.some(({ name }) => faultOf(name).group === 'secrets'),
  )
  const cluster = await startCluster(options.brokers, { login })
  undo.push(() => cluster.stop())
  await cluster.createTopic(TOPIC, PARTITIONS)
  await cluster.createTopic('side', 1)
  const rules = (edit: number, producer: boolean): Record<string, object> =>
    rulesOf(propertiesOf(cluster, login), edit, producer)
  const preload = fileURLToPath(new URL('./step-clock.mjs', import.meta.url))
  const { log } = options
  const secrets = login ? new SecretFiles(directory, cluster) : undefined
  const server = await TestServer.start(
    rules(0, false),
    {
      ack: options.ack,
      kafka: { extensions: ['PLAINTEXT', 'SASL_PLAINTEXT'] },
      ...(secrets === undefined
        ? {}
        : { secrets: { cacheTime: '2s', directory: { path: secrets.directory } } }),
    },
    {
      env: { ...process.env, NODE_OPTIONS: `--import=${preload}` },
      onLine: (line) => log !== undefined && appendFileSync(log, `${line}\n`),
    },
  )
  undo.push(() => server.stop())
  const devicePath = await ToxicProxy.start({ port: server.port })
  undo.push(() => devicePath.stop())
  const ledger = startLedger({
    ...{ port: devicePath.port, file: join(directory, 'obligations') },
    ...{ devices: 12, rate: options.rate, flapping: 100 },
  })
  undo.push(() => ledger.end())
  const editRules = (edit: number, producer: boolean): void => {
    for (const [name, rule] of Object.entries(rules(edit, producer))) server.writeRule(name, rule)
  }
  return { cluster, devicePath, server, ledger, editRules, secrets, topic: TOPIC, partitions: PARTITIONS }
}

function propertiesOf({ proxied }: Cluster, login: boolean): Record<string, string> {
  const base = { 'bootstrap.servers': proxied }
  if (!login) return { ...base, 'security.protocol': 'PLAINTEXT' }
  const member = (key: string): string => `\${get_secret('login', 'SecretString', '${key}')}`
  return {
    ...{ ...base, 'security.protocol': 'SASL_PLAINTEXT', 'sasl.mechanism': 'SCRAM-SHA-512' },
    ...{ 'sasl.scram.username': member('user'), 'sasl.scram.password': member('password') },
  }
}

/** The ledger's rule always matches; the other one comes, goes and changes. */
function rulesOf(base: Record<string, string>, edit: number, producer: boolean): Record<string, object> {
  const compression = ['none', 'lz4', 'gzip'][edit % 3]!
  const properties = producer ? { ...base, 'compression.type': compression } : base
  const more = { key: '${clientid()}', headers: [{ key: 'edit', value: String(edit) }] }
  const side = kafkaAction({ topic: 'side', properties: base, more: { key: '${n}' } })
  return {
    ledger: payload("SELECT * FROM 'ledger/#'", kafkaAction({ topic: TOPIC, properties, more })),
    side: {
      ...payload(`SELECT n FROM 'ledger/#' WHERE n % 10 = ${edit % 10}`, side),
      ruleDisabled: edit % 2 === 1,
    },
  }
}

async function execute(world: World, options: RunOptions): Promise<RunResult> {
  const { ledger, cluster } = world
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
  print(`${clock(from)} reading ${TOPIC}`)
  const bootstrap = cluster.direct
  const proof = await ledger.prove({ bootstrap, topic: TOPIC, disturbances, undisturbed, end })
  return { disturbances, proof, end }
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
