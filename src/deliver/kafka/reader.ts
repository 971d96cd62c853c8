import rdkafka from 'node-rdkafka'

// A CommonJS module whose names Node cannot see beforehand.
const { KafkaConsumer } = rdkafka

/** A record as a consumer reads it back. */
export interface ReadRecord {
  readonly topic: string
  readonly partition: number
  readonly offset: number
  readonly key: Buffer | null
  readonly value: Buffer | null
  /** In order; keys may repeat. */
  readonly headers: readonly (readonly [key: string, value: string])[]
  /** Milliseconds since the Unix epoch. */
  readonly timestamp: number
}

export interface ReaderOptions {
  readonly bootstrap: string
  /** Names, or regular expressions that begin with `^`. */
  readonly topics: readonly string[]
  /** Where to begin in partitions; topics that appear later are read from their beginning. */
  readonly from: 'beginning' | 'end'
  readonly onRecord: (record: ReadRecord) => void
}

export interface KafkaReader {
  close(): Promise<void>
}

interface NativeMessage {
  topic: string
  partition: number
  offset: number
  key?: Buffer | string | null
  value: Buffer | null
  headers?: Readonly<Record<string, unknown>>[]
  timestamp?: number
}

const TOPIC_DISCOVERY_MS = 500
const CONNECT_MS = 10_000

/** Reads topics back with a consumer group of its own, over plain text; commits nothing. */
export async function openReader({ bootstrap, topics, from, onRecord }: ReaderOptions): Promise<KafkaReader> {
  const consumer = new KafkaConsumer(
    {
      'bootstrap.servers': bootstrap,
      'group.id': `topicrule-reader-${process.pid}-${Date.now()}`,
      'enable.auto.commit': false,
      'broker.address.family': 'v4',
      'topic.metadata.refresh.interval.ms': TOPIC_DISCOVERY_MS,
      'fetch.wait.max.ms': 20,
      'allow.auto.create.topics': false,
    },
    { 'auto.offset.reset': from === 'beginning' ? 'earliest' : 'latest' },
  )
  consumer.on('data', (message) => onRecord(toRecord(message as unknown as NativeMessage)))
  consumer.on('event.error', () => {})
  await new Promise<void>((resolve, reject) => {
    consumer.connect({ timeout: CONNECT_MS }, (error) => (error ? reject(error) : resolve()))
  })
  consumer.subscribe(topics.map((topic) => (topic.startsWith('^') ? new RegExp(topic) : topic)))
  consumer.consume()
  return { close: () => new Promise((resolve) => consumer.disconnect(() => resolve())) }
}

function toRecord({ topic, partition, offset, key, value, headers, timestamp }: NativeMessage): ReadRecord {
  return {
    topic,
    partition,
    offset,
    key: typeof key === 'string' ? Buffer.from(key) : (key ?? null),
    value,
    headers: (headers ?? []).flatMap((header) =>
      Object.entries(header).map(([name, content]) => [name, String(content)] as const),
    ),
    timestamp: timestamp ?? 0,
  }
}
