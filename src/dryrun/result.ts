import { type Failure } from '../errors.ts'
import { type CompiledAction } from '../rule/index.ts'

/** A record as the Kafka action would produce it. */
export interface TestRecord {
  readonly topic: string
  /** Null leaves the choice to the partitioner. */
  readonly partition: number | null
  readonly key: string | null
  readonly headers: readonly { readonly key: string; readonly value: string }[]
  readonly value: Buffer
}

/** A message as the republish action would publish it. */
export interface TestPublication {
  readonly topic: string
  readonly qos: 0 | 1
  readonly payload: Buffer
  /** The rendered headers that the message has, as the rule document names them. */
  readonly headers: {
    readonly payloadFormatIndicator?: 'UNSPECIFIED_BYTES' | 'UTF8_DATA'
    readonly contentType?: string
    readonly responseTopic?: string
    readonly correlationData?: Buffer
    /** Seconds. */
    readonly messageExpiry?: number
    readonly userProperties?: readonly { readonly key: string; readonly value: string }[]
  }
}

/** What one action has for a message, under the name of its kind. */
export type ActionResult =
  | { readonly kafka: TestRecord; readonly republish?: never }
  | { readonly republish: TestPublication; readonly kafka?: never }

/** What a rule makes of one message. */
export interface RuleResult {
  /** Whether the topic triggers the rule. */
  readonly matched: boolean
  /** Whether WHERE selected the message. */
  readonly selected: boolean
  /** What SELECT yields, as bytes; present when `selected`. */
  readonly output?: Buffer
  /** One entry per action that has something to send for the message, in document order. */
  readonly actions: readonly ActionResult[]
  /** Why an action has none, or which service failed the rule: the first failure; the error action would be told. */
  readonly error?: Failure & { readonly action: string }
}

/** What an action makes of a message when nothing fails. */
export type Assembled = Exclude<ReturnType<CompiledAction['assemble']>, Failure>
type AssembledRecord = Extract<Assembled, { readonly value: Buffer }>
type AssembledPublication = Exclude<Assembled, AssembledRecord>

/** What an action has assembled, as the result shows it. */
export function resultOf(made: Assembled): ActionResult {
  return 'value' in made ? { kafka: recordOf(made) } : { republish: publicationOf(made) }
}

function publicationOf({ topic, qos, properties = {}, payload }: AssembledPublication): TestPublication {
  const { payloadFormatIndicator, messageExpiryInterval, userProperties, ...same } = properties
  return {
    topic,
    qos,
    payload,
    headers: {
      ...same,
      ...(payloadFormatIndicator !== undefined && {
        payloadFormatIndicator: payloadFormatIndicator === 1 ? 'UTF8_DATA' : 'UNSPECIFIED_BYTES',
      }),
      ...(messageExpiryInterval !== undefined && { messageExpiry: messageExpiryInterval }),
      ...(userProperties !== undefined && {
        userProperties: userProperties.map(([key, value]) => ({ key, value })),
      }),
    },
  }
}

function recordOf({ topic, partition, key, headers, value }: AssembledRecord): TestRecord {
  return {
    topic,
    partition,
    key: key ?? null,
    headers: headers.map(([name, text]) => ({ key: name, value: text })),
    value,
  }
}

/** The failure of an action under its name, such as `kafka[0]`. */
export function errorOf(action: CompiledAction, failure: Failure): Failure & { action: string } {
  return { ...failure, action: `${action.kind}[${action.index}]` }
}
