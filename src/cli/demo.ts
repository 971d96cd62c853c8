import { type ChildProcess, spawn } from 'node:child_process'
import { copyFileSync, existsSync, mkdirSync, readdirSync, rmSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { type loadConfig, parseConfig } from '../config/index.ts'
import { type CommandSpec, note, print } from './command.ts'
import { renderFault } from './diagnostics.ts'
import { readyLine } from './serve.ts'
import { onStopSignal } from './signals.ts'

const ROOT = fileURLToPath(new URL('../..', import.meta.url))
const COUNTS_EVERY_MS = 1_000
const COUNTS_EVERY_MS_WITHOUT_TERMINAL = 5_000

export const demo: CommandSpec = {
  name: 'demo',
  summary: 'What npm start runs: the engine with sample rules, an embedded Kafka and simulated devices.',
  options: [
    { flags: '--port <number>', description: 'MQTT port; 0 picks a free one.', default: '1883' },
    { flags: '--rate <number>', description: 'Device messages per second.', default: '6' },
    {
      flags: '--duration <seconds>',
      description: 'Stop by itself after this; 0 runs until Ctrl-C.',
      default: '0',
    },
  ],
  async run(options) {
    const directory = resolve('data', 'demo')
    const rules = copyExampleRules(directory)
    const loaded = demoConfig(directory, Number(options['port']))
    if (!loaded.ok) {
      for (const fault of loaded.diagnostics) note(renderFault(fault))
      return 2
    }
    const { startServer, openReader } = await import('../app.ts')
    const server = await startServer(loaded.config)
    const { host, port } = server.mqtt[0]!
    const kafka = server.kafka!
    print(introduction(readyLine(server), rules, host, port, kafka))
    const display = new Display()
    const reader = await openReader({
      bootstrap: kafka,
      topics: [/^[^_]/],
      from: 'beginning',
      onRecord: (record) => display.record(record),
    })
    const simulator = startSimulator(`mqtt://${host}:${port}`, String(options['rate']))
    const timer = setInterval(() => display.counts(server.stats()), display.interval)
    await Promise.race([onStopSignal(), elapsed(Number(options['duration']))])
    clearInterval(timer)
    display.end()
    note('Stopping: no new messages; waiting for those in flight.')
    await stopSimulator(simulator)
    const left = await server.stop()
    await reader.close()
    const { received, matched, delivered, acknowledged, failed } = server.stats()
    print(
      `Summary: received ${received}, matched ${matched}, delivered ${delivered}, acknowledged ${acknowledged}, failed ${failed}, left unsettled ${left}.`,
    )
    return left === 0 ? 0 : 1
  },
}

/** Puts each `examples/<name>/rule.json` into a directory where one may edit it while the demo runs. */
function copyExampleRules(directory: string): string {
  const rules = join(directory, 'rules')
  rmSync(rules, { recursive: true, force: true })
  mkdirSync(rules, { recursive: true, mode: 0o700 })
  const examples = join(ROOT, 'examples')
  for (const name of readdirSync(examples)) {
    const rule = join(examples, name, 'rule.json')
    if (existsSync(rule)) copyFileSync(rule, join(rules, `${name.replaceAll('-', '_')}.json`))
  }
  return rules
}

/** The demo is the server with this configuration; TOPICRULE_ variables override it as anywhere. */
function demoConfig(directory: string, port: number): ReturnType<typeof loadConfig> {
  const config = {
    rules: { directory: 'rules' },
    mqtt: { listeners: [{ host: '127.0.0.1', port, anonymous: true }] },
    kafka: { embedded: true, acksWhenOmitted: 'all' },
    control: { port: 0 },
    log: { level: 'error' },
    dataDirectory: 'state',
    shutdownDeadline: '10s',
  }
  return parseConfig(JSON.stringify(config), directory, process.env)
}

function introduction(ready: string, rules: string, host: string, port: number, kafka: string): string {
  return `${ready}

topicrule runs with sample rules, simulated devices and an embedded Kafka.
The embedded Kafka keeps nothing: all data is gone when this process ends.
Anyone on this machine may publish (anonymous access, loopback only).

  publish     mosquitto_pub -h ${host} -p ${port} -q 1 -t sensors/mine/temperature -m '{"deviceId":"mine","temperature":35.5}'
  read Kafka  kcat -b ${kafka} -L        then   kcat -b ${kafka} -C -t TOPIC -o beginning
  edit rules  ${rules}  (read again when a file changes; copied anew from examples/ at each start)
  stop        Ctrl-C

Records as a Kafka consumer reads them:
`
}

interface ReadRecord {
  readonly topic: string
  readonly partition: number
  readonly key: Buffer | null
  readonly headers: readonly (readonly [string, string])[]
  readonly value: Buffer | null
}

interface Counts {
  readonly received: number
  readonly matched: number
  readonly delivered: number
  readonly acknowledged: number
  readonly failed: number
  readonly p50: number
  readonly p99: number
}

const SHOWN_VALUE = 400

/** Records scroll by; on a terminal the line of counts stays below them. */
class Display {
  readonly #terminal = process.stdout.isTTY
  readonly interval = this.#terminal ? COUNTS_EVERY_MS : COUNTS_EVERY_MS_WITHOUT_TERMINAL
  #line = ''

  record({ topic, partition, key, headers, value }: ReadRecord): void {
    this.#clear()
    const pairs = headers.map(([name, text]) => `${name}=${text}`).join(' ')
    print(
      `${topic}[${partition}] key=${key === null ? 'null' : key.toString()}${pairs === '' ? '' : ` ${pairs}`}`,
    )
    print(`    ${shown(value)}`)
    this.#draw()
  }

  counts({ received, matched, delivered, acknowledged, failed, p50, p99 }: Counts): void {
    this.#clear()
    this.#line = `received ${received}  matched ${matched}  delivered ${delivered}  acknowledged ${acknowledged}  failed ${failed}  PUBLISH to PUBACK p50 ${p50.toFixed(2)} ms  p99 ${p99.toFixed(2)} ms`
    if (this.#terminal) this.#draw()
    else print(this.#line)
  }

  end(): void {
    this.#clear()
    this.#line = ''
  }

  #clear(): void {
    if (this.#terminal && this.#line !== '') process.stdout.write('\r\x1b[2K')
  }

  #draw(): void {
    if (this.#terminal) process.stdout.write(this.#line.slice(0, process.stdout.columns - 1))
  }
}

/** Control characters of a payload must not reach the terminal. */
function shown(value: Buffer | null): string {
  if (value === null) return 'null'

  const text = value
    .subarray(0, SHOWN_VALUE)
    .toString('utf8')
    .replace(/[\u0000-\u001f\u007f-\u009f]/g, '·')
  return value.length > SHOWN_VALUE ? `${text}… (${value.length} bytes)` : text
}

function startSimulator(url: string, rate: string): ChildProcess {
  const main = fileURLToPath(new URL('../main.js', import.meta.url))
  return spawn(process.execPath, [main, 'simulate', '--quiet', '--url', url, '--rate', rate], {
    stdio: ['ignore', 'ignore', 'inherit'],
    // Ctrl-C reaches the whole process group: the simulator is stopped by the demo alone, in order.
    detached: true,
  })
}

function stopSimulator(simulator: ChildProcess): Promise<void> {
  if (simulator.exitCode !== null) return Promise.resolve()
  return new Promise((done) => {
    const timer = setTimeout(() => simulator.kill('SIGKILL'), 5_000)
    simulator.once('exit', () => {
      clearTimeout(timer)
      done()
    })
    simulator.kill('SIGTERM')
  })
}

function elapsed(seconds: number): Promise<void> {
  return new Promise((done) => {
    if (seconds > 0) setTimeout(done, seconds * 1000)
  })
}
