import { type ClientPropertySpec, defineProperty } from './property.ts'

/** Extension under which rules may use the properties of this file. */
export const CLIENT_TUNING = 'CLIENT_TUNING'

/** Kafka's default, which counts where the property is left out. */
const REQUEST_TIMEOUT = 30_000

/**
 * Producer properties of Kafka that AWS does not have.
 * Source: https://kafka.apache.org/documentation/#producerconfigs
 */
export const tuning: readonly ClientPropertySpec[] = [
  defineProperty({
    name: 'client.id',
    summary: 'Name under which brokers log requests and count quotas.',
    extension: CLIENT_TUNING,
    default: 'topicrule',
    maxBytes: 255,
    librdkafka: 'client.id',
    fault: (value) =>
      /^[\x20-\x7e]+$/.test(value) ? undefined : 'must be 1 to 255 printable ASCII characters',
  }),
  defineProperty({
    name: 'linger.ms',
    summary:
      'Milliseconds that a record waits for others of its batch. Without it records wait for none while few are under way, and a millisecond under load.',
    extension: CLIENT_TUNING,
    range: [0, 60_000],
    librdkafka: 'linger.ms',
  }),
  defineProperty({
    name: 'batch.size',
    summary: 'Bytes of records that are sent in one batch; a larger record travels alone. Without it 32768.',
    extension: CLIENT_TUNING,
    range: [1, 10_485_760],
    librdkafka: 'batch.size',
  }),
  defineProperty({
    name: 'max.request.size',
    summary:
      'Bytes of the largest record; one that is larger fails at once. Without it the limit of the topic decides.',
    extension: CLIENT_TUNING,
    range: [1_000, 1_000_000_000],
    librdkafka: 'message.max.bytes',
  }),
  defineProperty({
    name: 'request.timeout.ms',
    summary: 'Milliseconds to wait for the answer to a request before it is sent again.',
    extension: CLIENT_TUNING,
    range: [1_000, 300_000],
    becomes: ['request.timeout.ms', 'socket.timeout.ms'],
  }),
  defineProperty({
    name: 'delivery.timeout.ms',
    summary:
      'Milliseconds after which a record that is not confirmed has failed: its message goes to the error action, or is left unacknowledged so that the device sends it again. Kafka may have the record all the same. Without it records wait for as long as it takes.',
    extension: CLIENT_TUNING,
    range: [1_000, 2_147_483_647],
    becomes: ['message.timeout.ms'],
    conflict: (value, valueOf) => {
      const least =
        Number(valueOf('linger.ms') ?? 0) + Number(valueOf('request.timeout.ms') ?? REQUEST_TIMEOUT)
      return Number(value) >= least
        ? undefined
        : `is ${value}; it must be at least linger.ms and request.timeout.ms (${REQUEST_TIMEOUT} unless given) together, which is ${least}`
    },
  }),
  defineProperty({
    name: 'enable.idempotence',
    summary:
      'Whether brokers leave out records that were sent twice, and keep the order of those sent again. Without it on where acks is all.',
    extension: CLIENT_TUNING,
    values: ['true', 'false'],
    librdkafka: 'enable.idempotence',
    conflict: (value, valueOf) => {
      const acks = valueOf('acks')
      return value === 'false' || acks === 'all' || acks === '-1'
        ? undefined
        : `is true, which needs acks all; acks is ${acks}`
    },
  }),
]
