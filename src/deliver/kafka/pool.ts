import { type ErrorCode, type Failure } from '../../errors.ts'
import { type Delivery } from '../delivery.ts'
import { type Lookup } from './destination/index.ts'
import { HangWatch } from './hang-watch.ts'
import { linkOf, type ProducerHealth } from './health.ts'
import { Histories, type HistoriesOptions } from './histories.ts'
import { type History } from './history.ts'
import { IsolatedProducers } from './isolated/isolated-producer.ts'
import { isolationOf } from './isolated/isolation.ts'
import { type LateEvent, type LateHost, LateProducer, type Place } from './late-producer.ts'
import { createNative, type NativeFactory } from './native.ts'
import { type Entry, type Held, type RecordOwner, type RecordSender } from './outstanding.ts'
import { Poller } from './poller.ts'
import { type Examine } from './probe/index.ts'
import { KafkaProducer } from './producer.ts'
import { type KafkaRecipe } from './recipe.ts'
import { type KafkaRecord } from './record.ts'
import { ReportWaiter } from './report-waiter.ts'
import { type KafkaSender, Share, type ShareOptions } from './share.ts'
import { type KafkaTarget } from './target.ts'

export interface DeliveryOptions {
  /** Producers alive at a time. */
  readonly maxProducers: number
  /** Milliseconds without a record after which a producer is closed; the next record opens it again. */
  readonly idleTimeout: number
  /** Milliseconds that records may wait for a cluster whose last share was given back; 30 seconds unless said. */
  readonly abandonAfter?: number
  /** Told of connection faults, which repeat while they last; never of secrets. */
  readonly onFault?: (bootstrapServers: string, message: string, code?: ErrorCode) => void
  /** Finds out what is behind a fault of TLS; only tests replace it. */
  readonly examine?: Examine
  /** Resolves the names of brokers; only tests replace it. */
  readonly lookup?: Lookup
  /** Milliseconds after which properties that were looked up are looked up again; 15 minutes unless said. */
  readonly refreshAfter?: number
  /** Told of producers whose properties are looked up, of those that hang, and of records given up. */
  readonly onEvent?: (event: DeliveryEvent) => void
  /** Milliseconds that a timed record may wait for Kafka; none unless said. */
  readonly deliveryTimeout?: number
  /** Milliseconds without any report after which a producer hangs; 10 seconds unless said. */
  readonly hangAfter?: number
  /** Bytes that records which were given up may keep in librdkafka; 32 MiB unless said. */
  readonly lateBytes?: number
  /** Lets what has worked be known after a restart. */
  readonly histories?: HistoriesOptions
  /** Makes the producer handle; only tests replace it. */
  readonly factory?: NativeFactory<Entry>
}

/** What happened to a producer; says nothing of secrets. */
export type DeliveryEvent =
  | LateEvent
  | {
      /** Nothing was reported for a while although records are due, or again after that. */
      readonly kind: 'hanging' | 'recovered'
      readonly bootstrapServers: string
      readonly producer: string
      readonly outstanding: number
      /** Milliseconds without a report. */
      readonly silence: number
    }
  | { readonly kind: 'timed-out'; readonly records: number }

/** Opens senders; producers are pooled by target. */
export interface KafkaDelivery {
  /**
   * A share of the producer for a target, or for what a recipe looks up; equal ones share one. Never throws: faults
   * reach `settled`.
   */
  open(source: KafkaTarget | KafkaRecipe, options?: ShareOptions): KafkaSender
  /** Resolves with the number of records still unreported: 0 when all are, else after `deadline` milliseconds. */
  drain(deadline: number): Promise<number>
  /** Destroys every producer; records still unreported settle as environment failures. */
  close(): Promise<void>
  health(): readonly ProducerHealth[]
}

const DRAIN_CHECK_MS = 5
const SWEEP_LIMIT_MS = 1_000
/** Records given up in one go; what is left follows after the event loop has turned. */
const EXPIRE_LIMIT = 2_000
const HANG_MS = 10_000
const LATE_BYTES = 32 * 1024 * 1024
/** A share waits for those before it this long after it was opened; messages in flight may use them meanwhile. */
const FOLLOW_MS = 300_000
/**
 * A record that no rule's target would take any more, because its rules were changed or removed, waits this long for
 * its cluster. Then its message is withheld, so that the device sends it to the rules of now.
 */
const ABANDON_MS = 30_000
const REFRESH_MS = 900_000

/** Everything known of one target. The slot outlives its producer, so that what once worked is remembered. */
interface Slot extends Place {
  readonly number: number
  readonly target: KafkaTarget
  readonly history: History
  readonly hang: HangWatch
  producer: KafkaProducer | undefined
  shares: number
  /** `producer.sent` at the last sweep, and the time at which it last differed. */
  seen: number
  usedAt: number
  /** `performance.now()` when the last share was given back. */
  unsharedAt: number
}

/** Producers for actions, shared by those with the same target and bounded in number; idle ones are closed. */
export function createDelivery(options: DeliveryOptions): KafkaDelivery {
  return new ProducerPool(options)
}

class ProducerPool implements KafkaDelivery {
  readonly #options: DeliveryOptions
  readonly #late = new Map<string, LateProducer>()
  readonly #host: LateHost
  #numbers = 0
  readonly #slots = new Map<string, Slot>()
  readonly #poller = new Poller()
  readonly #waiter = new ReportWaiter()
  readonly #isolated = new IsolatedProducers()
  readonly #closing = new Set<Promise<void>>()
  readonly #sweeper: NodeJS.Timeout
  readonly #abandonAfter: number
  readonly #histories: Histories
  /** Shares that keep behind others, with `performance.now()` of their opening. */
  readonly #followers = new Map<Share, number>()
  #expiring: NodeJS.Immediate | undefined
  #closed = false

  constructor(options: DeliveryOptions) {
    this.#options = options
    this.#abandonAfter = options.abandonAfter ?? ABANDON_MS
    this.#histories = new Histories(options.histories)
    this.#host = {
      lease: (target, after) => this.#lease(target, after),
      giveBack: (place) => this.#giveBack(place as Slot),
      deliver: (place, record, delivery, sender, owner, since) =>
        this.#send(place as Slot, record, delivery, sender, owner, since),
      refreshAfter: options.refreshAfter ?? REFRESH_MS,
      onEvent: options.onEvent ?? (() => {}),
    }
    const { idleTimeout, deliveryTimeout = Infinity, hangAfter = HANG_MS } = options
    const often = Math.min(idleTimeout, this.#abandonAfter, deliveryTimeout, hangAfter) / 4
    this.#sweeper = setInterval(() => this.#sweep(), Math.min(often, SWEEP_LIMIT_MS)).unref()
  }

  open(source: KafkaTarget | KafkaRecipe, options: ShareOptions = {}): KafkaSender {
    const share = 'resolve' in source ? this.#lateShare(source, options) : this.#share(source, options)
    if (share.before.length > 0) this.#followers.set(share, performance.now())
    return share
  }

  #share(target: KafkaTarget, { isTimed = false, after = [] }: ShareOptions): Share {
    const slot = this.#lease(target)
    const host = {
      deliver: (record: KafkaRecord, delivery: Delivery, sender: RecordSender, since?: number) =>
        this.#send(slot, record, delivery, sender, undefined, since),
      release: () => this.#release(slot),
    }
    return new Share(host, isTimed, withTheirs(after))
  }

  #lateShare(recipe: KafkaRecipe, { isTimed = false, after = [] }: ShareOptions): Share {
    const late = this.#lateOf(recipe)
    const host = {
      deliver: (record: KafkaRecord, delivery: Delivery, sender: RecordSender, since?: number) =>
        this.#sendLate(late, record, delivery, sender, since),
      release: () => this.#releaseLate(late),
    }
    return new Share(host, isTimed, withTheirs(after))
  }

  #lateOf(recipe: KafkaRecipe): LateProducer {
    const late = this.#late.get(recipe.identity) ?? new LateProducer(recipe, this.#host)
    this.#late.set(recipe.identity, late)
    late.shares += 1
    return late
  }

  /** A share of a target's slot, with a producer. One that takes the place of another proves itself before. */
  #lease(target: KafkaTarget, after?: Place): Slot {
    let slot = this.#slots.get(target.identity)
    if (slot === undefined) {
      slot = {
        number: (this.#numbers += 1),
        target,
        history: this.#historyOf(target.identity, after),
        hang: new HangWatch(),
        producer: undefined,
        shares: 0,
        seen: 0,
        usedAt: performance.now(),
        unsharedAt: 0,
      }
      this.#slots.set(target.identity, slot)
    }
    slot.shares += 1
    slot.usedAt = performance.now()
    this.#producer(slot, after !== undefined)
    return slot
  }

  #historyOf(identity: string, after: Place | undefined): History {
    return after === undefined
      ? this.#histories.of(identity)
      : this.#histories.inherit(identity, after.history)
  }

  #forgetSlot({ target: { identity } }: Slot): void {
    this.#slots.delete(identity)
    this.#histories.forget(identity)
  }

  /** The slot's producer, made when there is none and the bound allows one; for a moment one more may replace one. */
  #producer(slot: Slot, prove = false): KafkaProducer | undefined {
    if (slot.producer !== undefined || this.#closed) return slot.producer
    if (!prove && !this.#makeRoom()) return undefined
    const { onFault, factory, examine, lookup } = this.#options
    slot.seen = 0
    slot.producer = new KafkaProducer({
      target: slot.target,
      history: slot.history,
      poller: this.#poller,
      waiter: this.#waiter,
      factory: factory ?? this.#factoryFor(slot.target),
      onFault: onFault ?? (() => {}),
      examine,
      lookup,
      renew: () => this.#renew(slot),
      prove,
    })
    return slot.producer
  }

  /** Producers of a Kerberos identity, and those with host-name overrides, live in a process of their own. */
  #factoryFor(target: KafkaTarget): NativeFactory<Entry> {
    const isolation = isolationOf(target)
    return isolation === undefined ? createNative : this.#isolated.factory(isolation)
  }

  /** Asks everyone who looked up what the cluster now refuses; true while one of them looks again. */
  #renew(slot: Slot): boolean {
    let renews = false
    for (const late of this.#late.values()) if (late.uses(slot) && late.refused()) renews = true
    return renews
  }

  #send(
    slot: Slot,
    record: KafkaRecord,
    delivery: Delivery,
    sender: RecordSender | undefined,
    owner: RecordOwner | undefined,
    since: number | undefined,
  ): void {
    const producer = slot.producer ?? this.#producer(this.#current(slot))
    if (producer !== undefined) producer.send(record, delivery, sender, owner, since)
    else delivery.settled(this.#closed ? closed(slot.target) : this.#full(slot.target))
  }

  /** A message in flight may still send by a share that was given back, whose slot is forgotten. */
  #current(slot: Slot): Slot {
    const { identity } = slot.target
    const known = this.#slots.get(identity)
    if (known === undefined && !this.#closed) this.#slots.set(identity, slot)
    return known ?? slot
  }

  /** The same for a share of a producer whose properties are looked up. */
  #sendLate(
    late: LateProducer,
    record: KafkaRecord,
    delivery: Delivery,
    sender: RecordSender,
    since?: number,
  ): void {
    const { recipe } = late
    if (this.#closed) delivery.settled(closed(recipe))
    else if (this.#late.get(recipe.identity) === late) late.send(record, delivery, sender, since)
    else {
      const revived = this.#lateOf(recipe)
      revived.send(record, delivery, sender, since)
      this.#releaseLate(revived)
    }
  }

  #releaseLate(late: LateProducer): void {
    late.shares -= 1
    late.unsharedAt = performance.now()
  }

  /** A producer with properties of the past is not kept for a later use. */
  #giveBack(slot: Slot): void {
    this.#release(slot)
    if (slot.shares > 0 || (slot.producer?.outstanding ?? 0) > 0) return
    this.#closeProducer(slot)
    if (this.#slots.get(slot.target.identity) === slot) this.#forgetSlot(slot)
  }

  /** The rule's fault, unless a producer that nobody shares is about to give way. */
  #full({ bootstrapServers }: KafkaTarget): Failure {
    const leaving = [...this.#slots.values()].some(
      ({ shares, producer }) => shares === 0 && producer !== undefined,
    )
    return {
      code: 'KAFKA_POOL_FULL',
      class: leaving ? 'environment' : 'rule',
      resource: bootstrapServers,
      message: `There are ${this.#options.maxProducers} Kafka producers already, as many as the configuration allows.`,
    }
  }

  #release(slot: Slot): void {
    slot.shares -= 1
    slot.usedAt = slot.unsharedAt = performance.now()
  }

  async drain(deadline: number): Promise<number> {
    const end = performance.now() + deadline
    for (;;) {
      let left = 0
      for (const { producer } of this.#slots.values()) left += producer?.outstanding ?? 0
      for (const { waiting } of this.#late.values()) left += waiting
      for (const { waiting } of this.#followers.keys()) left += waiting
      if (left === 0 || performance.now() >= end) return left
      await new Promise((resolve) => setTimeout(resolve, DRAIN_CHECK_MS))
    }
  }

  async close(): Promise<void> {
    this.#closed = true
    clearInterval(this.#sweeper)
    clearImmediate(this.#expiring)
    for (const late of this.#late.values()) late.close(closed(late.recipe))
    this.#late.clear()
    for (const slot of this.#slots.values()) this.#closeProducer(slot)
    this.#slots.clear()
    for (const share of this.#followers.keys())
      share.giveUp(() => true, closed({ bootstrapServers: 'kafka' }))
    this.#followers.clear()
    this.#histories.close()
    await Promise.all(this.#closing)
  }

  health(): readonly ProducerHealth[] {
    const late = [...this.#late.values()]
    const resolved = [...this.#slots.values()].map((slot): ProducerHealth => {
      const { producer } = slot
      const { bootstrapServers } = slot.target
      // A late producer has one share of its place for all of its actions.
      const through = late.filter((each) => each.place === slot)
      return {
        name: nameOf(slot),
        bootstrapServers,
        state: slot.hang.isHanging ? 'hanging' : (producer?.state ?? 'idle'),
        link: linkOf(producer, slot.hang.isHanging),
        shares: through.reduce((sum, { shares }) => sum + shares - 1, slot.shares),
        outstanding: producer?.outstanding ?? 0,
        oldestAge: producer?.oldestAge ?? 0,
        lastFault: producer?.lastFault,
        lastCode: producer?.lastCode,
      }
    })
    const unresolved = late.filter(({ place }) => place === undefined)
    return [
      ...resolved,
      ...unresolved.map((each): ProducerHealth => {
        const { recipe, shares, waiting, waitingAge, lastFault, lastCode } = each
        const { bootstrapServers } = recipe
        return {
          name: `${bootstrapServers}#`,
          bootstrapServers,
          state: 'resolving',
          link: lastFault === undefined ? 'connecting' : 'refused',
          shares,
          outstanding: waiting,
          oldestAge: waitingAge,
          lastFault,
          lastCode,
        }
      }),
    ]
  }

  /** Whether one more producer may live, closing the one that is unused for longest if need be. */
  #makeRoom(): boolean {
    const live = [...this.#slots.values()].filter(({ producer }) => producer !== undefined)
    if (live.length < this.#options.maxProducers) return true
    const forgotten = [...this.#late.values()].find((late) => late.shares === 0 && isDone(late))
    if (forgotten !== undefined) {
      this.#forget(forgotten)
      return this.#makeRoom()
    }
    const unused = live.filter(({ shares, producer }) => shares === 0 && producer?.outstanding === 0)
    const oldest = unused.sort((a, b) => a.usedAt - b.usedAt)[0]
    if (oldest === undefined) return false
    this.#closeProducer(oldest)
    this.#forgetSlot(oldest)
    return true
  }

  #sweep(): void {
    const now = performance.now()
    this.#expire()
    this.#watchHangs(now)
    this.#sweepFollowers(now)
    this.#sweepLate(now)
    for (const slot of this.#slots.values()) {
      const { producer } = slot
      const isUsed = producer !== undefined && (producer.sent !== slot.seen || producer.outstanding > 0)
      if (isUsed || producer?.state === 'proving') {
        slot.seen = producer!.sent
        slot.usedAt = now
      }
      const abandoned =
        slot.shares === 0 &&
        now - slot.unsharedAt >= this.#abandonAfter &&
        (producer?.oldestAge ?? 0) >= this.#abandonAfter
      if (!abandoned && now - slot.usedAt < this.#options.idleTimeout) continue
      this.#closeProducer(slot)
      if (slot.shares === 0) this.#forgetSlot(slot)
    }
  }

  /** Gives up timed records that have waited too long, and frees what librdkafka keeps of such records. */
  #expire(): void {
    const { deliveryTimeout, onEvent } = this.#options
    if (deliveryTimeout === undefined || this.#closed) return
    const time = performance.now() - deliveryTimeout
    const isOver = ({ since, sender }: Held): boolean => sender?.isTimed === true && since <= time
    let count = 0
    let isMore = false
    for (const { producer } of [...this.#slots.values()]) {
      const expired = producer?.expire(time, EXPIRE_LIMIT) ?? 0
      isMore ||= expired >= EXPIRE_LIMIT
      count += expired
    }
    for (const late of this.#late.values())
      count += late.giveUp(isOver, timedOut(late.recipe, late.lastFault))
    for (const share of this.#followers.keys())
      count += share.giveUp(isOver, timedOut({ bootstrapServers: 'kafka' }))
    if (count > 0) onEvent?.({ kind: 'timed-out', records: count })
    this.#purge()
    if (isMore) this.#expiring = setImmediate(() => this.#expire())
  }

  #purge(): void {
    const limit = this.#options.lateBytes ?? LATE_BYTES
    const holding = [...this.#slots.values()].flatMap(({ producer }) =>
      producer !== undefined && producer.lateBytes > 0 ? [producer] : [],
    )
    let bytes = holding.reduce((sum, { lateBytes }) => sum + lateBytes, 0)
    holding.sort((a, b) => b.lateBytes - a.lateBytes)
    for (const producer of holding) {
      if (bytes <= limit) return
      bytes -= producer.lateBytes
      producer.purge()
    }
  }

  #watchHangs(now: number): void {
    const { hangAfter = HANG_MS, onEvent } = this.#options
    for (const slot of this.#slots.values()) {
      const { producer, hang } = slot
      const kind = hang.look(producer, now, hangAfter)
      if (kind === undefined) continue
      onEvent?.({
        kind,
        bootstrapServers: slot.target.bootstrapServers,
        producer: nameOf(slot),
        outstanding: producer?.outstanding ?? 0,
        silence: hang.silence,
      })
    }
  }

  /**
   * Shares that wait too long for the records of those before them: both are withheld, so that devices send both
   * again, in order, to the rules of now.
   */
  #sweepFollowers(now: number): void {
    for (const [share, openedAt] of this.#followers) {
      if (share.waitingAge >= this.#abandonAfter) {
        share.giveUp(() => true, closed({ bootstrapServers: 'kafka' }))
        for (const before of share.before) this.#abandon(before)
      }
      if (now - openedAt < FOLLOW_MS || share.waiting > 0) continue
      share.forget()
      this.#followers.delete(share)
    }
  }

  #abandon(share: Share): void {
    for (const { producer, target } of this.#slots.values()) producer?.abandon(share, closed(target))
    const isTheirs = ({ sender }: Held): boolean => sender === share
    for (const late of this.#late.values()) late.giveUp(isTheirs, closed(late.recipe))
    share.giveUp(() => true, closed({ bootstrapServers: 'kafka' }))
  }

  /** A recipe that no rule names any more is forgotten once its records have settled or waited too long. */
  #sweepLate(now: number): void {
    for (const late of this.#late.values()) {
      if (late.shares > 0) continue
      const unshared = now - late.unsharedAt
      const isAbandoned = unshared >= this.#abandonAfter && late.oldestAge >= this.#abandonAfter
      if (isAbandoned || (isDone(late) && unshared >= this.#options.idleTimeout)) this.#forget(late)
    }
  }

  #forget(late: LateProducer): void {
    this.#late.delete(late.recipe.identity)
    late.close(closed(late.recipe))
  }

  #closeProducer(slot: Slot): void {
    if (slot.producer === undefined) return
    const ended: Promise<void> = slot.producer.close().then(() => void this.#closing.delete(ended))
    this.#closing.add(ended)
    slot.producer = undefined
  }
}

function isDone({ outstanding, waiting }: LateProducer): boolean {
  return outstanding === 0 && waiting === 0
}

/** The shares, and those that they keep behind themselves. */
function withTheirs(after: readonly KafkaSender[]): Share[] {
  const shares = after.filter((sender) => sender instanceof Share)
  return [...new Set([...shares, ...shares.flatMap(({ before }) => before)])]
}

function nameOf({ number, target }: Slot): string {
  return `${target.bootstrapServers}#${number}`
}

function timedOut({ bootstrapServers }: { readonly bootstrapServers: string }, fault?: string): Failure {
  const why = 'There was no producer for the record within the delivery timeout'
  return {
    code: 'KAFKA_DELIVERY_TIMEOUT',
    class: 'environment',
    resource: bootstrapServers,
    message: fault === undefined ? `${why}.` : `${why}: ${fault}`,
  }
}

function closed({ bootstrapServers }: { readonly bootstrapServers: string }): Failure {
  return {
    code: 'KAFKA_CLOSED',
    class: 'environment',
    resource: bootstrapServers,
    message: 'Delivery has been shut down.',
  }
}
