import { type Failure } from '../../../errors.ts'
import {
  failureOf,
  faultOf,
  faultOfText,
  type FaultKind,
  inOurWords,
  isTokenEndpointFault,
  isTurnedAway,
} from '../faults.ts'
import { IsolatedProducers } from '../isolated/isolated-producer.ts'
import { isolationOf } from '../isolated/isolation.ts'
import { textOf } from '../mechanisms/index.ts'
import {
  createNative,
  type NativeConfig,
  type NativeEvent,
  type NativeMetadata,
  type NativeProducer,
  textOfCode,
} from '../native.ts'
import { type KafkaRecord } from '../record.ts'
import { scrub } from '../scrub.ts'
import { type KafkaTarget } from '../target.ts'
import { toLibrdkafka } from '../to-librdkafka.ts'
import { within } from '../within.ts'

/** How a record that was produced ended. */
export type Produced =
  | { readonly ok: true; readonly partition: number; readonly offset: number }
  | { readonly ok: false; readonly kind: FaultKind; readonly failure: Failure }

/** The cluster's answer, and what it said of the topic that was asked for. */
export type Described =
  | { readonly ok: true; readonly metadata: NativeMetadata; readonly topicFault: string | undefined }
  | { readonly ok: false; readonly failure: Failure }

const POLL_MS = 10
const DEBUG = 7
/** Longest question while nobody has let us in, because closing waits for it. */
const KNOCK_MS = 1_000
const RETRY_MS = 100
const CLOSE_MS = 5_000

/** One handle of librdkafka as a rule's producer has it, watched while it connects. */
export class CheckSession {
  readonly #target: KafkaTarget
  readonly #native: NativeProducer<(produced: Produced) => void>
  readonly #opened: Promise<Error | null>
  #timer: NodeJS.Timeout | undefined
  #lastLog = ''
  #topicFault: string | undefined
  #fault: Failure | undefined
  #isFinal = false
  #whenFinal: (() => void) | undefined
  /** A connection stands and, with SASL, has been authenticated. */
  isUp = false
  /** End of the Kerberos ticket, ISO 8601. */
  ticketEnd: string | undefined

  /** Throws when librdkafka refuses a property. */
  constructor(target: KafkaTarget, overrides: NativeConfig) {
    this.#target = target
    const { global, topic } = toLibrdkafka(target)
    const isolation = isolationOf(target)
    const factory =
      isolation === undefined
        ? createNative<(produced: Produced) => void>
        : new IsolatedProducers().factory<(produced: Produced) => void>(isolation)
    this.#native = factory({ ...global, debug: 'broker,metadata', ...overrides }, topic)
    this.#native.configureCallbacks(true, {
      event: {
        event_cb: (type, event) => this.#event(type, event),
        delivery_cb: (error, { opaque: done, partition, offset }) => {
          done(
            error === null
              ? { ok: true, partition, offset }
              : this.#notProduced(faultOfText(error.message), error.message),
          )
        },
      },
    })
    this.#opened = new Promise((resolve) => this.#native.connect(resolve))
    void this.#opened.then((error) => {
      if (error === null && this.#native.reportsByItself !== true)
        this.#timer = setInterval(() => this.#native.poll(), POLL_MS)
    })
  }

  /** Asks for the brokers, and for a topic where there is one; resolves as soon as it is known or out of the question. */
  async describe(topic: string | undefined, timeout: number): Promise<Described> {
    const end = performance.now() + timeout
    const refused = new Promise<'refused'>((resolve) => {
      this.#whenFinal = () => resolve('refused')
      if (this.#isFinal) resolve('refused')
    })
    const opened = await within(timeout, Promise.race([this.#opened, refused]))
    if (opened instanceof Error) return { ok: false, failure: this.#failure('configuration', opened.message) }
    while (opened === null && performance.now() < end) {
      const left = end - performance.now()
      const answer = await Promise.race([
        this.#ask(topic, this.isUp ? left : Math.min(left, KNOCK_MS)),
        refused,
      ])
      if (answer === 'refused') break
      if (answer !== undefined) {
        this.isUp = true
        return { ok: true, metadata: answer, topicFault: this.#topicFault }
      }
      await within(RETRY_MS, refused)
    }
    const late = `No answer within ${Math.round(timeout / 1000)} s${this.#lastLog === '' ? '' : `; last: ${this.#scrub(inOurWords(this.#lastLog))}`}`
    return { ok: false, failure: this.#fault ?? this.#failure('environment', late, 'KAFKA_UNREACHABLE') }
  }

  /** Produces a record; a record without an answer in time is the environment's fault and may still arrive. */
  async produce(record: KafkaRecord, timeout: number): Promise<Produced> {
    const opened = await within(timeout, this.#opened)
    if (opened !== null) return this.#notProduced('environment', 'The client did not open in time.')
    const { topic, partition, key, headers, value } = record
    const produced = new Promise<Produced>((resolve) => {
      const names = headers.map(([name, text]) => ({ [name]: text }))
      const bytes = key === undefined ? null : Buffer.from(key)
      const code = this.#native.produce(topic, partition, value, bytes, null, resolve, names)
      if (code !== 0) resolve(this.#notProduced(faultOf(code), textOfCode(code)))
    })
    return (await within(timeout, produced)) ?? this.#notProduced('timed-out', 'No answer in time.')
  }

  async close(): Promise<void> {
    clearInterval(this.#timer)
    if ((await within(0, this.#opened)) === null)
      await within(CLOSE_MS, new Promise<void>((resolve) => this.#native.disconnect(resolve)))
    else this.#native.abandon?.()
  }

  #ask(topic: string | undefined, timeout: number): Promise<NativeMetadata | undefined> {
    const options = { allTopics: false, timeout: Math.ceil(timeout), ...(topic !== undefined && { topic }) }
    return new Promise((resolve) =>
      this.#native.getMetadata(options, (error, metadata) =>
        resolve(error === null || error === undefined ? metadata : undefined),
      ),
    )
  }

  #event(type: string, { message, severity, kind }: NativeEvent): void {
    if (type === 'ticket') this.ticketEnd = message
    else if (type === 'log') this.#log(message, severity)
    else if (type === 'error') this.#failed(kind ?? faultOfText(message), message)
  }

  #log(message: string, severity: number | undefined): void {
    if (severity !== DEBUG) this.#lastLog = message
    if (/changed state [A-Z_]+ -> UP$/.test(message)) this.isUp = true
    // With the error of librdkafka, which the answer itself is given without.
    this.#topicFault ??= / Topic (?:#\S+ )?\S+ with 0 partitions: (.+)$/.exec(message)?.[1]
  }

  #failed(kind: FaultKind, message: string): void {
    const context = this.#lastLog === '' || this.#lastLog === message ? '' : `: ${this.#lastLog}`
    const line = `${message}${context}`
    const isEndpoint = isTokenEndpointFault(line)
    const failure = this.#failure(isEndpoint ? 'token-endpoint' : kind, inOurWords(line))
    if (this.#isFinal) return
    if (failure.code !== 'KAFKA_DELIVERY_FAILED') this.#fault = failure
    if (!isTurnedAway(kind) && !isEndpoint && !kind.startsWith('kerberos')) return
    this.#isFinal = true
    this.#whenFinal?.()
  }

  #notProduced(kind: FaultKind, message: string): Produced {
    return { ok: false, kind, failure: this.#failure(kind, message) }
  }

  #failure(kind: FaultKind, message: string, code?: Failure['code']): Failure {
    const failure = failureOf(kind, this.#target.bootstrapServers, this.#scrub(message), false)
    return code === undefined ? failure : { ...failure, code }
  }

  #scrub(message: string): string {
    return scrub(message, this.#target.settings)
  }
}

export function isSasl(settings: KafkaTarget['settings']): boolean {
  return textOf(settings, 'security.protocol').startsWith('SASL_')
}
