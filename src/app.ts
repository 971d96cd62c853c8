import { mkdirSync } from 'node:fs'
import { randomUUID } from 'node:crypto'
import { type Config, type ConfigResult } from './config/index.ts'
import { type KafkaDelivery, removeAbandonedFiles } from './deliver/index.ts'
import { Engine } from './engine/index.ts'
import { type ErrorCode } from './errors.ts'
import { type HttpIngest, type ListenerAddress, type MqttIngest } from './ingest/index.ts'
import { createLog, type HealthServer, type Log, Metrics, serveHealth } from './observe/index.ts'
import { StartError } from './app-access.ts'
import { Callers } from './app-callers.ts'
import { auditedEdits, serveControl } from './app-control.ts'
import { openDeadLetters } from './app-dead-letters.ts'
import { clusterHealth, type Embedded, openDelivery, producerGauges, startEmbedded } from './app-delivery.ts'
import { openDestinationBook, openPolicies, throughDestinations } from './app-destinations.ts'
import { openHttpIngest, openMqttIngest } from './app-ingest.ts'
import { EngineWatch, stageGauges } from './app-observe.ts'
import { Reload } from './app-reload.ts'
import { RuleLoader } from './app-rules.ts'
import { openSecrets, secretFunction, senderSource } from './app-secrets.ts'
import { type OpenServices, openServices, type ServicesInUse, ServiceWatch } from './app-services.ts'
import { type SecretSource } from './secrets/index.ts'
import { type Environment } from './sql/index.ts'
import { DirectoryStore } from './store/index.ts'
import { TapHub } from './tap/index.ts'

export { checkKafka } from './app-check.ts'
export { StartError } from './app-access.ts'
export { openReader } from './deliver/index.ts'
export { hashPassword } from './ingest/index.ts'

export interface ServerStats {
  readonly received: number
  readonly matched: number
  readonly delivered: number
  readonly acknowledged: number
  readonly failed: number
  readonly unsettled: number
  readonly connections: number
  /** Milliseconds from taking a message to settling it, since the last call of `stats`. */
  readonly p50: number
  readonly p99: number
}

export interface RunningServer {
  readonly mqtt: readonly ListenerAddress[]
  /** Where devices publish by HTTP, where they may. */
  readonly publish: { readonly host: string; readonly port: number } | undefined
  /** Health, and metrics unless they have an address of their own. */
  readonly control: { readonly host: string; readonly port: number }
  readonly metrics: { readonly host: string; readonly port: number } | undefined
  /** Bootstrap address of the embedded Kafka, where there is one. */
  readonly kafka: string | undefined
  readonly rules: number
  stats(): ServerStats
  /** Takes over what may change while the server runs; with faults everything stays as it is. Never rejects. */
  reload(loaded: ConfigResult): Promise<void>
  /** Stops accepting, waits for messages in flight, closes. Resolves with how many were left unsettled. */
  stop(): Promise<number>
}

/** Closes what was opened, the last first. */
class Closers {
  readonly #closers: (() => Promise<unknown> | void)[] = []

  add(close: () => Promise<unknown> | void): void {
    this.#closers.push(close)
  }

  async close(): Promise<void> {
    for (let close = this.#closers.pop(); close !== undefined; close = this.#closers.pop()) await close()
  }
}

/**
 * Puts the stages together and starts them: rules, producers, listeners.
 * @throws StartError when something it needs is missing
 */
export async function startServer(config: Config): Promise<RunningServer> {
  const closers = new Closers()
  try {
    const stages = await openStages(config, closers)
    return run(stages, await serve(stages, closers), closers)
  } catch (error) {
    await closers.close()
    throw startError(error)
  }
}

/** Everything between the devices and Kafka, before it listens. */
interface Stages {
  readonly config: Config
  readonly log: Log
  readonly metrics: Metrics
  readonly embedded: Embedded | undefined
  readonly delivery: KafkaDelivery
  readonly environment: Environment
  readonly watch: EngineWatch
  readonly engine: Engine
  readonly store: DirectoryStore
  readonly destinations: ReturnType<typeof openDestinationBook>
  readonly rules: RuleLoader
  readonly ingest: MqttIngest
  readonly http: HttpIngest | undefined
  readonly callers: Callers
  readonly services: ServicesInUse
  readonly openServices: (config: Config) => OpenServices
}

async function openStages(config: Config, closers: Closers): Promise<Stages> {
  const log = createLog(config.log.level, config.log.format)
  const metrics = new Metrics()
  makeDataDirectory(config.dataDirectory)
  removeAbandonedFiles()
  const secrets = openSecrets(config, metrics, log)
  closers.add(() => secrets?.close())
  const openServicesOf = (next: Config): OpenServices => openConfigured(next, secrets, metrics, log)
  const services: ServicesInUse = { current: openServicesOf(config) }
  closers.add(() => services.current.close())
  const embedded = await startEmbedded(config, log)
  closers.add(() => embedded?.close())
  const isEmbedded = embedded !== undefined
  const policies = openPolicies(config, isEmbedded)
  const delivery = openDelivery(config, isEmbedded, metrics, log)
  closers.add(() => delivery.close())
  const environment = environmentOf(config, services)
  const watch = new EngineWatch(metrics, log)
  const deadLetters = await loadDeadLetters(config, metrics, log)
  closers.add(() => deadLetters?.close())
  const engine = new Engine({
    environment,
    observer: watch,
    heldBytes: config.heldBytes,
    deadLetters,
    republish: { hops: config.rules.maxRepublishHops, messages: config.rules.maxRepublished },
  })
  const store = new DirectoryStore(config.rules.directory)
  closers.add(() => store.close())
  const destinations = openDestinationBook(config, policies, store)
  const open = throughDestinations(destinations, (action, options) =>
    delivery.open(embedded?.target ?? senderSource(action, environment, secrets), options),
  )
  const rules = new RuleLoader({
    config,
    engine,
    store,
    open,
    isEmbedded,
    services: services.current,
    destinations: policies,
    log,
  })
  const ingest = openMqttIngest(config, engine, metrics, log)
  const callers = new Callers(config, metrics, log)
  closers.add(() => callers.close())
  return {
    config,
    log,
    metrics,
    embedded,
    delivery,
    environment,
    watch,
    engine,
    store,
    destinations,
    rules,
    ingest,
    http: openHttpIngest(config, engine, callers, metrics, log),
    callers,
    services,
    openServices: openServicesOf,
  }
}

function environmentOf({ account }: Config, services: ServicesInUse): Environment {
  return {
    accountId: account.id,
    now: Date.now,
    random: Math.random,
    newUuid: randomUUID,
    services: { call: (...call) => services.current.services.call(...call) },
  }
}

/** Where the server listens. */
interface Served {
  readonly addresses: Pick<RunningServer, 'mqtt' | 'publish' | 'control' | 'metrics'>
  readonly reload: Reload
  /** From here on the server is not ready any more. */
  unready(): void
}

/** Brings the rules into force, then listens: to operators first, to devices last. */
async function serve(stages: Stages, closers: Closers): Promise<Served> {
  const { config, log, metrics, delivery, engine, store, destinations, rules, ingest, http, callers } = stages
  await loadStore(store, config.rules.directory)
  destinations.load()
  rules.start()
  store.subscribe(({ edits }) => void callers.auditEdits(auditedEdits(config, edits)))
  let isReady = true
  let dataAddress: RunningServer['publish'] = undefined
  const taps = new TapHub({ watch: (tap) => engine.watch(tap), environment: stages.environment })
  const control = await serveControl({
    config,
    store,
    rules,
    destinations,
    dataAddress: () => dataAddress,
    pages: {
      isReady: () => isReady,
      kafka: () => clusterHealth(delivery),
      ...(config.metrics === undefined && { metrics }),
    },
    taps,
    log,
    callers,
  })
  closers.add(() => control.close())
  closers.add(() => taps.close())
  const metricsServer = config.metrics && (await serveMetrics(config.metrics, metrics))
  closers.add(() => metricsServer?.close())
  const publish = await http?.listen()
  closers.add(() => http?.close(0))
  const mqtt = await ingest.listen()
  dataAddress = publish ?? mqtt[0]
  if (config.rules.watch) store.watch()
  stageGauges(metrics, engine, ingest, http)
  metrics.gauge('topicrule_taps_open', () => taps.readers)
  producerGauges(metrics, delivery)
  log.event('server.ready', { mqtt, publish, rules: engine.ruleset.size })
  return {
    addresses: {
      mqtt,
      publish,
      control: { host: control.host, port: control.port },
      metrics: metricsServer && { host: metricsServer.host, port: metricsServer.port },
    },
    reload: new Reload(config, { ...stages, control }),
    unready: () => void (isReady = false),
  }
}

function run(stages: Stages, { addresses, reload, unready }: Served, closers: Closers): RunningServer {
  const { log, engine, ingest, http, watch, embedded } = stages
  const stop = async (): Promise<number> => {
    unready()
    log.event('server.stopping')
    const { shutdownDeadline } = reload.config
    const end = performance.now() + shutdownDeadline
    await Promise.all([ingest.close(shutdownDeadline), http?.close(shutdownDeadline)])
    const drained = await engine.drain(Math.max(0, end - performance.now()))
    const left = drained ? 0 : engine.unsettled
    await closers.close()
    log.event('server.stopped', { left })
    log.flush()
    return left
  }
  let stopped: Promise<number> | undefined
  return {
    ...addresses,
    kafka: embedded?.bootstrap,
    get rules() {
      return engine.ruleset.size
    },
    stats: () => watch.stats(engine.unsettled, ingest.stats().connections),
    reload: (loaded) => (stopped === undefined ? reload.take(loaded) : Promise.resolve()),
    stop: () => (stopped ??= stop()),
  }
}

function openConfigured(
  config: Config,
  secrets: SecretSource | undefined,
  metrics: Metrics,
  log: Log,
): OpenServices {
  const more = new Map(secrets === undefined ? [] : [['get_secret', secretFunction(secrets)]])
  return openServices(config.services, new ServiceWatch(metrics, log), more)
}

function startError(error: unknown): unknown {
  const code = (error as { code?: unknown }).code
  if (error instanceof StartError || typeof code !== 'string' || !/^(MQTT|PUBLISH|KAFKA|CONFIG)_/.test(code))
    return error
  return new StartError(code as ErrorCode, (error as Error).message)
}

async function loadDeadLetters(
  ...given: Parameters<typeof openDeadLetters>
): ReturnType<typeof openDeadLetters> {
  try {
    return await openDeadLetters(...given)
  } catch (error) {
    throw new StartError(
      'CONFIG_FILE_MISSING',
      `The directory of dead letters cannot be used: ${(error as Error).message}.`,
    )
  }
}

async function loadStore(store: DirectoryStore, directory: string): Promise<void> {
  try {
    await store.load()
  } catch (error) {
    throw new StartError(
      'CONFIG_FILE_MISSING',
      `The rules directory ${directory} cannot be read: ${(error as Error).message}.`,
    )
  }
}

async function serveMetrics(
  { host, port }: NonNullable<Config['metrics']>,
  metrics: Metrics,
): Promise<HealthServer> {
  try {
    return await serveHealth(host, port, { metrics })
  } catch (error) {
    const message = `Cannot listen on ${host}:${port} for metrics: ${(error as Error).message}. Set metrics.port to a free port.`
    throw new StartError('CONFIG_ADDRESS_IN_USE', message)
  }
}

function makeDataDirectory(directory: string): void {
  try {
    mkdirSync(directory, { recursive: true, mode: 0o700 })
  } catch (error) {
    throw new StartError(
      'CONFIG_FILE_MISSING',
      `The data directory ${directory} cannot be made: ${(error as Error).message}.`,
    )
  }
}
