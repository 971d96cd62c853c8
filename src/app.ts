import { mkdirSync } from 'node:fs'
import { randomUUID } from 'node:crypto'
import { type Config, type ConfigResult } from './config/index.ts'
import {
  createDelivery,
  type DeliveryOptions,
  embeddedTarget,
  type EmbeddedKafka,
  missingFeatures,
  missingForOverrides,
  removeAbandonedFiles,
  startEmbeddedKafka,
} from './deliver/index.ts'
import { type Destinations, type KafkaTarget, openDestinations } from './deliver/specs.ts'
import { Engine } from './engine/index.ts'
import { type ErrorCode } from './errors.ts'
import {
  createHttpIngest,
  createMqttIngest,
  type HttpIngest,
  type HttpIngestOptions,
  type ListenerAddress,
  type MqttIngest,
} from './ingest/index.ts'
import {
  createLog,
  type HealthPages,
  type HealthServer,
  type Log,
  Metrics,
  serveHealth,
} from './observe/index.ts'
import { readAccess, readTls, StartError } from './app-access.ts'
import { Callers } from './app-callers.ts'
import { Reload } from './app-reload.ts'
import { EngineWatch, ingestEvents, kafkaFaults, publishEvents } from './app-observe.ts'
import { serveControl } from './app-control.ts'
import { openDestinationBook, throughDestinations } from './app-destinations.ts'
import { TapHub } from './tap/index.ts'
import { openDeadLetters } from './app-dead-letters.ts'
import { RuleLoader } from './app-rules.ts'
import { type OpenServices, openServices, ServiceWatch } from './app-services.ts'
import {
  clusterHealth,
  deliveryEvents,
  openSecrets,
  producerGauges,
  secretFunction,
  senderSource,
} from './app-secrets.ts'
import { type SecretSource } from './secrets/index.ts'
import { type Environment } from './sql/index.ts'
import { DirectoryStore } from './store/index.ts'

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

/**
 * Puts the stages together and starts them: rules, producers, listeners.
 * @throws StartError when something it needs is missing
 */
export async function startServer(config: Config): Promise<RunningServer> {
  const log = createLog(config.log.level, config.log.format)
  const metrics = new Metrics()
  makeDataDirectory(config.dataDirectory)
  removeAbandonedFiles()
  const secrets = openSecrets(config, metrics, log)
  const openServicesOf = (next: Config): OpenServices => openConfigured(next, secrets, metrics, log)
  const opened = openServicesOf(config)
  const missing = missingFeatures()
  if (missing.length > 0) log.event('kafka.features_missing', { missing })
  const embedded = config.kafka.embedded ? await startEmbedded() : undefined
  if (embedded !== undefined) log.event('kafka.embedded', { bootstrap: embedded.bootstrap })
  const destinations = openDestinationsOf(config)
  if (embedded === undefined) checkOverrides(destinations)
  const delivery = createDelivery({
    maxProducers: config.kafka.pool.maxProducers,
    idleTimeout: config.kafka.pool.idleTimeout,
    onFault: kafkaFaults(metrics, log),
    onEvent: deliveryEvents(metrics, log),
    deliveryTimeout: config.kafka.deliveryTimeout,
    ...(embedded === undefined && { histories: historiesOf(config, log) }),
    ...(config.secrets !== undefined && { refreshAfter: config.secrets.cacheTime }),
  })
  const watch = new EngineWatch(metrics, log)
  const environment: Environment = {
    accountId: config.account.id,
    now: Date.now,
    random: Math.random,
    newUuid: randomUUID,
    services: { call: (...call) => reload.services.services.call(...call) },
  }
  const deadLetters = await loadDeadLetters(config, metrics, log)
  const engine = new Engine({
    environment,
    observer: watch,
    heldBytes: config.heldBytes,
    deadLetters,
    republish: { hops: config.rules.maxRepublishHops, messages: config.rules.maxRepublished },
  })
  const store = new DirectoryStore(config.rules.directory)
  const destinationBook = openDestinationBook(config, destinations, store)
  const open = throughDestinations(destinationBook, (action, options) =>
    delivery.open(embedded?.target ?? senderSource(action, environment, secrets), options),
  )
  const isEmbedded = embedded !== undefined
  const rules = new RuleLoader({
    config,
    engine,
    store,
    open,
    isEmbedded,
    services: opened,
    destinations,
    log,
  })
  const ingest = createMqttIngest(mqttOptions(config), engine, ingestEvents(metrics, log))
  const callers = new Callers(config, metrics, log)
  const http = openHttpIngest(config, engine, callers, metrics, log)
  let control: Awaited<ReturnType<typeof serveControl>> | undefined
  const reload = new Reload(config, {
    log,
    store,
    ingest,
    http,
    callers,
    setControlTls: (tls) => control?.setTls(tls),
    rules,
    opened,
    openServices: openServicesOf,
  })
  const taps = new TapHub({ watch: (tap) => engine.watch(tap), environment })
  let stopping = false
  const closers: (() => Promise<unknown> | void)[] = [
    () => embedded?.close(),
    () => secrets?.close(),
    () => delivery.close(),
    () => store.close(),
    () => deadLetters?.close(),
    () => callers.close(),
    () => reload.services.close(),
  ]
  try {
    await loadStore(store, config.rules.directory)
    destinationBook.load()
    rules.start()
    const dataPlane: { address?: { readonly host: string; readonly port: number } | undefined } = {}
    const pages: HealthPages = {
      isReady: () => !stopping,
      kafka: () => clusterHealth(delivery),
      ...(config.metrics === undefined ? { metrics } : {}),
    }
    const served = (control = await serveControl({
      config,
      store,
      rules,
      destinations: destinationBook,
      dataAddress: () => dataPlane.address,
      pages,
      taps,
      log,
      callers,
    }))
    closers.push(() => served.close())
    closers.push(() => taps.close())
    const metricsServer =
      config.metrics === undefined ? undefined : await serveMetrics(config.metrics, metrics)
    closers.push(() => metricsServer?.close())
    const publish = await http?.listen()
    closers.push(() => http?.close(0))
    const mqtt = await ingest.listen()
    dataPlane.address = publish ?? mqtt[0]
    if (config.rules.watch) store.watch()
    gauges(metrics, engine, ingest, http)
    metrics.gauge('topicrule_taps_open', () => taps.readers)
    producerGauges(metrics, delivery)
    log.event('server.ready', { mqtt, publish, rules: engine.ruleset.size })
    const stop = async (): Promise<number> => {
      stopping = true
      log.event('server.stopping')
      const { shutdownDeadline } = reload.config
      const end = performance.now() + shutdownDeadline
      await Promise.all([ingest.close(shutdownDeadline), http?.close(shutdownDeadline)])
      const drained = await engine.drain(Math.max(0, end - performance.now()))
      const left = drained ? 0 : engine.unsettled
      for (const close of closers.reverse()) await close()
      log.event('server.stopped', { left })
      log.flush()
      return left
    }
    let stopped: Promise<number> | undefined
    return {
      mqtt,
      publish,
      control: { host: served.host, port: served.port },
      metrics: metricsServer && { host: metricsServer.host, port: metricsServer.port },
      kafka: embedded?.bootstrap,
      get rules() {
        return engine.ruleset.size
      },
      stats: () => watch.stats(engine.unsettled, ingest.stats().connections),
      reload: (loaded) => (stopping ? Promise.resolve() : reload.take(loaded)),
      stop: () => (stopped ??= stop()),
    }
  } catch (error) {
    for (const close of closers.reverse()) await close()
    throw startError(error)
  }
}

function openConfigured(
  config: Config,
  secrets: SecretSource | undefined,
  metrics: Metrics,
  log: Log,
): OpenServices {
  const more = new Map(secrets === undefined ? [] : [['get_secret', secretFunction(secrets)]])
  try {
    return openServices(config.services, new ServiceWatch(metrics, log), more)
  } catch (error) {
    throw startError(error)
  }
}

function openDestinationsOf({ destinations }: Config): Destinations | undefined {
  try {
    return openDestinations(destinations)
  } catch (error) {
    throw startError(error)
  }
}

function checkOverrides(destinations: Destinations | undefined): void {
  const overriding = [...(destinations ?? [])].find(([, { overrides }]) => overrides !== undefined)
  const missing = overriding === undefined ? undefined : missingForOverrides()
  if (missing !== undefined)
    throw new StartError('CONFIG_OVERRIDES_UNAVAILABLE', `destinations.${overriding![0]}: ${missing}`)
}

function historiesOf({ dataDirectory }: Config, log: Log): NonNullable<DeliveryOptions['histories']> {
  const file = `${dataDirectory}/kafka-history.json`
  return { file, onFault: (reason) => log.event('kafka.history_failed', { file, reason }) }
}

async function startEmbedded(): Promise<EmbeddedKafka & { readonly target: KafkaTarget }> {
  const embedded = await startEmbeddedKafka()
  return { ...embedded, target: embeddedTarget(embedded.bootstrap) }
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

function gauges(metrics: Metrics, engine: Engine, ingest: MqttIngest, http: HttpIngest | undefined): void {
  metrics.gauge('topicrule_held_bytes', () => engine.heldBytes)
  metrics.gauge('topicrule_unsettled_messages', () => engine.unsettled)
  metrics.gauge('topicrule_mqtt_connections', () => ingest.stats().connections)
  metrics.gauge('topicrule_mqtt_sessions', () => ingest.stats().sessions)
  metrics.gauge('topicrule_mqtt_window_messages', () => ingest.unacknowledged())
  metrics.gauge('topicrule_mqtt_deferred_bytes', () => ingest.stats().deferredBytes)
  metrics.gauge('topicrule_publish_connections', () => http?.stats().connections ?? 0)
  metrics.gauge('topicrule_publish_requests', () => http?.stats().requests ?? 0)
  metrics.gauge('topicrule_publish_waiting_bytes', () => http?.stats().waitingBytes ?? 0)
  metrics.gauge('topicrule_rules_active', () => engine.ruleset.size)
}

function mqttOptions(config: Config): Parameters<typeof createMqttIngest>[0] {
  const { listeners, limits, refused } = config.mqtt
  return {
    listeners: listeners.map(({ tls, ...listener }) => ({
      ...listener,
      ...(tls === undefined ? {} : { tls: readTls(tls) }),
    })),
    // The engine decides per rule what an acknowledgement waits for.
    ack: 'delivered',
    onRefused: refused,
    sessionDirectory: `${config.dataDirectory}/sessions`,
    ...readAccess(config),
    limits: {
      ...limits,
      keepAliveMaximum: Math.ceil(limits.keepAliveMaximum / 1000),
      sessionExpiryMaximum: Math.ceil(limits.sessionExpiryMaximum / 1000),
    },
  }
}

function openHttpIngest(
  config: Config,
  engine: Engine,
  callers: Callers,
  metrics: Metrics,
  log: Log,
): HttpIngest | undefined {
  if (config.publish === undefined) return undefined
  const { tls, ...rest } = config.publish
  const options: HttpIngestOptions = {
    ...rest,
    ...(tls === undefined ? {} : { tls: readTls(tls) }),
    ...readAccess(config),
    authenticate: callers.publish,
  }
  try {
    return createHttpIngest(options, engine, publishEvents(metrics, log))
  } catch (error) {
    throw startError(error)
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
