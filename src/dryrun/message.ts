import { type Message, newTraceId, type PublishProperties } from '../message/index.ts'

/** A message as a test writes it. */
export interface TestMessage {
  /** The topic as published; `$aws/rules/<ruleName>/<topic>` for Basic Ingest. */
  readonly topic: string
  /** Bytes, text, or any other JSON data, which is sent as compact JSON. Empty when left out. */
  readonly payload?: unknown
  readonly clientId?: string
  readonly principal?: string
  readonly sourceIp?: string
  /** MQTT 5 user properties: pairs in order, or an object where no key repeats. */
  readonly userProperties?:
    readonly (readonly [key: string, value: string])[] | Readonly<Record<string, string>>
  readonly contentType?: string
  readonly responseTopic?: string
  readonly correlationData?: Buffer
  readonly payloadFormatIndicator?: 0 | 1
  /** Seconds. */
  readonly messageExpiryInterval?: number
  /** 1 when left out. */
  readonly qos?: 0 | 1 | 2
  readonly retain?: boolean
  /** Milliseconds since the Unix epoch; fixes the clock for this message. */
  readonly timestamp?: number
  readonly traceId?: string
}

/** The message as an engine would have it; settling it does nothing. */
export function messageOf(input: TestMessage, receivedAt: number): Message {
  const { clientId, principal, sourceIp } = input
  return {
    topic: input.topic,
    payload: bytesOf(input.payload),
    qos: input.qos ?? 1,
    retain: input.retain ?? false,
    client: { clientId, principal, sourceIp, protocol: 'mqtt' },
    properties: propertiesOf(input),
    receivedAt,
    traceId: input.traceId ?? newTraceId(),
    settle: () => undefined,
  }
}

function bytesOf(payload: unknown): Buffer {
  if (payload === undefined) return Buffer.alloc(0)
  if (Buffer.isBuffer(payload)) return payload
  if (payload instanceof Uint8Array) return Buffer.from(payload)
  return Buffer.from(typeof payload === 'string' ? payload : JSON.stringify(payload), 'utf8')
}

function propertiesOf(input: TestMessage): PublishProperties {
  const { userProperties = [], contentType, responseTopic, correlationData } = input
  const { payloadFormatIndicator, messageExpiryInterval } = input
  const pairs = Array.isArray(userProperties)
    ? (userProperties as readonly (readonly [string, string])[])
    : Object.entries(userProperties)
  return {
    userProperties: pairs,
    contentType,
    responseTopic,
    correlationData,
    payloadFormatIndicator,
    messageExpiryInterval,
  }
}
