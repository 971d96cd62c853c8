/**
 * Many rules: creates them through the control API of a server as an operator runs it, lists them, and creates, replaces
 * and deletes more while devices publish 1,000 messages a second that Kafka acknowledges. Checks what it made before it
 * reports. `RULES` is how many (10,000).
 */
import { spawn } from 'node:child_process'
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { cpus, loadavg, tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { inspectorUrl, type Memory, memoryOf } from '../test/helpers/heap.ts'
import { type Kafka, startKafka } from '../test/helpers/kafka/index.ts'
import { ask, createFleet, fleetRule, listAll } from '../test/helpers/many-rules.ts'
import { killAllProcesses, type RunningProcess, startProcess } from '../test/helpers/process.ts'
import { kafkaAction } from '../test/helpers/server.ts'
import { type LoadOptions, type LoadResult } from './load.ts'

const ROOT = fileURLToPath(new URL('..', import.meta.url))
const COUNT = Number(process.env['RULES'] ?? 10_000)
const CLOCK_TICKS = 100
const MORE = 200

interface Server {
  readonly process: RunningProcess
  readonly port: number
  readonly control: string
  readonly inspector: string
}

async function startServer(kafka: Kafka): Promise<Server> {
  const directory = mkdtempSync(join(tmpdir(), 'topicrule-bench-'))
  process.on('exit', () => rmSync(directory, { recursive: true, force: true }))
  mkdirSync(join(directory, 'rules'))
  const properties = { 'bootstrap.servers': kafka.bootstrap.plaintext, 'security.protocol': 'PLAINTEXT' }
  const measured = {
    sql: "SELECT deviceId, temp, humidity, battery, topic(2) AS device FROM 'sensors/+/data' WHERE temp > 10",
    awsIotSqlVersion: '2016-03-23',
    actions: [kafkaAction({ topic: 'measured', properties, more: { key: '${deviceId}' } })],
  }
  writeFileSync(join(directory, 'rules/measured.json'), JSON.stringify(measured))
  const config = {
    mqtt: { listeners: [{ port: 0, anonymous: true }] },
    control: { port: 0 },
    kafka: { extensions: ['PLAINTEXT'] },
    log: { level: 'warn' },
  }
  writeFileSync(join(directory, 'topicrule.yaml'), JSON.stringify(config))
  const args = [
    '--inspect=0',
    join(ROOT, 'dist/main.js'),
    'serve',
    '--config',
    join(directory, 'topicrule.yaml'),
  ]
  const server = startProcess(process.execPath, args)
  const inspector = inspectorUrl(await server.line(/^Debugger listening/))
  const line = await server.line(/^ready /, 30_000)
  const addressOf = (name: string): string => new RegExp(`${name}=([^ ]+)`).exec(line)![1]!
  return {
    process: server,
    port: Number(addressOf('mqtt').split(':').at(-1)),
    control: `http://${addressOf('control')}`,
    inspector,
  }
}

/** User and system CPU milliseconds of a process, all threads. */
function cpuMilliseconds(pid: number): number {
  const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1]!.split(' ')
  return ((Number(fields[11]) + Number(fields[12])) / CLOCK_TICKS) * 1_000
}

function load(
  options: Partial<LoadOptions> & { readonly port: number; readonly seconds: number },
): Promise<LoadResult> {
  const all = { host: '127.0.0.1', connections: 8, window: 400, rate: 1_000, ...options }
  const args = ['--import', 'tsx', join(ROOT, 'bench/load.ts'), JSON.stringify(all)]
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] })
    let text = ''
    child.stdout.on('data', (chunk: Buffer) => (text += chunk.toString()))
    child.once('exit', (code) =>
      code === 0
        ? resolve(JSON.parse(text) as LoadResult)
        : reject(new Error(`the publisher ended with code ${code}`)),
    )
  })
}

function quantiles(times: readonly number[]): string {
  const sorted = [...times].sort((a, b) => a - b)
  const at = (share: number): string =>
    sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))]!.toFixed(1)
  return `p50 ${at(0.5)} ms  p99 ${at(0.99)} ms  max ${at(1)} ms`
}

function tell(what: string, ...figures: readonly string[]): void {
  console.log(`${what.padEnd(44)} ${figures.join('  ')}`)
}

/** Times `count` calls one after the other, with the server's CPU time for each. */
async function timed(
  server: Server,
  what: string,
  count: number,
  call: (index: number) => Promise<unknown>,
): Promise<void> {
  const times: number[] = []
  const before = cpuMilliseconds(server.process.pid)
  for (let index = 0; index < count; index += 1) {
    const began = performance.now()
    await call(index)
    times.push(performance.now() - began)
  }
  const cpu = (cpuMilliseconds(server.process.pid) - before) / count
  tell(what, quantiles(times), `CPU ${cpu.toFixed(2)} ms each`)
}

function tellLoad(what: string, { acknowledged, seconds, p50, p99, p999, max }: LoadResult): void {
  const figures = `p50 ${p50.toFixed(2)} ms  p99 ${p99.toFixed(2)} ms  p99.9 ${p999.toFixed(2)} ms  max ${max.toFixed(1)} ms`
  tell(what, `${(acknowledged / seconds).toFixed(0)} msg/s`, figures)
}

function tellMemory(before: Memory, after: Memory, rules: number): void {
  const each = (key: keyof Memory): string => `${((after[key] - before[key]) / rules / 1024).toFixed(1)} KB`
  tell('memory of one rule', `heap ${each('heap')}`, `resident ${each('resident')}`)
}

async function main(): Promise<void> {
  console.log(
    `${cpus().length} cores (${cpus()[0]!.model}), Node ${process.version}, load ${loadavg()[0]!.toFixed(1)}`,
  )
  const kafka = await startKafka()
  try {
    await kafka.createTopic('measured', 4)
    const server = await startServer(kafka)
    const { control, port } = server
    const ruleOf = (index: number): object => fleetRule(index, kafka.bootstrap.plaintext, 'measured')
    tellLoad('publishing, one rule', await load({ port, seconds: 5 }))
    await createFleet(control, { from: 0, to: 100, concurrency: 8 }, ruleOf)
    const before = await memoryOf(server.process.pid, server.inspector)
    const cpu = cpuMilliseconds(server.process.pid)
    const began = performance.now()
    await createFleet(control, { from: 100, to: COUNT, concurrency: 8 }, ruleOf)
    const seconds = (performance.now() - began) / 1_000
    const each = (cpuMilliseconds(server.process.pid) - cpu) / (COUNT - 100)
    tell(`creating ${COUNT} rules, 8 at a time`, `${seconds.toFixed(1)} s`, `CPU ${each.toFixed(2)} ms each`)
    tellMemory(before, await memoryOf(server.process.pid, server.inspector), COUNT - 100)
    const names = new Set(await listAll(control, 250))
    if (names.size !== COUNT + 1) throw new Error(`${names.size} rules are listed`)
    for (const size of [250, 10_000])
      await timed(server, `a page of ${size}`, 10, () => ask(control, 'GET', `/rules?maxResults=${size}`))
    await timed(server, 'one more rule', MORE, (index) =>
      ask(control, 'POST', `/rules/more_${index}`, ruleOf(index)),
    )
    tellLoad(`publishing, ${COUNT} rules`, await load({ port, seconds: 10 }))
    const publishing = load({ port, seconds: 20 })
    await new Promise((resolve) => setTimeout(resolve, 2_000))
    await timed(server, '  creating meanwhile', MORE, (index) =>
      ask(control, 'POST', `/rules/while_${index}`, ruleOf(index)),
    )
    await timed(server, '  replacing meanwhile', MORE, (index) =>
      ask(control, 'PATCH', `/rules/while_${index}`, ruleOf(index + 1)),
    )
    await timed(server, '  deleting meanwhile', MORE, (index) =>
      ask(control, 'DELETE', `/rules/while_${index}`),
    )
    tellLoad('publishing while rules change', await publishing)
    server.process.signal('SIGTERM')
    await server.process.exited
  } finally {
    await kafka.stop()
    await killAllProcesses()
  }
}

await main()
