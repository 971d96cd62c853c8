/**
 * MQTT QoS 1 → rule → Kafka with acks=all, everything on this machine: a real Apache Kafka broker, the server as an
 * operator runs it, and the publishers of bench/load.ts in a process of their own. In the same run the ceiling:
 * node-rdkafka alone producing the same records. Counts what is in Kafka before it reports a speed.
 */
import { execFileSync, spawn } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { cpus, tmpdir, totalmem } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { startKafka, type Kafka } from '../test/helpers/kafka/index.ts'
import { killAllProcesses, startProcess, type RunningProcess } from '../test/helpers/process.ts'
import { type LoadOptions, type LoadResult } from './load.ts'

const ROOT = fileURLToPath(new URL('..', import.meta.url))
const CLOCK_TICKS = 100
const SECONDS = Number(process.env['BENCH_SECONDS'] ?? 12)
const RULES = {
  filtered:
    "SELECT deviceId, temp, humidity, battery, topic(2) AS device FROM 'sensors/+/data' WHERE temp > 10",
  passthrough: "SELECT * FROM 'sensors/+/data'",
}

interface Server {
  readonly process: RunningProcess
  readonly port: number
}

async function startServer(kafka: Kafka, sql: string, topic: string): Promise<Server> {
  const directory = mkdtempSync(join(tmpdir(), 'topicrule-bench-'))
  const rule = {
    ruleName: 'bench',
    topicRulePayload: {
      sql,
      awsIotSqlVersion: '2016-03-23',
      actions: [
        {
          kafka: {
            destinationArn: 'arn:aws:iot:local:000000000000:ruledestination/vpc/bench',
            topic,
            key: '${deviceId}',
            clientProperties: {
              'bootstrap.servers': kafka.bootstrap.plaintext,
              'security.protocol': 'PLAINTEXT',
              acks: 'all',
            },
          },
        },
      ],
    },
  }
  writeFileSync(join(directory, 'bench.json'), JSON.stringify(rule))
  const config = {
    rules: { directory: '.', watch: false },
    mqtt: { listeners: [{ port: 0, anonymous: true }] },
    control: { port: 0 },
    kafka: { extensions: ['PLAINTEXT'] },
    log: { level: 'warn' },
    dataDirectory: 'state',
  }
  const file = join(directory, 'topicrule.yaml')
  writeFileSync(file, JSON.stringify(config))
  const server = startProcess(process.execPath, [
    ...(process.env['BENCH_NODE_FLAGS'] || '--max-semi-space-size=32').split(' '),
    join(ROOT, 'dist/main.js'),
    'serve',
    '--config',
    file,
  ])
  const line = await server.line(/^ready /, 30_000)
  process.on('exit', () => rmSync(directory, { recursive: true, force: true }))
  return { process: server, port: Number(/mqtt=[^ ]*:(\d+)/.exec(line)![1]) }
}

/** User and system CPU seconds of a process, all threads. */
function cpuSeconds(pid: number): number {
  const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1]!.split(' ')
  return (Number(fields[11]) + Number(fields[12])) / CLOCK_TICKS
}

function peakMegabytes(pid: number): number {
  return Number(/VmHWM:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))![1]) / 1024
}

function load(options: LoadOptions): Promise<LoadResult> {
  return new Promise((resolve, reject) => {
    const script = join(ROOT, 'bench/load.ts')
    const child = spawn(process.execPath, ['--import', 'tsx', script, JSON.stringify(options)], {
      stdio: ['ignore', 'pipe', 'inherit'],
    })
    let text = ''
    child.stdout.on('data', (chunk: Buffer) => (text += chunk.toString()))
    child.once('exit', (code) => {
      if (code === 0) resolve(JSON.parse(text) as LoadResult)
      else reject(new Error(`the publisher ended with code ${code}`))
    })
  })
}

interface Row {
  readonly what: string
  readonly perSecond: number
  readonly cpuPerMillion: number
  readonly p50: number
  readonly p99: number
  readonly peak: number
}

async function measure(
  what: string,
  server: Server,
  options: Omit<LoadOptions, 'host' | 'port'>,
): Promise<Row> {
  const before = cpuSeconds(server.process.pid)
  const result = await load({ host: '127.0.0.1', port: server.port, ...options })
  const cpu = cpuSeconds(server.process.pid) - before
  const row = {
    what,
    perSecond: result.acknowledged / result.seconds,
    cpuPerMillion: (cpu / result.acknowledged) * 1e6,
    p50: result.p50,
    p99: result.p99,
    peak: peakMegabytes(server.process.pid),
  }
  console.log(
    `${what.padEnd(34)} ${row.perSecond.toFixed(0).padStart(8)} msg/s  ${row.cpuPerMillion.toFixed(1).padStart(6)} CPU s/M  p50 ${row.p50.toFixed(2)} ms  p99 ${row.p99.toFixed(2)} ms  peak ${row.peak.toFixed(0)} MB`,
  )
  return row
}

function recordsIn(kafka: Kafka, topic: string): number {
  const lines = execFileSync(
    'kcat',
    ['-b', kafka.bootstrap.plaintext, '-Q', ...[0, 1, 2, 3].flatMap((p) => ['-t', `${topic}:${p}:-1`])],
    { encoding: 'utf8' },
  )
  return [...lines.matchAll(/offset (\d+)/g)].reduce((sum, [, offset]) => sum + Number(offset), 0)
}

/** The ceiling: node-rdkafka alone, in a process of its own, producing the records the rule makes. */
async function ceiling(kafka: Kafka): Promise<void> {
  await kafka.createTopic('ceiling', 4)
  const script = join(ROOT, 'bench/ceiling.ts')
  const text = execFileSync(
    process.execPath,
    ['--import', 'tsx', script, kafka.bootstrap.plaintext, 'ceiling', String(SECONDS / 2)],
    { encoding: 'utf8' },
  )
  console.log(`${'ceiling: node-rdkafka alone'.padEnd(34)} ${text.trim()}`)
}

async function main(): Promise<void> {
  console.log(
    `${cpus().length} cores (${cpus()[0]!.model}), ${(totalmem() / 2 ** 30).toFixed(0)} GB, Node ${process.version}; publisher, server and Kafka share them`,
  )
  const kafka = await startKafka()
  try {
    for (const [name, sql] of Object.entries(RULES)) {
      const topic = `bench-${name}`
      await kafka.createTopic(topic, 4)
      const server = await startServer(kafka, sql, topic)
      const base = { connections: 8, window: 400, rate: 0, seconds: SECONDS }
      await load({ host: '127.0.0.1', port: server.port, ...base, seconds: 4 })
      const before = recordsIn(kafka, topic)
      const row = await measure(`${name}, closed loop`, server, base)
      const stored = recordsIn(kafka, topic) - before
      if (stored < row.perSecond * SECONDS * 0.99) throw new Error(`only ${stored} records are in Kafka`)
      await measure(`${name}, 1,000/s`, server, { ...base, rate: 1_000 })
      await measure(`${name}, 20,000/s`, server, { ...base, rate: 20_000 })
      server.process.signal('SIGTERM')
      await server.process.exited
    }
    await ceiling(kafka)
  } finally {
    await kafka.stop()
    await killAllProcesses()
  }
}

await main()
