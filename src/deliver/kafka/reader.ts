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
  /** Names, or expressions that a name must match; topics that appear later are found within half a second. */
  readonly topics: readonly (string | RegExp)[]
  /** Where to begin in the topics that are there; those that appear later are read from their beginning. */
  readonly from: 'beginning' | 'end'
  readonly onRecord: (record: ReadRecord) => void
}

export interface KafkaReader {
  close(): Promise<void>
}

type Consumer = InstanceType<typeof KafkaConsumer>

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
const REQUEST_MS = 10_000
const BEGINNING = -2
const END = -1

/**
 * Reads topics back over plain text. Partitions are assigned, not subscribed to: no group is formed, nothing is
 * committed, and reading begins without the delay of a group's first balance.
 */
export async function openReader(options: ReaderOptions): Promise<KafkaReader> {
  const consumer = new KafkaConsumer(
    {
      'bootstrap.servers': options.bootstrap,
      'group.id': 'topicrule-reader',
      'enable.auto.commit': false,
      'broker.address.family': 'v4',
      'fetch.wait.max.ms': 50,
      'allow.auto.create.topics': false,
    },
    { 'auto.offset.reset': options.from === 'beginning' ? 'earliest' : 'latest' },
  )
  const reader = new AssignedReader(consumer, options)
  await reader.start()
  return reader
}

class AssignedReader implements KafkaReader {
  readonly #consumer: Consumer
  readonly #options: ReaderOptions
  /** Next offset by topic and partition. */
  readonly #next = new Map<string, { readonly topic: string; readonly partition: number; offset: number }>()
  #timer: NodeJS.Timeout | undefined
  #closed = false

  constructor(consumer: Consumer, options: ReaderOptions) {
    this.#consumer = consumer
    this.#options = options
  }

  async start(): Promise<void> {
    const consumer = this.#consumer
    consumer.on('event.error', () => {})
    await new Promise<void>((resolve, reject) => {
      consumer.connect({ allTopics: true, timeout: REQUEST_MS }, (error) =>
        error ? reject(error) : resolve(),
      )
    })
    consumer.setDefaultConsumeTimeout(100)
    consumer.setDefaultConsumeLoopTimeoutDelay(1)
    consumer.on('data', (message) => this.#read(message as unknown as NativeMessage))
    await this.#discover(this.#options.from === 'beginning' ? BEGINNING : END)
    consumer.consume()
    this.#schedule()
  }

  close(): Promise<void> {
    this.#closed = true
    clearTimeout(this.#timer)
    return new Promise((resolve) => this.#consumer.disconnect(() => resolve()))
  }

  #read(message: NativeMessage): void {
    const position = this.#next.get(`${message.topic}/${message.partition}`)
    // After a new assignment records of the old one may still arrive: they come again.
    if (position === undefined || message.offset < position.offset) return
    position.offset = message.offset + 1
    this.#options.onRecord(toRecord(message))
  }

  #schedule(): void {
    this.#timer = setTimeout(() => {
      void this.#discover(BEGINNING).then(() => {
        if (!this.#closed) this.#schedule()
      })
    }, TOPIC_DISCOVERY_MS).unref()
  }

  /** Assigns partitions that are new; they are read from `offset`, the others go on where they were. */
  #discover(offset: number): Promise<void> {
    return new Promise((resolve) => {
      this.#consumer.getMetadata({ allTopics: true, timeout: REQUEST_MS }, (error, metadata) => {
        if (error === null && !this.#closed && this.#add(metadata.topics, offset)) {
          this.#consumer.assign([...this.#next.values()])
        }
        resolve()
      })
    })
  }

  #add(topics: readonly { name: string; partitions: readonly { id: number }[] }[], offset: number): boolean {
    const before = this.#next.size
    for (const { name, partitions } of topics) {
      if (
        !this.#options.topics.some((wanted) =>
          typeof wanted === 'string' ? wanted === name : wanted.test(name),
        )
      )
        continue
      for (const { id } of partitions) {
        const known = `${name}/${id}`
        if (!this.#next.has(known)) this.#next.set(known, { topic: name, partition: id, offset })
      }
    }
    return this.#next.size > before
  }
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
