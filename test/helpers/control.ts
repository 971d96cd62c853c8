import { TapHub } from '../../src/tap/index.ts'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type ControlParts, serveControl } from '../../src/app-control.ts'
import { openDestinationBook, throughDestinations } from '../../src/app-destinations.ts'
import { RuleLoader } from '../../src/app-rules.ts'
import { type Authenticate, type AuditEntry, type Role } from '../../src/access/index.ts'
import { parseConfig } from '../../src/config/index.ts'
import { type ControlServer } from '../../src/control/index.ts'
import { openDestinations } from '../../src/deliver/specs.ts'
import { createLog } from '../../src/observe/index.ts'
import { ServiceSet } from '../../src/services/index.ts'
import { DirectoryStore } from '../../src/store/index.ts'
import { Bench } from '../engine/harness.ts'
import { type KafkaAction, kafkaAction } from './server.ts'

/** Configuration of a VPC destination. */
export const vpc = {
  vpcId: 'vpc-1',
  subnetIds: ['subnet-1', 'subnet-2'],
  roleArn: 'arn:aws:iam::000000000000:role/r',
}

/** A Kafka action through a destination. */
export function kafkaTo(destinationArn: string): KafkaAction {
  const properties = { 'bootstrap.servers': 'localhost:9092', 'security.protocol': 'PLAINTEXT' }
  return kafkaAction({ topic: 'out', properties, more: { destinationArn } })
}

/** The payload of a rule whose only action is `kafkaTo` that destination. */
export function ruleTo(destinationArn: string): object {
  return {
    sql: "SELECT * FROM 'a'",
    awsIotSqlVersion: '2016-03-23',
    actions: [kafkaTo(destinationArn)],
  }
}

/** The control API over a store of its own; records of actions go nowhere. */
export class TestControl {
  readonly directory: string
  readonly store: DirectoryStore
  readonly server: ControlServer
  readonly #started: Started

  private constructor(directory: string, store: DirectoryStore, server: ControlServer, started: Started) {
    this.directory = directory
    this.store = store
    this.server = server
    this.#started = started
  }

  get bench(): Bench {
    return this.#started.bench
  }

  get audited(): readonly AuditEntry[] {
    return this.#started.audited
  }

  /** Addresses whose connection was one too many. */
  get dropped(): Started['dropped'] {
    return this.#started.dropped
  }

  get logged(): Started['logged'] {
    return this.#started.logged
  }

  /** When what is audited from here on is on the disk. */
  set auditing(written: Promise<void>) {
    this.#started.auditing = written
  }

  /** Role of who calls from here on. */
  set role(role: Role) {
    this.#started.role = role
  }

  /** `settings`: configuration beyond the defaults; `directory`: of another one that has ended. */
  static async start(settings: object = {}, directory?: string): Promise<TestControl> {
    const home = directory ?? mkdtempSync(join(tmpdir(), 'topicrule-control-'))
    const started: Started = {
      bench: new Bench([]),
      audited: [],
      dropped: [],
      auditing: Promise.resolve(),
      logged: [],
      role: 'admin',
    }
    const store = new DirectoryStore(home)
    const parts = partsOf(store, started, settings)
    await store.load()
    parts.destinations.load()
    const server = await serveControl(parts)
    store.watch()
    return new TestControl(home, store, server, started)
  }

  get url(): string {
    return `http://${this.server.host}:${this.server.port}`
  }

  async request(
    method: string,
    path: string,
    body?: unknown,
    headers: Readonly<Record<string, string>> = {},
  ): Promise<Answer> {
    const response = await fetch(this.url + path, {
      method,
      headers: { ...(body !== undefined && { 'content-type': 'application/json' }), ...headers },
      ...(body !== undefined && {
        body: typeof body === 'string' || Buffer.isBuffer(body) ? (body as string) : JSON.stringify(body),
      }),
    })
    const text = await response.text()
    return {
      status: response.status,
      error: response.headers.get('x-amzn-errortype') ?? undefined,
      etag: response.headers.get('etag') ?? undefined,
      body: (text === '' ? undefined : JSON.parse(text)) as Answer['body'],
    }
  }

  createVpc(): Promise<Answer> {
    return this.request('POST', '/destinations', { destinationConfiguration: { vpcConfiguration: vpc } })
  }

  /** Ends the server; its directory stays. */
  async end(): Promise<void> {
    await this.server.close()
    await this.store.close()
  }

  async stop(): Promise<void> {
    await this.end()
    rmSync(this.directory, { recursive: true, force: true })
  }
}

export interface Answer {
  readonly status: number
  readonly error: string | undefined
  readonly etag: string | undefined
  // The tests look at whatever is there.
  // eslint-disable-next-line @typescript-eslint/no-explicit-any
  readonly body: any
}

interface Started {
  readonly bench: Bench
  readonly audited: AuditEntry[]
  readonly dropped: (string | undefined)[]
  /** When what was audited is on the disk. */
  auditing: Promise<void>
  readonly logged: { readonly event: string; readonly [field: string]: unknown }[]
  role: Role
}

function partsOf(store: DirectoryStore, started: Started, settings: object): ControlParts {
  const { bench, audited, dropped, logged } = started
  const text = JSON.stringify({
    control: { port: 0 },
    mqtt: { listeners: [{ port: 0, anonymous: true }] },
    kafka: { extensions: ['PLAINTEXT'] },
    ...settings,
  })
  const parsed = parseConfig(text, '/', {})
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.diagnostics))
  const { config } = parsed
  const log = createLog('info', 'json', {
    write: (line) => void logged.push(JSON.parse(line) as { event: string }),
  })
  const services = new ServiceSet(new Map(), { called: () => undefined, failed: () => undefined })
  const policies = openDestinations(config.destinations)
  const destinations = openDestinationBook(config, policies, store)
  const rules = new RuleLoader({
    config,
    engine: bench.engine,
    store,
    open: throughDestinations(destinations, () => ({
      send: (record, delivery) => void bench.sent.push({ record, delivery }),
      release: () => void (bench.released += 1),
    })),
    isEmbedded: false,
    services: { services, protobuf: undefined, close: () => undefined },
    destinations: policies,
    log,
  })
  const authenticate: Authenticate = () =>
    Promise.resolve({ ok: true, caller: { name: 'tester', role: started.role, by: 'open' } })
  return {
    config,
    store,
    rules,
    destinations,
    dataAddress: () => ({ host: '127.0.0.1', port: 8443 }),
    log,
    pages: { isReady: () => true },
    taps: new TapHub({
      watch: (tap) => bench.engine.watch(tap),
      environment: { accountId: '1', now: Date.now, random: Math.random, newUuid: () => 'u' },
    }),
    callers: {
      authenticate,
      audit: (entry) => {
        audited.push(entry)
        return started.auditing
      },
      dropped: (address) => void dropped.push(address),
    },
  }
}
