import { awsPolicy } from '../action.ts'
import { createNative } from './native.ts'
import { type KafkaTarget, resolveTarget } from './target.ts'

/**
 * A Kafka inside this process: librdkafka's mock cluster, which speaks the real protocol on a loopback port. Topics
 * come into being on first use with four partitions. It keeps everything in memory and nothing for later, and has
 * neither TLS nor SASL.
 */
export interface EmbeddedKafka {
  /** `host:port`, for any Kafka client on this machine. */
  readonly bootstrap: string
  close(): Promise<void>
}

const EVENT_POLL_MS = 200
const START_MS = 10_000

/** Starts the cluster on a free port that the system chooses. */
export async function startEmbeddedKafka(): Promise<EmbeddedKafka> {
  const native = createNative<never>(
    { 'test.mock.num.brokers': 1, 'client.id': 'embedded-kafka', log_level: 3 },
    {},
  )
  native.configureCallbacks(true, { event: { event_cb: () => {}, delivery_cb: () => {} } })
  await new Promise<void>((resolve, reject) => {
    native.connect((error) => (error === null ? resolve() : reject(error)))
  })
  const bootstrap = await new Promise<string>((resolve, reject) => {
    native.getMetadata({ allTopics: false, timeout: START_MS }, (error, metadata) => {
      if (error !== null) reject(error)
      else resolve(metadata.brokers.map(({ host, port }) => `${host}:${port}`).join(','))
    })
  })
  const timer = setInterval(() => native.poll(), EVENT_POLL_MS).unref()
  const close = (): Promise<void> => {
    clearInterval(timer)
    return new Promise((resolve) => native.disconnect(resolve))
  }
  return { bootstrap, close }
}

/** The target that produces to an embedded Kafka. */
export function embeddedTarget(bootstrap: string): KafkaTarget {
  const result = resolveTarget(
    { 'bootstrap.servers': bootstrap, 'security.protocol': 'PLAINTEXT', acks: 'all' },
    { ...awsPolicy, extensions: ['PLAINTEXT'] },
  )
  if (!result.ok)
    throw new Error(
      `embedded Kafka at ${bootstrap}: ${result.diagnostics.map(({ message }) => message).join(' ')}`,
    )
  return result.target
}
