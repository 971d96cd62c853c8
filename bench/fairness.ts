/**
 * Modest clients beside one that floods: 50 connections with 20 messages a second each, first alone, then beside one
 * connection that sends as fast as it can and keeps 60,000 messages in flight. QoS 1 to a real Kafka with acks=all.
 * BENCH_SECONDS per figure; FAIRNESS_LIMITS is JSON of mqtt.limits.
 */
import { execFileSync, spawn } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { startKafka } from '../test/helpers/kafka/index.ts'
import { killAllProcesses } from '../test/helpers/process.ts'
import { kafkaAction, payload, TestServer } from '../test/helpers/server.ts'
import { type LoadOptions, type LoadResult } from './load.ts'

const LOAD = fileURLToPath(new URL('load.ts', import.meta.url))
const SECONDS = Number(process.env['BENCH_SECONDS'] ?? 10)

function load(options: LoadOptions, nice: number): Promise<LoadResult> {
  return new Promise((resolve, reject) => {
    const args = ['-n', String(nice), process.execPath, '--import', 'tsx', LOAD, JSON.stringify(options)]
    const child = spawn('nice', args, { stdio: ['ignore', 'pipe', 'inherit'] })
    let text = ''
    child.stdout.on('data', (chunk: Buffer) => (text += chunk.toString()))
    child.once('exit', (code) =>
      code === 0 ? resolve(JSON.parse(text) as LoadResult) : reject(new Error(`load ended with ${code}`)),
    )
  })
}

function print(what: string, { acknowledged, seconds, p50, p99, max }: LoadResult): void {
  const rate = (acknowledged / seconds).toFixed(0).padStart(8)
  console.log(
    `${what.padEnd(36)} ${rate} msg/s  p50 ${p50.toFixed(2)} ms  p99 ${p99.toFixed(2)} ms  max ${max.toFixed(0)} ms`,
  )
}

async function compare(name: string, port: number, floodWindow: number): Promise<void> {
  const base = { host: '127.0.0.1', port, connections: 50, window: 0, rate: 1_000, seconds: SECONDS }
  print(`${name}: 50 modest alone`, await load(base, 0))
  const flood = load({ ...base, connections: 1, window: floodWindow, rate: 0, seconds: SECONDS + 4 }, 10)
  await new Promise((resolve) => setTimeout(resolve, 2_000))
  print(`${name}: 50 modest beside the flood`, await load(base, 0))
  print(`${name}: the flood`, await flood)
}

async function main(): Promise<void> {
  const kafka = await startKafka()
  await kafka.createTopic('fair', 4)
  const properties = { 'bootstrap.servers': kafka.bootstrap.plaintext, 'security.protocol': 'PLAINTEXT' }
  const rule = payload("SELECT * FROM 'sensors/+/data'", kafkaAction({ topic: 'fair', properties }))
  const large = { receiveMaximum: 65_535, windowBytes: '64MiB', deferredBytes: '64MiB' }
  for (const [name, limits] of [
    ['default limits', JSON.parse(process.env['FAIRNESS_LIMITS'] ?? '{}')],
    ['large window', large],
  ] as const) {
    const server = await TestServer.start(
      { rule },
      {
        mqtt: { limits, listeners: [{ port: 0, anonymous: true }] },
        log: { level: 'warn' },
      },
    )
    const line = await server.process!.line(/^ready /)
    await compare(name, Number(/mqtt=[^ ]*:(\d+)/.exec(line)![1]), 60_000)
    await server.stop()
  }
  execFileSync('kcat', ['-b', kafka.bootstrap.plaintext, '-L'], { stdio: 'ignore' })
  await kafka.stop()
  await killAllProcesses()
}

await main()
