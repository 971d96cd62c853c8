import { mkdtempSync, mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { freePorts } from './ports.ts'
import { startProcess, type ProcessOptions, type RunningProcess } from './process.ts'

const MAIN = fileURLToPath(new URL('../../dist/main.js', import.meta.url))

/** The server as an operator runs it: `topicrule serve` with files of its own. */
export class TestServer {
  readonly directory = mkdtempSync(join(tmpdir(), 'topicrule-server-'))
  readonly port: number
  readonly metricsPort: number
  process: RunningProcess | undefined
  readonly #options: ProcessOptions

  private constructor(port: number, metricsPort: number, options: ProcessOptions) {
    this.port = port
    this.metricsPort = metricsPort
    this.#options = options
    mkdirSync(join(this.directory, 'rules'))
  }

  /**
   * Starts with `rules` (name → topicRulePayload); `settings` are laid over the configuration, and may depend on the
   * port of the usual listener.
   */
  static async start(
    rules: Readonly<Record<string, object>>,
    settings: object | ((port: number) => object) = {},
    options: ProcessOptions = {},
  ): Promise<TestServer> {
    const [port, metricsPort] = await freePorts(2)
    const server = new TestServer(port!, metricsPort!, options)
    const given: { control?: object } =
      typeof settings === 'function' ? (settings as (port: number) => object)(port!) : settings
    const config = {
      mqtt: { listeners: [{ port, anonymous: true }] },
      kafka: { extensions: ['PLAINTEXT', 'SCRAM-SHA-256', 'SSL_WITHOUT_KEYSTORE'] },
      shutdownDeadline: '10s',
      ...given,
      control: { port: metricsPort, ...given.control },
    }
    writeFileSync(join(server.directory, 'topicrule.yaml'), JSON.stringify(config))
    for (const [name, rule] of Object.entries(rules)) server.writeRule(name, rule)
    await server.launch()
    return server
  }

  get url(): string {
    return `mqtt://127.0.0.1:${this.port}`
  }

  writeRule(name: string, rule: object | string): void {
    const text = typeof rule === 'string' ? rule : JSON.stringify(rule)
    writeFileSync(join(this.directory, 'rules', `${name}.json`), text)
  }

  /** Starts the process (again) on the same ports and data; resolves when it is ready. */
  async launch(): Promise<void> {
    const args = [MAIN, 'serve', '--config', join(this.directory, 'topicrule.yaml')]
    this.process = startProcess(process.execPath, args, this.#options)
    await this.process.line(/^ready /, 30_000)
  }

  async metrics(): Promise<string> {
    return (await fetch(`http://127.0.0.1:${this.metricsPort}/metrics`)).text()
  }

  async stop(): Promise<number | null> {
    const exit = await this.process!.stop(20_000)
    rmSync(this.directory, { recursive: true, force: true })
    return exit.code
  }
}

export interface ActionOptions {
  readonly topic: string
  readonly properties: Readonly<Record<string, string>>
  readonly more?: object
}

export interface KafkaAction {
  readonly kafka: {
    readonly destinationArn: string
    readonly topic: string
    readonly clientProperties: Readonly<Record<string, string>>
  }
}

/** A Kafka action with the ARN that every one needs. */
export function kafkaAction({ topic, properties, more = {} }: ActionOptions): KafkaAction {
  return {
    kafka: {
      destinationArn: 'arn:aws:iot:local:000000000000:ruledestination/vpc/test',
      topic,
      clientProperties: { acks: 'all', ...properties },
      ...more,
    },
  }
}

export function payload(sql: string, ...actions: object[]): object {
  return { sql, awsIotSqlVersion: '2016-03-23', ruleDisabled: false, actions }
}
