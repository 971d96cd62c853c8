import { mechanisms, textOf } from './mechanisms/index.ts'
import { type NativeConfig } from './native.ts'
import { clientProperties } from './properties/index.ts'
import { type KafkaTarget, PRIVATE_KEY } from './target.ts'

/**
 * Measured with bench/kafka-produce.ts: while little is in flight reports are awaited with `flush`, which ignores
 * linger; under load a millisecond of linger makes the batches that save CPU.
 */
const LINGER_MS = 1

/** The most that librdkafka takes, above anything the engine may be told to hold: the queue never refuses a record. */
const QUEUE_MESSAGES = 2_147_483_647
const QUEUE_KBYTES = 2_147_483_647

/** Ours to bound: the limit on MQTT packets and the topic's own `max.message.bytes` decide. */
const MESSAGE_BYTES = 1_000_000_000

/**
 * Largest batch of several records. Small, because a topic whose `max.message.bytes` is below it refuses every batch
 * that load makes; a larger record travels alone. The linger fills no more than this at any rate we deliver.
 */
const BATCH_BYTES = 32_768

/** Largest batch of several records for a target. */
export function batchBytes({ settings }: KafkaTarget): number {
  return Number(textOf(settings, 'batch.size') || BATCH_BYTES)
}

/** How long a topic may be unknown after its first use: creation takes time to reach every broker. */
const TOPIC_PROPAGATION_MS = 10_000

/** So that a topic created after a refusal is found. */
const METADATA_REFRESH_MS = 30_000

/**
 * Global and topic configuration of librdkafka for a target: the only place that knows its property names. With
 * `alone` every batch has one record.
 */
export function toLibrdkafka(
  { settings, bootstrapServers, egress }: KafkaTarget,
  alone = false,
): { global: NativeConfig; topic: NativeConfig } {
  const acks = Number(textOf(settings, 'acks').replace('all', '-1'))
  const global: Record<string, string | number | boolean> = {
    'client.id': 'topicrule',
    'client.software.name': 'topicrule',
    'linger.ms': LINGER_MS,
    'enable.idempotence': acks === -1,
    'queue.buffering.max.messages': QUEUE_MESSAGES,
    'queue.buffering.max.kbytes': QUEUE_KBYTES,
    'message.max.bytes': MESSAGE_BYTES,
    'batch.size': BATCH_BYTES,
    ...(alone && { 'batch.num.messages': 1 }),
    // Asked for one family, the library that overrides names gives way to the resolver where it has but the other.
    'broker.address.family': egress.overrides === undefined && onlyLoopback(bootstrapServers) ? 'v4' : 'any',
    'socket.keepalive.enable': true,
    'socket.nagle.disable': true,
    'reconnect.backoff.ms': 100,
    'reconnect.backoff.max.ms': 2_000,
    'topic.metadata.propagation.max.ms': TOPIC_PROPAGATION_MS,
    'topic.metadata.refresh.interval.ms': METADATA_REFRESH_MS,
    ...tls(settings),
  }
  for (const { name, librdkafka } of clientProperties) {
    const value = textOf(settings, name)
    if (librdkafka !== undefined && value !== '') global[librdkafka] = value
  }
  if (textOf(settings, 'security.protocol').startsWith('SASL_')) {
    const mechanism = mechanisms.find(({ name }) => name === textOf(settings, 'sasl.mechanism'))
    Object.assign(global, mechanism?.toLibrdkafka(settings))
  }
  const requestTimeout = textOf(settings, 'request.timeout.ms')
  if (requestTimeout !== '') global['socket.timeout.ms'] = requestTimeout
  // In the global configuration these would be ignored beside a topic configuration.
  const topic = {
    acks,
    // 0 is for ever: a record that gave up could not be told from one that Kafka has.
    'message.timeout.ms': textOf(settings, 'delivery.timeout.ms') || 0,
    ...(requestTimeout !== '' && { 'request.timeout.ms': requestTimeout }),
    partitioner: 'murmur2_random',
  }
  return { global, topic }
}

function tls(settings: KafkaTarget['settings']): NativeConfig {
  if (!textOf(settings, 'security.protocol').endsWith('SSL')) return {}
  const trusted = textOf(settings, 'ssl.truststore')
  const certificate = textOf(settings, 'ssl.keystore')
  return {
    'enable.ssl.certificate.verification': true,
    'ssl.endpoint.identification.algorithm': 'https',
    ...(trusted !== '' && { 'ssl.ca.pem': trusted }),
    ...(certificate !== '' && {
      'ssl.certificate.pem': certificate,
      'ssl.key.pem': textOf(settings, PRIVATE_KEY),
    }),
  }
}

/** Brokers on loopback are tried by IPv4 alone: `localhost` otherwise costs a refused IPv6 connection first. */
function onlyLoopback(servers: string): boolean {
  return servers.split(',').every((server) => /^(?:localhost|127\.[\d.]+):/.test(server.trim()))
}
