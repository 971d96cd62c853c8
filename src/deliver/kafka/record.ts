import { type ErrorCode, type Failure } from '../../errors.ts'

/** One record as it goes to Kafka, every template rendered and checked. */
export interface KafkaRecord {
  readonly topic: string
  /** Null leaves the choice to the partitioner. */
  readonly partition: number | null
  /** Undefined is a null key; an empty text is an empty key. */
  readonly key: string | undefined
  /** In document order; keys may repeat. */
  readonly headers: readonly (readonly [key: string, value: string])[]
  /** May be empty; an empty value is never a tombstone. */
  readonly value: Buffer
}

/** A rendered template. */
export interface RenderedField {
  readonly text: string
  /** Text of the first tag that was Undefined, if one was. */
  readonly undefinedAt?: string
}

export type RenderedHeader = readonly [key: RenderedField, value: RenderedField]

const TOPIC_CHARACTERS = /^[a-zA-Z0-9._-]+$/
const TOPIC_LIMIT = 249
const HEADER_LIMIT = 16_384
const PARTITION = /^\d{1,10}$/
const PARTITION_LIMIT = 2_147_483_647
const NO_HEADERS: readonly RenderedHeader[] = []

/**
 * Makes records from rendered texts, one assembler per action. An Undefined in topic or partition is a failure; in
 * a key or a header it renders as empty text.
 * Limits: topic as Kafka's `Topic.validate`; headers as AWS's KafkaActionHeader.
 */
export class RecordAssembler {
  readonly #resource: string
  /** The last topic that passed: most actions have a constant one. */
  #validTopic = ''

  /** `resource` is what failures name while the topic itself is not usable: the bootstrap servers. */
  constructor(resource: string) {
    this.#resource = resource
  }

  assemble(
    topic: RenderedField,
    partition: RenderedField | undefined,
    key: RenderedField | undefined,
    headers: readonly RenderedHeader[] | undefined,
    value: Buffer,
  ): KafkaRecord | Failure {
    if (topic.undefinedAt !== undefined)
      return this.#fail('KAFKA_FIELD_UNDEFINED', undefinedIn('topic', topic.undefinedAt))
    if (topic.text !== this.#validTopic) {
      const fault = topicFault(topic.text)
      if (fault !== undefined) return this.#fail('KAFKA_TOPIC_INVALID', fault)
      this.#validTopic = topic.text
    }
    let number: number | null = null
    if (partition !== undefined) {
      if (partition.undefinedAt !== undefined) {
        return this.#fail(
          'KAFKA_FIELD_UNDEFINED',
          undefinedIn('partition', partition.undefinedAt),
          topic.text,
        )
      }
      number = parsePartition(partition.text)
      if (number < 0) return this.#fail('KAFKA_PARTITION_INVALID', partitionFault(partition.text), topic.text)
    }
    const pairs = headers ?? NO_HEADERS
    if (pairs.length === 0)
      return { topic: topic.text, partition: number, key: key?.text, headers: [], value }
    const texts: (readonly [string, string])[] = []
    for (const [name, content] of pairs) {
      const fault = headerFault('key', name.text) ?? headerFault('value', content.text)
      if (fault !== undefined) return this.#fail('KAFKA_HEADER_INVALID', fault, topic.text)
      texts.push([name.text, content.text])
    }
    return { topic: topic.text, partition: number, key: key?.text, headers: texts, value }
  }

  #fail(code: ErrorCode, message: string, resource = this.#resource): Failure {
    return { code, class: 'message', resource, message }
  }
}

/** Why `topic` is no name of a Kafka topic, or undefined when it is one. */
export function topicFault(topic: string): string | undefined {
  if (topic === '') return 'The topic is empty.'
  if (topic.length > TOPIC_LIMIT)
    return `The topic has ${topic.length} characters; Kafka allows ${TOPIC_LIMIT}.`
  if (topic === '.' || topic === '..') return `The topic must not be "${topic}".`
  if (!TOPIC_CHARACTERS.test(topic)) {
    return `The topic ${preview(topic)} has a character that Kafka does not allow; use letters, digits, ".", "_" and "-".`
  }
  return undefined
}

/** The partition that `text` names, or -1. */
export function parsePartition(text: string): number {
  if (!PARTITION.test(text)) return -1
  const number = Number(text)
  return number > PARTITION_LIMIT ? -1 : number
}

export function partitionFault(text: string): string {
  return `The partition is ${preview(text)}; it must be an integer from 0.`
}

/** Why `text` cannot be a header's key or value, or undefined. */
export function headerFault(part: 'key' | 'value', text: string): string | undefined {
  if (text.length > HEADER_LIMIT)
    return `A header ${part} has ${text.length} characters; the limit is ${HEADER_LIMIT}.`
  if (text.includes('\0')) return `A header ${part} contains a NUL character.`
  return undefined
}

function undefinedIn(field: string, tag: string): string {
  return `The template of ${field} is Undefined at ${preview(tag)}.`
}

/** Text of unknown origin and length, fit for one line of a message. */
function preview(text: string): string {
  return JSON.stringify(text.length > 64 ? `${text.slice(0, 64)}…` : text)
}
