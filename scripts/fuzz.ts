import { fork, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { extname } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { type IngestStats } from '../src/ingest/index.ts'
import { answers, sendStreams } from './fuzz/client.ts'
import { corpusOf, fuzzSql } from './fuzz/sql.ts'

const ROUND = 10_000
const WARM_UP_ROUNDS = 2
const MAX_GROWTH = 1024 * 1024

interface Measured {
  readonly rss: number
  readonly stats: IngestStats
}

/**
 * `npm run fuzz -- [sql|mqtt] [--count N] [--seed N]`: both kinds without a name. 1 when the MQTT server dies, stops
 * answering or grows, or when a statement crashes the compiler, takes over 100 ms, or is refused without a position.
 */
export async function main(args: readonly string[]): Promise<number> {
  const { values, positionals } = parseArgs({
    args: [...args],
    allowPositionals: true,
    options: { count: { type: 'string' }, seed: { type: 'string', default: '1' } },
  })
  const [kind] = positionals
  if (kind !== undefined && kind !== 'sql' && kind !== 'mqtt') {
    console.error('usage: npm run fuzz -- [sql|mqtt] [--count N] [--seed N]')
    return 2
  }
  const seed = Number(values.seed)
  const count = values.count === undefined ? undefined : Number(values.count)
  const sql = kind === 'mqtt' ? 0 : runSql(count ?? 1_000_000, seed)
  const mqtt = kind === 'sql' ? 0 : await fuzzMqtt(count ?? 100_000, seed)
  return Math.max(sql, mqtt)
}

function runSql(count: number, seed: number): number {
  const corpus = corpusOf('test/conformance')
  console.log(`fuzzing SQL: ${count} texts from ${corpus.length}, seed ${seed}`)
  const { accepted, refused, slowest, faults } = fuzzSql({ count, seed, corpus, report: console.log })
  for (const fault of faults.slice(0, 20)) console.error(fault)
  console.log(
    `${accepted} accepted, ${refused} refused, ${faults.length} faults, slowest ${slowest.ms.toFixed(1)} ms: ${JSON.stringify(slowest.text.slice(0, 200))}`,
  )
  return faults.length === 0 ? 0 : 1
}

async function fuzzMqtt(streams: number, seed: number): Promise<number> {
  const server = fileURLToPath(new URL(`./fuzz-server${extname(import.meta.url)}`, import.meta.url))
  const child = fork(server, { execArgv: [...process.execArgv, '--expose-gc'] })
  let died = false
  child.on('exit', (code, signal) => {
    died = true
    if (!finished) console.error(`the server died: ${signal ?? code}`)
  })
  let finished = false
  const [{ port }] = (await once(child, 'message')) as [{ port: number }]
  console.log(`fuzzing MQTT on port ${port}: ${streams} streams, seed ${seed}`)
  const sizes: number[] = []
  for (let sent = 0; sent < streams && !died;) {
    const count = Math.min(ROUND, streams - sent)
    await sendStreams(port, seed, sent, count)
    sent += count
    if (died || !(await answers(port))) break
    const { rss, stats } = await measure(child)
    sizes.push(rss)
    console.log(`${sent} streams, ${(rss / 1048576).toFixed(1)} MB resident, ${summary(stats)}`)
  }
  finished = true
  const alive = !died && (await answers(port))
  child.disconnect()
  const growth = growthOf(sizes)
  console.log(
    `alive: ${alive}; resident memory grew by ${(growth / 1048576).toFixed(2)} MB per 10,000 streams`,
  )
  return alive && growth < MAX_GROWTH ? 0 : 1
}

async function measure(child: ChildProcess): Promise<Measured> {
  child.send('measure')
  const [measured] = (await once(child, 'message')) as [Measured]
  return measured
}

/** Bytes per round after warm-up, by the least-squares line through the measurements. */
function growthOf(sizes: readonly number[]): number {
  const measured = sizes.slice(WARM_UP_ROUNDS)
  const count = measured.length
  if (count < 2) return 0
  const meanX = (count - 1) / 2
  const meanY = measured.reduce((sum, size) => sum + size, 0) / count
  let covariance = 0
  let variance = 0
  for (const [x, size] of measured.entries()) {
    covariance += (x - meanX) * (size - meanY)
    variance += (x - meanX) ** 2
  }
  return covariance / variance
}

function summary({ connections, sessions, counts }: IngestStats): string {
  const { publishes_received: published, protocol_faults: faults, acknowledged } = counts
  return `${connections} connections, ${sessions} sessions, ${published} published, ${acknowledged} acknowledged, ${faults} faults`
}
