import { type ErrorCode, type Failure } from '../../errors.ts'
import { type Delivery } from '../delivery.ts'
import { type History } from './history.ts'
import { Held, type RecordOwner, type RecordSender } from './outstanding.ts'
import { type KafkaProducer } from './producer.ts'
import { type KafkaRecipe, type Resolution } from './recipe.ts'
import { type KafkaRecord } from './record.ts'
import { type KafkaTarget } from './target.ts'

/** A place in the pool: a target, and its producer while there is one. */
export interface Place {
  readonly target: KafkaTarget
  readonly history: History
  readonly producer: KafkaProducer | undefined
}

/** What a late producer needs of the pool. */
export interface LateHost {
  /** A share of the place for `target`; its producer proves itself first where `after` says whose place it takes. */
  lease(target: KafkaTarget, after?: Place): Place
  giveBack(place: Place): void
  deliver(
    place: Place,
    record: KafkaRecord,
    delivery: Delivery,
    sender: RecordSender | undefined,
    owner: RecordOwner,
    since?: number,
  ): void
  readonly refreshAfter: number
  readonly onEvent: (event: LateEvent) => void
}

/** What happened to a producer whose properties are looked up; says nothing of secrets. */
export type LateEvent =
  | { readonly kind: 'unresolved'; readonly bootstrapServers: string; readonly failure: Failure }
  | { readonly kind: 'changed'; readonly bootstrapServers: string }
  | {
      readonly kind: 'rotated'
      readonly bootstrapServers: string
      /** Milliseconds without delivery: from the first refusal of the old producer, else from the pause. */
      readonly gap: number
      /** Records that the old producer had not confirmed. */
      readonly again: number
    }

const RETRY_FIRST_MS = 1_000
const RETRY_LAST_MS = 30_000
/** Waits between look-ups for the sake of refused credentials. */
const RENEW_FIRST_MS = 2_000
const RENEW_LAST_MS = 60_000
/** Refused credentials are looked up anew unless they are younger. */
const RENEW_AGE_MS = 1_000
/** How long a replaced producer may take to confirm what it has; then it is sent again. */
const DRAIN_MS = 3_000
const DRAIN_CHECK_MS = 5

/**
 * A producer whose client properties are looked up. Records wait, in order, until they are known; when they change,
 * a second producer proves itself beside the first, and then takes over: pause, drain, send again what was not
 * confirmed, go on. While neither is let in both keep trying.
 */
export class LateProducer implements RecordOwner {
  readonly recipe: KafkaRecipe
  outstanding = 0
  shares = 0
  /** `performance.now()` when the last share was given back. */
  unsharedAt = 0
  readonly #host: LateHost
  #place: Place | undefined
  /** The place that is to take over. */
  #next: Place | undefined
  #wanted: KafkaTarget | undefined
  /** Records for which there is no producer yet, or none at the moment. */
  #waiting: Held[] = []
  #isHandingOver = false
  #failure: Failure | undefined
  #isLookingUp = false
  #attempts = 0
  #timer: NodeJS.Timeout | undefined
  #renewedAt = -Infinity
  #renewAfter = RENEW_FIRST_MS
  #closed = false

  constructor(recipe: KafkaRecipe, host: LateHost) {
    this.recipe = recipe
    this.#host = host
    void this.#lookUp(undefined)
  }

  get waiting(): number {
    return this.#waiting.length
  }

  /** Milliseconds that the oldest record has waited for a producer. */
  get waitingAge(): number {
    const [oldest] = this.#waiting
    return oldest === undefined ? 0 : performance.now() - oldest.since
  }

  /** Milliseconds that the oldest record has waited for its cluster, or for a producer. */
  get oldestAge(): number {
    return this.outstanding > 0
      ? Math.max(this.waitingAge, this.#place?.producer?.oldestAge ?? 0)
      : this.waitingAge
  }

  /** Where its records go; undefined until its properties are known. */
  get place(): Place | undefined {
    return this.#place
  }

  get lastFault(): string | undefined {
    return this.#failure?.message
  }

  get lastCode(): ErrorCode | undefined {
    return this.#failure?.code
  }

  uses(place: Place): boolean {
    return this.#place === place || this.#next === place
  }

  send(record: KafkaRecord, delivery: Delivery, sender?: RecordSender, since?: number): void {
    if (this.#failure !== undefined) delivery.settled(this.#failure)
    else if (this.#place === undefined || this.#isHandingOver)
      this.#waiting.push(new Held(record, delivery, sender, since ?? performance.now()))
    else this.#host.deliver(this.#place, record, delivery, sender, this, since)
  }

  /** Fails what waits for a producer and `isOver` says so; returns how many. */
  giveUp(isOver: (held: Held) => boolean, failure: Failure): number {
    const kept: Held[] = []
    const over: Held[] = []
    for (const held of this.#waiting) (isOver(held) ? over : kept).push(held)
    if (over.length > 0) this.#waiting = kept
    for (const held of over) held.fail(failure)
    return over.length
  }

  /** The cluster refuses what was looked up; true while something newer is looked for. */
  refused(): boolean {
    const now = performance.now()
    if (this.#isLookingUp) return true
    if (now - this.#renewedAt < this.#renewAfter) return false
    this.#renewAfter =
      this.#renewedAt === -Infinity ? RENEW_FIRST_MS : Math.min(this.#renewAfter * 2, RENEW_LAST_MS)
    this.#renewedAt = now
    void this.#lookUp(RENEW_AGE_MS)
    return true
  }

  /** Fails what waits and looks nothing up any more. */
  close(failure: Failure): void {
    this.#closed = true
    this.#failure = failure
    clearTimeout(this.#timer)
    for (const place of [this.#place, this.#next]) if (place !== undefined) this.#host.giveBack(place)
    this.#place = this.#next = undefined
    this.#failWaiting(failure)
  }

  async #lookUp(maxAge: number | undefined): Promise<void> {
    if (this.#isLookingUp || this.#closed) return
    this.#isLookingUp = true
    clearTimeout(this.#timer)
    const resolution = await this.recipe.resolve(maxAge)
    this.#isLookingUp = false
    if (this.#closed) return
    if (!resolution.ok) this.#unresolved(resolution)
    else {
      this.#attempts = 0
      this.#failure = undefined
      this.#lookUpIn(this.#host.refreshAfter * (1 + Math.random() / 20))
      this.#wanted = resolution.target
      this.#follow()
    }
  }

  #lookUpIn(milliseconds: number): void {
    clearTimeout(this.#timer)
    this.#timer = setTimeout(() => void this.#lookUp(undefined), milliseconds).unref()
  }

  /** Properties that were known once stay in use: they may still work. */
  #unresolved({ failure }: Resolution & { ok: false }): void {
    const delay = Math.min(RETRY_FIRST_MS * 2 ** this.#attempts, RETRY_LAST_MS)
    this.#attempts += 1
    this.#lookUpIn(delay * (0.75 + Math.random() / 2))
    this.#host.onEvent({ kind: 'unresolved', bootstrapServers: this.recipe.bootstrapServers, failure })
    if (this.#place !== undefined) return
    this.#failure = failure.class === 'environment' ? undefined : failure
    if (this.#failure !== undefined) this.#failWaiting(failure)
  }

  #failWaiting(failure: Failure): void {
    const waiting = this.#waiting
    this.#waiting = []
    for (const held of waiting) held.fail(failure)
  }

  /** Makes the producer the one for the properties looked up last. */
  #follow(): void {
    const target = this.#wanted
    if (target === undefined || this.#isHandingOver) return
    if (this.#place === undefined) {
      this.#place = this.#host.lease(target)
      this.#flush()
      return
    }
    if (this.#next?.target.identity === target.identity) return
    if (this.#next !== undefined) this.#host.giveBack(this.#next)
    this.#next = undefined
    if (this.#place.target.identity !== target.identity) this.#rotate(this.#place, target)
  }

  #rotate(old: Place, target: KafkaTarget): void {
    this.#host.onEvent({ kind: 'changed', bootstrapServers: target.bootstrapServers })
    this.#renewAfter = RENEW_FIRST_MS
    const proves = old.producer !== undefined && old.history.hasSucceeded(undefined)
    const next = proves ? this.#host.lease(target, old) : this.#host.lease(target)
    this.#next = next
    const takeOver = (): void => {
      if (this.#next === next) void this.#handOver(old, next)
    }
    if (!proves || next.producer === undefined) takeOver()
    else next.producer.whenReady(takeOver)
  }

  async #handOver(old: Place, next: Place): Promise<void> {
    const began = old.producer?.refusedSince ?? performance.now()
    this.#isHandingOver = true
    const end = performance.now() + DRAIN_MS
    while (this.outstanding > 0 && canDrain(old) && performance.now() < end)
      await new Promise((resolve) => setTimeout(resolve, DRAIN_CHECK_MS))
    const withdrawn = old.producer?.withdraw(this)
    await withdrawn?.ended
    this.#isHandingOver = false
    const again = withdrawn?.records ?? []
    if (this.#closed) {
      for (const held of again) held.fail(this.#failure!)
      return
    }
    this.#place = next
    this.#next = undefined
    this.#host.giveBack(old)
    for (const held of again) this.#give(held, next)
    this.#flush()
    const { bootstrapServers } = next.target
    const gap = performance.now() - began
    this.#host.onEvent({ kind: 'rotated', bootstrapServers, gap, again: again.length })
    this.#follow()
  }

  #flush(): void {
    const waiting = this.#waiting
    this.#waiting = []
    for (const held of waiting) this.#give(held, this.#place!)
  }

  #give(held: Held, place: Place): void {
    held.release()
    this.#host.deliver(place, held.record, held.delivery, held.sender, this, held.since)
  }
}

/** Whether the producer of a place may still confirm records by itself. */
function canDrain({ producer }: Place): boolean {
  return producer?.state === 'ready' && producer.refusedSince === undefined
}
