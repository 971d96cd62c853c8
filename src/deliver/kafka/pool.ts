import { type Failure } from '../../errors.ts'
import { type Delivery } from '../delivery.ts'
import { History } from './history.ts'
import { createNative, type NativeFactory } from './native.ts'
import { type Entry } from './outstanding.ts'
import { Poller } from './poller.ts'
import { KafkaProducer, type ProducerState } from './producer.ts'
import { type KafkaRecord } from './record.ts'
import { ReportWaiter } from './report-waiter.ts'
import { type KafkaTarget } from './target.ts'

export interface DeliveryOptions {
  /** Producers alive at a time. */
  readonly maxProducers: number
  /** Milliseconds without a record after which a producer is closed; the next record opens it again. */
  readonly idleTimeout: number
  /** Milliseconds that records may wait for a cluster whose last share was given back; 30 seconds unless said. */
  readonly abandonAfter?: number
  /** Told of connection faults, which repeat while they last; never of secrets. */
  readonly onFault?: (bootstrapServers: string, message: string) => void
  /** Makes the producer handle; only tests replace it. */
  readonly factory?: NativeFactory<Entry>
}

/** A share of a pooled producer, held by one action. */
export interface KafkaSender {
  /** Takes the record; never throws, never blocks. Records of one sender are produced in the order of the calls. */
  send(record: KafkaRecord, delivery: Delivery): void
  /** Gives the share back; what was sent is still delivered and settled. */
  release(): void
}

/** How one producer fares. */
export interface ProducerHealth {
  readonly bootstrapServers: string
  readonly state: ProducerState | 'idle'
  /** Records not settled. */
  readonly outstanding: number
  /** Milliseconds the oldest of them has waited. */
  readonly oldestAge: number
  readonly lastFault: string | undefined
}

/** Opens senders; producers are pooled by target. */
export interface KafkaDelivery {
  /** A share of the producer for `target`; equal targets share one. Never throws: faults reach `settled`. */
  open(target: KafkaTarget): KafkaSender
  /** Resolves with the number of records still unreported: 0 when all are, else after `deadline` milliseconds. */
  drain(deadline: number): Promise<number>
  /** Destroys every producer; records still unreported settle as environment failures. */
  close(): Promise<void>
  health(): readonly ProducerHealth[]
}

const DRAIN_CHECK_MS = 5
const SWEEP_LIMIT_MS = 10_000
/**
 * A record that no rule's target would take any more, because its rules were changed or removed, waits this long for
 * its cluster. Then its message is withheld, so that the device sends it to the rules of now.
 */
const ABANDON_MS = 30_000

/** Everything known of one target. The slot outlives its producer, so that what once worked is remembered. */
interface Slot {
  readonly target: KafkaTarget
  readonly history: History
  producer: KafkaProducer | undefined
  shares: number
  /** `producer.sent` at the last sweep, and the time at which it last differed. */
  seen: number
  usedAt: number
  /** `performance.now()` when the last share was given back. */
  unsharedAt: number
}

export function createDelivery(options: DeliveryOptions): KafkaDelivery {
  return new ProducerPool(options)
}

class ProducerPool implements KafkaDelivery {
  readonly #options: DeliveryOptions
  readonly #slots = new Map<string, Slot>()
  readonly #poller = new Poller()
  readonly #waiter = new ReportWaiter()
  readonly #closing = new Set<Promise<void>>()
  readonly #sweeper: NodeJS.Timeout
  readonly #abandonAfter: number
  #closed = false

  constructor(options: DeliveryOptions) {
    this.#options = options
    this.#abandonAfter = options.abandonAfter ?? ABANDON_MS
    const often = Math.min(options.idleTimeout, this.#abandonAfter) / 2
    this.#sweeper = setInterval(() => this.#sweep(), Math.min(often, SWEEP_LIMIT_MS)).unref()
  }

  open(target: KafkaTarget): KafkaSender {
    let slot = this.#slots.get(target.identity)
    if (slot === undefined) {
      slot = {
        target,
        history: new History(),
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
    this.#producer(slot)
    return new Share(this, slot)
  }

  /** The slot's producer, made when there is none and the bound allows one. */
  #producer(slot: Slot): KafkaProducer | undefined {
    if (slot.producer !== undefined || this.#closed || !this.#makeRoom()) return slot.producer
    const { onFault, factory } = this.#options
    slot.seen = 0
    slot.producer = new KafkaProducer({
      target: slot.target,
      history: slot.history,
      poller: this.#poller,
      waiter: this.#waiter,
      factory: factory ?? createNative,
      onFault: onFault ?? (() => {}),
    })
    return slot.producer
  }

  send(slot: Slot, record: KafkaRecord, delivery: Delivery): void {
    const producer = slot.producer ?? this.#producer(this.#current(slot))
    if (producer !== undefined) producer.send(record, delivery)
    else delivery.settled(this.#closed ? closed(slot.target) : this.#full(slot.target))
  }

  /** A message in flight may still send by a share that was given back, whose slot is forgotten. */
  #current(slot: Slot): Slot {
    const { identity } = slot.target
    const known = this.#slots.get(identity)
    if (known === undefined && !this.#closed) this.#slots.set(identity, slot)
    return known ?? slot
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

  release(slot: Slot): void {
    slot.shares -= 1
    slot.usedAt = slot.unsharedAt = performance.now()
  }

  async drain(deadline: number): Promise<number> {
    const end = performance.now() + deadline
    for (;;) {
      let left = 0
      for (const { producer } of this.#slots.values()) left += producer?.outstanding ?? 0
      if (left === 0 || performance.now() >= end) return left
      await new Promise((resolve) => setTimeout(resolve, DRAIN_CHECK_MS))
    }
  }

  async close(): Promise<void> {
    this.#closed = true
    clearInterval(this.#sweeper)
    for (const slot of this.#slots.values()) this.#closeProducer(slot)
    this.#slots.clear()
    await Promise.all(this.#closing)
  }

  health(): readonly ProducerHealth[] {
    return [...this.#slots.values()].map(({ target: { bootstrapServers }, producer }) => ({
      bootstrapServers,
      state: producer?.state ?? 'idle',
      outstanding: producer?.outstanding ?? 0,
      oldestAge: producer?.oldestAge ?? 0,
      lastFault: producer?.lastFault,
    }))
  }

  /** Whether one more producer may live, closing the one that is unused for longest if need be. */
  #makeRoom(): boolean {
    const live = [...this.#slots.values()].filter(({ producer }) => producer !== undefined)
    if (live.length < this.#options.maxProducers) return true
    const unused = live.filter(({ shares, producer }) => shares === 0 && producer?.outstanding === 0)
    const oldest = unused.sort((a, b) => a.usedAt - b.usedAt)[0]
    if (oldest === undefined) return false
    this.#closeProducer(oldest)
    this.#slots.delete(oldest.target.identity)
    return true
  }

  #sweep(): void {
    const now = performance.now()
    for (const [identity, slot] of this.#slots) {
      const { producer } = slot
      if (producer !== undefined && (producer.sent !== slot.seen || producer.outstanding > 0)) {
        slot.seen = producer.sent
        slot.usedAt = now
      }
      const abandoned =
        slot.shares === 0 &&
        now - slot.unsharedAt >= this.#abandonAfter &&
        (producer?.oldestAge ?? 0) >= this.#abandonAfter
      if (!abandoned && now - slot.usedAt < this.#options.idleTimeout) continue
      this.#closeProducer(slot)
      if (slot.shares === 0) this.#slots.delete(identity)
    }
  }

  #closeProducer(slot: Slot): void {
    if (slot.producer === undefined) return
    const ended: Promise<void> = slot.producer.close().then(() => void this.#closing.delete(ended))
    this.#closing.add(ended)
    slot.producer = undefined
  }
}

class Share implements KafkaSender {
  readonly #pool: ProducerPool
  readonly #slot: Slot
  #released = false

  constructor(pool: ProducerPool, slot: Slot) {
    this.#pool = pool
    this.#slot = slot
  }

  send(record: KafkaRecord, delivery: Delivery): void {
    this.#pool.send(this.#slot, record, delivery)
  }

  release(): void {
    if (this.#released) return
    this.#released = true
    this.#pool.release(this.#slot)
  }
}

function closed({ bootstrapServers }: KafkaTarget): Failure {
  return {
    code: 'KAFKA_CLOSED',
    class: 'environment',
    resource: bootstrapServers,
    message: 'Delivery has been shut down.',
  }
}
