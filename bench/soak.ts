/**
 * Memory over time: clients that connect, publish over MQTT (QoS 1) for a while and go, and others that publish by HTTP,
 * at a moderate rate to a real Kafka; every few seconds the server's resident memory, and its heap after each full
 * collection. Prints both and their slope after the first fifth. SOAK_MINUTES (10), SOAK_RATE (1000).
 */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { startKafka } from '../test/helpers/kafka/index.ts'
import { killAllProcesses, runProcess, startProcess } from '../test/helpers/process.ts'
import { kafkaAction, payload } from '../test/helpers/server.ts'

const ROOT = fileURLToPath(new URL('..', import.meta.url))
const MINUTES = Number(process.env['SOAK_MINUTES'] ?? 10)
const RATE = Number(process.env['SOAK_RATE'] ?? 1_000)
const ROUND_SECONDS = 20
const SAMPLE_MS = 5_000

/** Minutes since the start, megabytes. */
type Sample = readonly [minutes: number, megabytes: number]

const started = performance.now()
const minutes = (): number => (performance.now() - started) / 60_000

/** Megabytes an hour, by least squares. */
function slope(samples: readonly Sample[]): number {
  const mean = (at: 0 | 1): number => samples.reduce((sum, sample) => sum + sample[at], 0) / samples.length
  const [x, y] = [mean(0), mean(1)]
  const above = samples.reduce((sum, [a, b]) => sum + (a - x) * (b - y), 0)
  const below = samples.reduce((sum, [a]) => sum + (a - x) ** 2, 0)
  return (above / below) * 60
}

function print(what: string, samples: readonly Sample[]): void {
  const late = samples.filter(([at]) => at > MINUTES / 5)
  if (late.length < 2) return console.log(`${what}: too few samples (${samples.length})`)
  const every = samples.filter((_, index) => index % Math.ceil(samples.length / 12) === 0)
  const course = every.map(([at, megabytes]) => `${megabytes.toFixed(0)}@${at.toFixed(1)}`).join(' ')
  console.log(
    `${what}: ${course} (MB@minute), slope ${slope(late).toFixed(1)} MB/h over ${late.length} samples`,
  )
}

async function main(): Promise<void> {
  const kafka = await startKafka()
  await kafka.createTopic('soak', 4)
  const properties = { 'bootstrap.servers': kafka.bootstrap.plaintext, 'security.protocol': 'PLAINTEXT' }
  const rule = payload(
    "SELECT deviceId, temp, topic(2) AS device FROM 'sensors/+/data' WHERE temp > 10",
    kafkaAction({ topic: 'soak', properties }),
  )
  const directory = mkdtempSync(join(tmpdir(), 'topicrule-soak-'))
  const file = (name: string, content: object): string => {
    writeFileSync(join(directory, name), JSON.stringify(content))
    return join(directory, name)
  }
  file('soak.json', { ruleName: 'soak', topicRulePayload: rule })
  const config = file('topicrule.yaml', {
    rules: { directory: '.', watch: false },
    mqtt: { listeners: [{ port: 0, anonymous: true }], limits: { messagesPerSecondPerClient: 10_000 } },
    publish: { port: 0, anonymous: true },
    control: { port: 0 },
    kafka: { extensions: ['PLAINTEXT'] },
    log: { level: 'warn' },
    dataDirectory: 'state',
  })
  const heap: Sample[] = []
  const onLine = (line: string): void => {
    const collected = /Mark-Compact.* -> ([\d.]+) \(/.exec(line)
    if (collected !== null) heap.push([minutes(), Number(collected[1])])
  }
  const args = ['--trace-gc', join(ROOT, 'dist/main.js'), 'serve', '--config', config]
  const server = startProcess(process.execPath, args, { onLine })
  const line = await server.line(/^ready /, 60_000)
  const port = Number(/mqtt=[^ ]*:(\d+)/.exec(line)![1])
  const http = /publish=([^ ]*:\d+)/.exec(line)?.[1]?.replace(/^https?:\/\//, '')
  const resident: Sample[] = []
  const sampler = setInterval(() => {
    const text = readFileSync(`/proc/${server.pid}/status`, 'utf8')
    resident.push([minutes(), Number(/VmRSS:\s+(\d+)/.exec(text)![1]) / 1024])
  }, SAMPLE_MS)
  let byHttp = 0
  let acknowledged = 0
  while (minutes() < MINUTES) {
    const options = {
      host: '127.0.0.1',
      port,
      connections: 20,
      window: 0,
      rate: RATE,
      seconds: ROUND_SECONDS,
    }
    const load = ['--import', 'tsx', join(ROOT, 'bench/load.ts'), JSON.stringify(options)]
    const round = runProcess(process.execPath, load, { timeout: 120_000 })
    for (let sent = 0; http !== undefined && sent < 200; sent += 1) {
      const body = JSON.stringify({ deviceId: `h${sent}`, temp: 20 })
      const answer = await fetch(`http://${http}/topics/sensors/h${sent}/data?qos=1`, {
        method: 'POST',
        body,
      })
      await answer.arrayBuffer()
      if (answer.ok) byHttp += 1
    }
    const result = (await round).stdout.find((text) => text.startsWith('{'))
    acknowledged += (JSON.parse(result!) as { acknowledged: number }).acknowledged
  }
  clearInterval(sampler)
  console.log(`${minutes().toFixed(1)} minutes, ${acknowledged} messages by MQTT, ${byHttp} by HTTP`)
  print('resident', resident)
  print('heap after a full collection', heap)
  server.signal('SIGTERM')
  await server.exited
  rmSync(directory, { recursive: true, force: true })
  await kafka.stop()
  await killAllProcesses()
}

await main()
