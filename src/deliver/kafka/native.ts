import { createRequire } from 'node:module'
import rdkafka from 'node-rdkafka'
import { type FaultKind } from './faults.ts'

// A CommonJS module whose names Node cannot see beforehand.
const { CODES } = rdkafka

/** A log line or error of librdkafka; errors come as `Error`, logs as an object. */
export interface NativeEvent {
  readonly message: string
  /** syslog severity of a log line. */
  readonly severity?: number
  /** Facility of a log line, e.g. `FAIL`. */
  readonly fac?: string
  /** What the error is, where it does not come from librdkafka. */
  readonly kind?: FaultKind
}

/** A delivery report: `opaque` is what `produce` was given. */
export interface NativeReport<Opaque> {
  readonly opaque: Opaque
  readonly partition: number
  readonly offset: number
}

export interface NativeCallbacks<Opaque> {
  event_cb(type: string, event: NativeEvent): void
  delivery_cb(error: Error | null, report: NativeReport<Opaque>): void
}

/** A header as the binding takes it: an object of one member. */
export type NativeHeader = Readonly<Record<string, string>>

/**
 * The native producer handle beneath node-rdkafka's `Producer`. It is used directly because `Producer.connect`
 * blocks a thread on a metadata request and gives up when the cluster is away, and because its polling goes on
 * while the handle is being destroyed. `poll`, `flush` and `produce` must not be called once `disconnect` has been.
 */
export interface NativeProducer<Opaque> {
  configureCallbacks(add: boolean, callbacks: { readonly event: NativeCallbacks<Opaque> }): void
  connect(done: (error: Error | null) => void): void
  /** Returns 0 or a librdkafka error code. */
  produce(
    topic: string,
    partition: number | null,
    value: Buffer,
    key: Buffer | null,
    timestamp: number | null,
    opaque: Opaque,
    headers?: readonly NativeHeader[],
  ): number
  /** Runs waiting callbacks' native half; they reach JavaScript in the next turn of the event loop. */
  poll(): void
  /** Polls on a thread of libuv until nothing is in flight or `timeout` milliseconds have passed; ignores linger. */
  flush(timeout: number, done: (error: Error | null) => void): void
  getMetadata(options: MetadataOptions, done: (error: Error | null, metadata: NativeMetadata) => void): void
  disconnect(done: () => void): void
  /** True where reports come without `poll` and `flush`. */
  readonly reportsByItself?: boolean
  /** Gives up a `connect` that has not called back, where it may take for ever. */
  abandon?(): void
}

/** `timeout` in milliseconds; blocks a thread of libuv while it lasts, and so does a `disconnect` meanwhile. */
export interface MetadataOptions {
  readonly topic?: string
  readonly allTopics: boolean
  readonly timeout: number
}

export interface NativeMetadata {
  readonly brokers: readonly { readonly id: number; readonly host: string; readonly port: number }[]
  readonly topics: readonly NativeTopic[]
}

export interface NativeTopic {
  readonly name: string
  readonly partitions: readonly {
    readonly id: number
    /** Id of the broker; -1 where there is none. */
    readonly leader: number
    readonly replicas: readonly number[]
    readonly isrs: readonly number[]
  }[]
}

export type NativeConfig = Readonly<Record<string, string | number | boolean>>

/** Makes a producer handle; replaced in tests by one that fails on demand. Throws when librdkafka refuses a property. */
export type NativeFactory<Opaque> = (global: NativeConfig, topic: NativeConfig) => NativeProducer<Opaque>

interface Binding {
  readonly Producer: new (global: NativeConfig, topic: NativeConfig) => NativeProducer<never>
  err2str(code: number): string
}

const binding = createRequire(import.meta.url)('node-rdkafka/librdkafka.js') as Binding

export function createNative<Opaque>(global: NativeConfig, topic: NativeConfig): NativeProducer<Opaque> {
  return new binding.Producer(global, topic) as unknown as NativeProducer<Opaque>
}

const codesByText = new Map<string, number>()
for (const code of Object.values(CODES.ERRORS)) codesByText.set(binding.err2str(code), code)

/** Error code behind a text of librdkafka; its reports and events carry the text alone. 0 when unknown. */
export function codeOf(text: string): number {
  return codesByText.get(text) ?? 0
}

export function textOfCode(code: number): string {
  return binding.err2str(code)
}
