import { type ErrorCode, type Failure } from '../../errors.ts'
import { type Delivery } from '../delivery.ts'
import { advertisedBrokers, DestinationGuard, isAnyBrokerUp, type Lookup } from './destination/index.ts'
import {
  failureOf,
  faultOf,
  faultOfText,
  type FaultKind,
  inOurWords,
  isTlsRefusal,
  isTokenEndpointFault,
  isTurnedAway,
} from './faults.ts'
import { type History } from './history.ts'
import {
  type NativeEvent,
  type NativeFactory,
  type NativeProducer,
  type NativeReport,
  textOfCode,
} from './native.ts'
import { Entry, type Held, Outstanding, type RecordOwner, type RecordSender } from './outstanding.ts'
import { type Polled, type Poller } from './poller.ts'
import { type Examine, examineBroker, Examiner, type Verdict } from './probe/index.ts'
import { type KafkaRecord } from './record.ts'
import { type ReportWaiter } from './report-waiter.ts'
import { scrub } from './scrub.ts'
import { type KafkaTarget } from './target.ts'
import { batchBytes, toLibrdkafka } from './to-librdkafka.ts'

/**
 * `opening`: the handle is being made, records wait in order. `ready`: records go to librdkafka. `refused`: the
 * cluster turned us away before anything succeeded; records fail at once while the handle is tried again.
 * `replacing`: the handle broke for good; its unreported records wait for the next one. `proving`: a probe is out
 * whether the cluster lets us in; records wait until it did.
 */
export type ProducerState = 'opening' | 'proving' | 'ready' | 'refused' | 'replacing' | 'closed'

export interface ProducerOptions {
  readonly target: KafkaTarget
  readonly history: History
  readonly poller: Poller
  readonly waiter: ReportWaiter
  readonly factory: NativeFactory<Entry>
  /** Told of faults that no record's failure carries; never of secrets. */
  readonly onFault: (bootstrapServers: string, message: string, code?: ErrorCode) => void
  /** Finds out what is behind a fault of TLS; only tests replace it. */
  readonly examine?: Examine | undefined
  /** Resolves the names of brokers; only tests replace it. */
  readonly lookup?: Lookup | undefined
  /** Every record travels in a batch of its own. */
  readonly alone?: boolean
  /** Give records to the cluster only once a probe was let in. */
  readonly prove?: boolean
  /**
   * Asked when the cluster refuses the credentials or the certificate: true while newer ones are looked for, and so
   * records are not failed yet.
   */
  readonly renew?: () => boolean
}

/** Records of a topic that wait until those of a refused batch, which were before them, have settled. */
interface Hold {
  alone: number
  behind: Entry[]
}

/** Bytes that librdkafka and the entry need besides the value, roughly. */
const LATE_OVERHEAD = 512
const EMPTY = Buffer.from('x').subarray(0, 0)
const RETRY_FIRST_MS = 1_000
const RETRY_LAST_MS = 60_000
const TELL_AGAIN_MS = 30_000
/** Longest wait between two probes of a producer that is to take another's place. */
const PROVE_LAST_MS = 5_000
const PROBE_MS = 10_000
const PROBE_STATISTICS_MS = 250
/** How often the brokers that a cluster advertises are looked at. */
const STATISTICS_MS = 5_000
const RESOLVE_LAST_MS = 5_000

/**
 * One librdkafka producer and what is owed for the records it holds. Reports are matched to records by opaque.
 * While brokers are away records stay with librdkafka, which retries for ever and keeps their order.
 *
 * A broker refuses a batch as a whole when one record in it is invalid or the batch is too large, and librdkafka then
 * fails all of its records. Each of them is produced again alone, so that only the culprit fails, and what comes after
 * them for the topic waits until they have settled. Only what librdkafka had been given before the report of the
 * refusal may then be before them: it cannot be taken back.
 */
export class KafkaProducer implements Polled {
  readonly #options: ProducerOptions
  readonly #outstanding = new Outstanding()
  #state: ProducerState = 'opening'
  #native: NativeProducer<Entry> | undefined
  /** Whether `#native` may be polled. */
  #connected = false
  #refusal: Failure | undefined
  #attempts = 0
  #retry: NodeJS.Timeout | undefined
  #lastLog = ''
  #lastFault: string | undefined
  #lastCode: ErrorCode | undefined
  /** Whether a broker answered when statistics or a report last came. */
  #isUp = false
  readonly #examiner: Examiner
  readonly #guard: DestinationGuard
  /** Whether `#native` is only to find out if, and whom, the cluster lets us reach. */
  #isProbe = false
  /** Counts handles, so that a lookup for one that was given up makes none. */
  #openings = 0
  #toldKind: FaultKind | undefined
  #toldAt = 0
  #sent = 0
  #reported = 0
  #inFlight = 0
  /** Bytes of records in the handle that were given up. */
  #lateBytes = 0
  #destroyed: Promise<void> = Promise.resolve()
  /** Produces records of refused batches one by one; made at the first refusal. */
  #singles: KafkaProducer | undefined
  /** By topic; undefined as long as no batch was refused. */
  #holds: Map<string, Hold> | undefined
  readonly #whenReady: (() => void)[] = []
  #refusedSince: number | undefined

  constructor(options: ProducerOptions) {
    this.#options = options
    this.#examiner = new Examiner(options.target, options.examine ?? examineBroker)
    this.#guard = new DestinationGuard(options.target.egress, options.target.bootstrapServers, options.lookup)
    if (options.prove === true) this.#state = 'proving'
    this.#open(options.prove === true || this.#guard.restricts)
  }

  get state(): ProducerState {
    return this.#state
  }

  /** Records not settled. */
  get outstanding(): number {
    return this.#outstanding.size + (this.#singles?.outstanding ?? 0)
  }

  get reported(): number {
    return this.#reported
  }

  /** Reports ever received, those of records that travelled alone included. */
  get progress(): number {
    return this.#reported + (this.#singles?.progress ?? 0)
  }

  /** Whether anything is owed by the cluster, records that were given up included. */
  get isWaiting(): boolean {
    return this.#inFlight > 0 || this.outstanding > 0
  }

  /** Bytes that librdkafka holds for records that were given up. */
  get lateBytes(): number {
    return this.#lateBytes + (this.#singles?.lateBytes ?? 0)
  }

  /** Records ever taken; tells use from idleness. */
  get sent(): number {
    return this.#sent
  }

  /** The last fault of the connection, undefined once a record succeeds after it. */
  get lastFault(): string | undefined {
    return this.#lastFault
  }

  /** Its code, where there is one. */
  get lastCode(): ErrorCode | undefined {
    return this.#lastFault === undefined ? undefined : this.#lastCode
  }

  /** Whether a broker lets us in, as far as reports and statistics tell. */
  get isUp(): boolean {
    return this.#isUp
  }

  /** `performance.now()` when credentials or certificate were first refused, until a record succeeds after it. */
  get refusedSince(): number | undefined {
    return this.#refusedSince
  }

  /** Milliseconds that the oldest unsettled record has waited: librdkafka reports nothing when a broker hangs. */
  get oldestAge(): number {
    const oldest = this.#outstanding.first
    const age = oldest === undefined ? 0 : performance.now() - oldest.since
    return Math.max(age, this.#singles?.oldestAge ?? 0)
  }

  /**
   * `owner` may take the record back by `withdraw` as long as it has not settled. `since`: `performance.now()` when
   * it was sent first, where that was before.
   */
  send(
    record: KafkaRecord,
    delivery: Delivery,
    sender?: RecordSender,
    owner?: RecordOwner,
    since = performance.now(),
  ): void {
    this.#sent += 1
    if (this.#refusal !== undefined) {
      delivery.settled(this.#refusal)
      return
    }
    const entry = new Entry(record, delivery, since, sender, owner)
    this.#outstanding.append(entry)
    if (this.#state === 'ready') this.#produce(entry)
  }

  /** Calls back once records go to the cluster; at once where they do. */
  whenReady(callback: () => void): void {
    if (this.#state === 'ready') callback()
    else this.#whenReady.push(callback)
  }

  /**
   * Takes back what `owner` sent and has not settled, in order; what others sent is produced again by a new handle.
   * Nothing of it reaches the cluster any more once `ended` has resolved; some of it may have before.
   */
  withdraw(owner: RecordOwner): { readonly records: readonly Held[]; readonly ended: Promise<unknown> } {
    const singles = this.#singles?.withdraw(owner)
    const own = this.#outstanding.takeOf(owner)
    if (own.length > 0) this.#replace()
    const records = singles === undefined ? own : [...singles.records, ...own]
    return { records, ended: Promise.all([singles?.ended, this.#destroyed]) }
  }

  /**
   * Gives up, as the environment's fault, timed records that were sent before `time` (`performance.now()`), at most
   * `limit`. librdkafka may still deliver them; their reports are ignored.
   * @returns how many there were
   */
  expire(time: number, limit: number): number {
    const old = this.#outstanding.sentBefore(time, limit)
    for (const entry of old) {
      const waited = Math.round((performance.now() - entry.since) / 1000)
      const why = `Kafka has not confirmed the record within ${waited} seconds`
      const { topic } = entry.record
      const message = this.#scrub(this.#lastFault === undefined ? `${why}.` : `${why}: ${this.#lastFault}`)
      this.#discard(entry)?.settled(failureOf('timed-out', topic, message, true))
    }
    return old.length + (this.#singles?.expire(time, limit) ?? 0)
  }

  /** Gives up every record of `sender`. */
  abandon(sender: RecordSender, failure: Failure): void {
    for (const entry of this.#outstanding.sentBy(sender)) this.#discard(entry)?.settled(failure)
    this.#singles?.abandon(sender, failure)
  }

  /** Takes a record out that the handle may still hold. */
  #discard(entry: Entry): Delivery | undefined {
    if (entry.handle !== undefined && entry.handle === this.#native && !entry.isHeld) {
      entry.lateBytes = entry.record.value.length + LATE_OVERHEAD
      this.#lateBytes += entry.lateBytes
    }
    return this.#outstanding.take(entry)
  }

  /** Frees what records that were given up hold: a new handle produces the others again, in order. */
  purge(): void {
    this.#singles?.purge()
    if (this.#lateBytes > 0 && this.#state === 'ready') this.#replaceAfter(0)
  }

  /** Destroys the handle; unsettled records fail as the environment's fault. */
  close(): Promise<void> {
    if (this.#state !== 'closed') {
      this.#state = 'closed'
      this.#refusal = this.#failure('environment', 'The Kafka producer was closed.', 'KAFKA_CLOSED')
      clearTimeout(this.#retry)
      this.#destroy()
      this.#failAll(this.#refusal)
    }
    return this.#singles === undefined
      ? this.#destroyed
      : Promise.all([this.#destroyed, this.#singles.close()]).then(() => undefined)
  }

  poll(): boolean {
    const native = this.#connected ? this.#native : undefined
    if (native === undefined || native.reportsByItself === true) return false
    if (this.#inFlight === 0 || !this.#awaitReports(native)) native.poll()
    return this.#inFlight > 0
  }

  /** Whether a thread waits for the reports, so that polling can be left to it. */
  #awaitReports(native: NativeProducer<Entry>): boolean {
    // Waiting sends at once what is under way; where the rule asked for linger.ms, records are to wait for others.
    if (this.#options.target.settings.has('linger.ms')) return false
    return this.#options.waiter.wait(native, this.#sent, this.#inFlight, this.#waited)
  }

  /** The waiter's thread came back. */
  readonly #waited = (native: NativeProducer<Entry>): void => {
    if (native === this.#native && this.#connected && this.#inFlight > 0) this.#awaitReports(native)
  }

  #produce(entry: Entry): void {
    const { topic, partition, key, headers, value } = entry.record
    const native = this.#native!
    entry.handle = native
    if (this.#holds !== undefined && this.#hold(entry)) return
    const keyBytes = key === undefined ? null : key === '' ? EMPTY : Buffer.from(key)
    const bytes = value.length === 0 ? EMPTY : value
    const code =
      headers.length === 0
        ? native.produce(topic, partition, bytes, keyBytes, null, entry)
        : native.produce(
            topic,
            partition,
            bytes,
            keyBytes,
            null,
            entry,
            headers.map(([name, text]) => ({ [name]: text })),
          )
    if (code !== 0) {
      this.#produceRefused(entry, code)
      return
    }
    this.#inFlight += 1
    if (this.#inFlight > 1 || native.reportsByItself === true) return
    this.#awaitReports(native)
    this.#options.poller.wake()
  }

  #produceRefused(entry: Entry, code: number): void {
    const kind = faultOf(code)
    if (kind === 'fatal') this.#broken()
    else this.#settleFailed(entry, kind, textOfCode(code))
  }

  #report(error: Error | null, report: NativeReport<Entry>): void {
    const entry = report.opaque
    this.#inFlight -= 1
    this.#reported += 1
    this.#lateBytes -= entry.lateBytes
    if (error === null) {
      if (entry.delivery !== undefined) this.#options.history.succeeded(entry.record.topic)
      this.#attempts = 0
      this.#lastFault = undefined
      this.#refusedSince = undefined
      this.#isUp = true
      this.#outstanding.take(entry)?.settled(undefined, report)
      return
    }
    const kind = faultOfText(error.message)
    if (kind === 'fatal' || kind === 'purged') this.#broken()
    else if (this.#mayBeInnocent(entry, kind)) this.#produceAlone(entry)
    else this.#settleFailed(entry, kind, error.message)
  }

  /** Whether another record of the same batch may be the one that the broker refused. */
  #mayBeInnocent({ record }: Entry, kind: FaultKind): boolean {
    if (this.#options.alone === true) return false
    return (
      kind === 'refused' || (kind === 'too-large' && record.value.length < batchBytes(this.#options.target))
    )
  }

  #produceAlone(entry: Entry): void {
    const { record, delivery, sender, owner, since } = entry
    if (delivery === undefined) return
    this.#singles ??= new KafkaProducer({ ...this.#options, alone: true, prove: false })
    const hold = this.#holdOf(record.topic)
    const releasing: Delivery = {
      settled: (failure, placement) => {
        delivery.settled(failure, placement)
        this.#settledAlone(record.topic, hold)
      },
    }
    this.#singles.send(record, releasing, sender, owner, since)
    this.#outstanding.take(entry)
  }

  #holdOf(topic: string): Hold {
    this.#holds ??= new Map<string, Hold>()
    const hold = this.#holds.get(topic) ?? { alone: 0, behind: [] }
    this.#holds.set(topic, hold)
    hold.alone += 1
    return hold
  }

  #hold(entry: Entry): boolean {
    const hold = this.#holds?.get(entry.record.topic)
    if (hold === undefined) return false
    entry.isHeld = true
    hold.behind.push(entry)
    return true
  }

  #settledAlone(topic: string, hold: Hold): void {
    hold.alone -= 1
    if (hold.alone > 0) return
    this.#holds?.delete(topic)
    if (this.#holds?.size === 0) this.#holds = undefined
    for (const entry of hold.behind) {
      entry.isHeld = false
      if (entry.delivery !== undefined && entry.handle === this.#native && this.#native !== undefined)
        this.#produce(entry)
    }
  }

  #settleFailed(entry: Entry, kind: FaultKind, message: string): void {
    const { topic } = entry.record
    const worked = this.#options.history.hasSucceeded(
      kind === 'topic-unknown' || kind === 'not-authorized' ? topic : undefined,
    )
    this.#outstanding.take(entry)?.settled(failureOf(kind, topic, message, worked))
  }

  #failAll(failure: Failure): void {
    for (let entry = this.#outstanding.first; entry !== undefined; entry = this.#outstanding.first) {
      this.#outstanding.take(entry)?.settled(failure)
    }
  }

  /** Makes a handle once the policy lets its brokers be reached. */
  #open(probe: boolean): void {
    this.#openings += 1
    const opening = this.#openings
    this.#guard.check([], (verdict) => {
      if (opening !== this.#openings || this.#state === 'closed') return
      if (verdict === undefined) this.#make(probe)
      else if (verdict.kind === 'forbidden') this.#forbid(verdict.message)
      else this.#unresolved(verdict.message, probe)
    })
  }

  /** No server has an address: records wait, as they do where brokers are away. */
  #unresolved(message: string, probe: boolean): void {
    this.#lastFault = message
    this.#lastCode = failureOf('environment', '', '', false).code
    this.#tell('environment', message, this.#lastCode)
    const delay = Math.min(RETRY_FIRST_MS * 2 ** this.#attempts, RESOLVE_LAST_MS)
    this.#attempts += 1
    clearTimeout(this.#retry)
    this.#retry = setTimeout(() => this.#open(probe), withJitter(delay)).unref()
  }

  /** Ends the connection to a cluster that has, or advertises, a broker outside of the policy. */
  #forbid(message: string): void {
    this.#tell('forbidden', message, 'KAFKA_DESTINATION_FORBIDS')
    this.#refuse('forbidden', message, undefined, this.#options.history.hasSucceeded(undefined))
  }

  /** A `probe` gets no records before the cluster has answered it. */
  #make(probe: boolean): void {
    const { target, factory, alone } = this.#options
    const { global, topic } = toLibrdkafka(target, alone)
    let native: NativeProducer<Entry>
    try {
      const interval = probe ? PROBE_STATISTICS_MS : STATISTICS_MS
      native = factory({ ...global, 'statistics.interval.ms': interval }, topic)
    } catch (error) {
      this.#refuse('configuration', textOf(error))
      return
    }
    this.#native = native
    this.#isProbe = probe
    this.#inFlight = 0
    native.configureCallbacks(true, {
      event: {
        event_cb: (type, event) => {
          if (native === this.#native) this.#event(type, event)
        },
        delivery_cb: (error, report) => {
          if (native === this.#native) this.#report(error, report)
        },
      },
    })
    native.connect((error) => this.#opened(native, probe, error))
  }

  #opened(native: NativeProducer<Entry>, probe: boolean, error: Error | null): void {
    if (error !== null) {
      if (native !== this.#native) return
      this.#native = undefined
      this.#refuse('configuration', textOf(error))
      return
    }
    if (native !== this.#native) {
      this.#disconnect(native)
      return
    }
    this.#connected = true
    this.#options.poller.add(this)
    if (!probe) this.#start()
    else if (this.#state !== 'opening') this.#retry = setTimeout(() => this.#retryLater(), PROBE_MS).unref()
  }

  /** Statistics name the brokers that the cluster advertises, before records go to any of them. */
  #advertised(statistics: string): void {
    const native = this.#native
    const brokers = advertisedBrokers(statistics)
    this.#guard.check(brokers, (verdict) => {
      if (native === undefined || native !== this.#native) return
      if (verdict?.kind === 'forbidden') this.#forbid(verdict.message)
      else if (this.#isProbe && this.#isLetIn(statistics, brokers.length)) this.#letIn()
    })
  }

  /** A broker that is up has let us in, and so has one that advertised its cluster. */
  #isLetIn(statistics: string, advertised: number): boolean {
    return this.#guard.restricts ? advertised > 0 : isAnyBrokerUp(statistics)
  }

  /** The probe makes room for a handle for records. */
  #letIn(): void {
    clearTimeout(this.#retry)
    this.#destroy()
    this.#state = 'opening'
    this.#refusal = undefined
    this.#open(false)
  }

  /** Gives the handle everything that waits, in order, and then what comes. */
  #start(): void {
    const native = this.#native!
    let entry = this.#outstanding.firstNotGiven(native)
    while (entry !== undefined && native === this.#native) {
      const { next }: Entry = entry
      this.#produce(entry)
      entry = next ?? this.#outstanding.firstNotGiven(native)
    }
    if (native !== this.#native) return
    this.#state = 'ready'
    for (const callback of this.#whenReady.splice(0)) callback()
  }

  #event(type: string, event: NativeEvent): void {
    if (type === 'log') {
      this.#lastLog = event.message
      if (isTlsRefusal(event.message)) this.#fault('tls', event.message)
      return
    }
    if (type === 'stats') {
      this.#isUp = isAnyBrokerUp(event.message)
      this.#advertised(event.message)
    }
    if (type !== 'error') return
    const kind = event.kind ?? faultOfText(event.message)
    if (kind === 'fatal') {
      this.#lastFault = this.#scrub(event.message)
      this.#lastCode = failureOf(kind, '', '', false).code
      this.#tell(kind, this.#lastFault, this.#lastCode)
      this.#broken()
    } else this.#fault(kind, event.message)
  }

  /** A fault of the connection. What may be a matter of TLS is looked into first: librdkafka does not say which. */
  #fault(kind: FaultKind, message: string): void {
    const context = this.#lastLog === '' || this.#lastLog === message ? '' : `: ${this.#lastLog}`
    const line = `${message}${context}`
    if (isTokenEndpointFault(line)) {
      this.#concluded('token-endpoint', inOurWords(line), undefined)
      return
    }
    if (kind !== 'tls' && !this.#examiner.isWorthALook(line)) {
      this.#concluded(kind, inOurWords(line), undefined)
      return
    }
    const native = this.#native
    this.#examiner.explain(line, (verdict) => {
      if (native !== this.#native) return
      if (verdict === undefined) this.#concluded(kind, inOurWords(line), undefined)
      else this.#concluded('tls', verdict.message, verdict)
    })
  }

  /** Ends a producer that never worked if the fault is the rule's; else it is only told. */
  #concluded(kind: FaultKind, detail: string, verdict: Verdict | undefined): void {
    this.#isUp = false
    this.#lastFault = this.#scrub(detail)
    this.#lastCode = verdict?.code ?? failureOf(kind, '', '', false).code
    this.#tell(kind, this.#lastFault, this.#lastCode)
    if (!isTurnedAway(kind)) return
    this.#refusedSince ??= performance.now()
    const renews = this.#options.renew?.() === true
    if (this.#options.history.hasSucceeded(undefined)) return
    if (this.#state === 'refused' || !renews) this.#refuse(kind, detail, verdict?.code)
  }

  /** librdkafka repeats a fault with every attempt; it is told once a while. */
  #tell(kind: FaultKind, message: string, code: ErrorCode): void {
    const now = performance.now()
    if (kind === this.#toldKind && now - this.#toldAt < TELL_AGAIN_MS) return
    this.#toldKind = kind
    this.#toldAt = now
    this.#options.onFault(this.#options.target.bootstrapServers, message, code)
  }

  /** Fails everything at once, so that one bad rule never holds up devices, and tries again later. */
  #refuse(kind: FaultKind, detail: string, code?: ErrorCode, worked = false): void {
    if (this.#state === 'closed') return
    this.#refusal = this.#failure(kind, detail, code, worked)
    this.#lastFault = this.#refusal.message
    this.#lastCode = this.#refusal.code
    this.#retryLater()
    this.#failAll(this.#refusal)
  }

  #retryLater(): void {
    if (this.#state !== 'proving') this.#state = 'refused'
    this.#destroy()
    const longest = this.#state === 'proving' ? PROVE_LAST_MS : RETRY_LAST_MS
    const delay = Math.min(RETRY_FIRST_MS * 2 ** this.#attempts, longest)
    this.#attempts += 1
    clearTimeout(this.#retry)
    this.#retry = setTimeout(() => this.#open(true), withJitter(delay)).unref()
  }

  /** A fatal error of idempotence. A missing permission for it does not pass by itself. */
  #broken(): void {
    const isForbidden = /authorization failed/i.test(this.#lastLog)
    if (isForbidden && !this.#options.history.hasSucceeded(undefined))
      this.#refuse('not-authorized', inOurWords(this.#lastLog))
    else this.#replace()
  }

  /** The handle is no good any more: a new handle produces every unreported record again, in order. */
  #replace(): void {
    if (this.#state === 'replacing' || this.#state === 'closed') return
    if (this.#state === 'refused' || this.#state === 'proving') {
      this.#retryLater()
      return
    }
    const delay = this.#attempts === 0 ? 0 : Math.min(RETRY_FIRST_MS * this.#attempts, RETRY_LAST_MS)
    this.#attempts += 1
    this.#replaceAfter(delay)
  }

  #replaceAfter(delay: number): void {
    const probe = this.#isProbe
    this.#state = 'replacing'
    this.#destroy()
    void this.#destroyed.then(() => {
      if (this.#state === 'replacing') this.#retry = setTimeout(() => this.#open(probe), delay)
    })
  }

  #destroy(): void {
    const native = this.#native
    const connected = this.#connected
    this.#native = undefined
    this.#openings += 1
    this.#connected = this.#isUp = false
    this.#inFlight = this.#lateBytes = 0
    for (const hold of this.#holds?.values() ?? []) {
      for (const entry of hold.behind) entry.isHeld = false
      hold.behind = []
    }
    this.#options.poller.remove(this)
    if (native === undefined) return
    if (connected) this.#disconnect(native)
    else native.abandon?.()
  }

  #disconnect(native: NativeProducer<Entry>): void {
    const earlier = this.#destroyed
    this.#destroyed = new Promise<void>((resolve) => native.disconnect(resolve)).then(() => earlier)
  }

  #failure(kind: FaultKind, message: string, code?: Failure['code'], worked = false): Failure {
    const failure = failureOf(kind, this.#options.target.bootstrapServers, this.#scrub(message), worked)
    return code === undefined ? failure : { ...failure, code }
  }

  #scrub(message: string): string {
    return scrub(message, this.#options.target.settings)
  }
}

/** Spread, so that what failed at one time does not come back at one time. */
function withJitter(milliseconds: number): number {
  return milliseconds * (0.75 + Math.random() / 2)
}

function textOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error)
}
