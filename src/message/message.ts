import { type TraceId } from './trace-id.ts'

/** Who published: one object per connection (or HTTP request), shared by all its messages. */
export interface ClientContext {
  /** MQTT client identifier; undefined where the protocol has none (HTTP, Kafka). */
  readonly clientId: string | undefined
  /** Authenticated identity as `principal()` shows it: certificate fingerprint (hex SHA-256), user name, or undefined. */
  readonly principal: string | undefined
  /** Textual IP address of the device (after PROXY protocol where enabled); undefined when unknown. */
  readonly sourceIp: string | undefined
  readonly protocol: 'mqtt' | 'http' | 'kafka'
}

/** MQTT 5 PUBLISH properties that rules can read. Source: MQTT 5.0 section 3.3.2.3. */
export interface PublishProperties {
  readonly payloadFormatIndicator?: 0 | 1
  /** Seconds. */
  readonly messageExpiryInterval?: number
  readonly contentType?: string
  readonly responseTopic?: string
  readonly correlationData?: Buffer
  /** In the order received; keys may repeat. */
  readonly userProperties?: readonly (readonly [key: string, value: string])[]
}

/**
 * How a message ended, told to its source exactly once through `Message.settle`.
 * - `taken`: every matched action settled (Kafka or the error action has it, or the failure is the message's or
 *   the rule's own fault, counted and logged): acknowledge.
 * - `unmatched`: no rule selected it: acknowledge (MQTT 5 reason code 0x10).
 * - `withheld`: the environment failed and nothing took it: do not acknowledge; the device must resend.
 */
export type Settlement = 'taken' | 'unmatched' | 'withheld'

/**
 * One published message on its way through match, evaluate, render and deliver.
 * Sources implement it (a class per source, monomorphic on the hot path).
 */
export interface Message {
  /** Topic as published, topic alias resolved, Basic Ingest prefix still present. */
  readonly topic: string
  /** Payload bytes, never mutated; may be a view of a larger receive buffer. */
  readonly payload: Buffer
  readonly qos: 0 | 1 | 2
  readonly retain: boolean
  readonly client: ClientContext
  readonly properties: PublishProperties | undefined
  /** Milliseconds since the Unix epoch. */
  readonly receivedAt: number
  /** Made on first use: most messages never need one. */
  readonly traceId: TraceId
  /** Called exactly once by the engine, synchronously or later, never throws. */
  settle(settlement: Settlement): void
}

/**
 * Where sources put messages; the engine implements it.
 * A source asks `hasRoom()` before `accept()`, and when there is none waits for the callback given to `onRoom`.
 */
export interface MessageSink {
  /** False while the bytes held for unsettled messages are at their bound. */
  hasRoom(): boolean
  /** Registers a one-shot callback for the moment there is room again. */
  onRoom(callback: () => void): void
  /** Takes a message. Messages with the same `client` object are produced in the order of their `accept` calls. */
  accept(message: Message): void
}
