import { type Config } from './config/index.ts'
import {
  createDelivery,
  type DeliveryEvent,
  type DeliveryOptions,
  type EmbeddedKafka,
  embeddedTarget,
  type KafkaDelivery,
  links,
  missingFeatures,
  type ProducerHealth,
  startEmbeddedKafka,
} from './deliver/index.ts'
import { type KafkaTarget } from './deliver/specs.ts'
import { type ErrorCode } from './errors.ts'
import { type ClusterHealth, type LabelledValue, type Log, type Metrics } from './observe/index.ts'

export type Embedded = EmbeddedKafka & { readonly target: KafkaTarget }

/** The embedded Kafka, where the configuration asks for it. Rejects when librdkafka cannot start one. */
export async function startEmbedded({ kafka }: Config, log: Log): Promise<Embedded | undefined> {
  if (!kafka.embedded) return undefined
  const embedded = await startEmbeddedKafka()
  const { bootstrap } = embedded
  log.event('kafka.embedded', { bootstrap })
  return { ...embedded, target: embeddedTarget(bootstrap) }
}

/** The producers, as the configuration bounds them, counted and logged. What an embedded Kafka has is not remembered. */
export function openDelivery(config: Config, isEmbedded: boolean, metrics: Metrics, log: Log): KafkaDelivery {
  const missing = missingFeatures()
  if (missing.length > 0) log.event('kafka.features_missing', { missing })
  const { pool, deliveryTimeout } = config.kafka
  return createDelivery({
    maxProducers: pool.maxProducers,
    idleTimeout: pool.idleTimeout,
    onFault: kafkaFaults(metrics, log),
    onEvent: deliveryEvents(metrics, log),
    deliveryTimeout,
    ...(!isEmbedded && { histories: historiesOf(config, log) }),
    ...(config.secrets !== undefined && { refreshAfter: config.secrets.cacheTime }),
  })
}

function historiesOf({ dataDirectory }: Config, log: Log): NonNullable<DeliveryOptions['histories']> {
  const file = `${dataDirectory}/kafka-history.json`
  return { file, onFault: (reason) => log.event('kafka.history_failed', { file, reason }) }
}

/** Logs faults of producers; a broker outside of its destination's policy counts as well. */
function kafkaFaults(
  metrics: Metrics,
  log: Log,
): (bootstrap: string, reason: string, code?: ErrorCode) => void {
  return (bootstrap, reason, code) => {
    const isForbidden = code === 'KAFKA_DESTINATION_FORBIDS'
    if (isForbidden) metrics.cell('topicrule_kafka_destination_refusals_total').value += 1
    log.event(isForbidden ? 'kafka.destination_forbidden' : 'kafka.fault', { bootstrap, code, reason })
  }
}

/** Counts and logs what happens to producers. */
function deliveryEvents(metrics: Metrics, log: Log): (event: DeliveryEvent) => void {
  return (event) => {
    if (event.kind === 'timed-out') {
      metrics.cell('topicrule_kafka_records_timed_out_total').value += event.records
      return
    }
    const bootstrap = event.bootstrapServers
    switch (event.kind) {
      case 'unresolved':
        log.event('kafka.unresolved', { bootstrap, code: event.failure.code, reason: event.failure.message })
        break
      case 'changed':
        log.event('kafka.properties_changed', { bootstrap })
        break
      case 'hanging':
      case 'recovered': {
        const { producer, outstanding, silence } = event
        const name = event.kind === 'hanging' ? 'kafka.hanging' : 'kafka.recovered'
        log.event(name, { bootstrap, producer, outstanding, silenceMs: Math.round(silence) })
        break
      }
      case 'rotated':
        metrics.cell('topicrule_kafka_rotations_total').value += 1
        metrics.cell('topicrule_kafka_rotation_gap_seconds_total').value += event.gap / 1_000
        log.event('kafka.rotated', { bootstrap, gapMs: Math.round(event.gap), sentAgain: event.again })
    }
  }
}

/** What /health/ready tells of each producer; a fault only where it still matters. */
export function clusterHealth(delivery: KafkaDelivery): ClusterHealth[] {
  return delivery.health().map(({ name, link, shares, outstanding, oldestAge, lastFault, lastCode }) => ({
    ...{ name, state: link, actions: shares, outstanding, oldestAge },
    ...(link === 'connected' ? {} : { code: lastCode, fault: lastFault }),
  }))
}

/** Shows how each producer fares. */
export function producerGauges(metrics: Metrics, delivery: KafkaDelivery): void {
  const each = (read: (health: ProducerHealth) => number) => (): readonly LabelledValue[] =>
    delivery.health().map((health) => ({ labels: [health.name], value: read(health) }))
  metrics.gauge(
    'topicrule_kafka_producers',
    () => delivery.health().filter(({ state }) => state !== 'idle' && state !== 'resolving').length,
  )
  metrics.gauge(
    'topicrule_kafka_producers_hanging',
    () => delivery.health().filter(({ state }) => state === 'hanging').length,
  )
  metrics.labelledGauge('topicrule_kafka_producer_state', () =>
    delivery
      .health()
      .flatMap(({ name, link }) =>
        links.map((state) => ({ labels: [name, state], value: state === link ? 1 : 0 })),
      ),
  )
  metrics.labelledGauge(
    'topicrule_kafka_producer_actions',
    each(({ shares }) => shares),
  )
  metrics.labelledGauge(
    'topicrule_kafka_producer_outstanding',
    each(({ outstanding }) => outstanding),
  )
  metrics.labelledGauge(
    'topicrule_kafka_producer_oldest_seconds',
    each(({ oldestAge }) => Math.round(oldestAge) / 1_000),
  )
}
