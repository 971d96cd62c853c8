import { Recent } from './recent.ts'
import { Rate, rateLimit, type RateLimit } from './token-bucket.ts'

/** Clients whose rate is remembered when they are gone, so that connecting again brings them nothing. */
const REMEMBERED = 10_000
/** Milliseconds between looks at who may go on. */
const SLOT = 10

/** Bounds per second; undefined is no bound. */
export interface PublishRateLimits {
  readonly messagesPerSecond?: number | undefined
  readonly bytesPerSecond?: number | undefined
  readonly messagesPerSecondPerClient?: number | undefined
  readonly bytesPerSecondPerClient?: number | undefined
}

/** The rates of publishing: in all and of each client. */
export class PublishRate {
  readonly total: Rate | undefined
  readonly #perClient: RateLimit | undefined
  readonly #clients = new Recent<Rate>(REMEMBERED)

  constructor(limits: PublishRateLimits, now: number) {
    const total = rateLimit(limits.messagesPerSecond, limits.bytesPerSecond)
    this.total = total === undefined ? undefined : new Rate(total, now)
    this.#perClient = rateLimit(limits.messagesPerSecondPerClient, limits.bytesPerSecondPerClient)
  }

  /** False when nothing is bounded: nothing needs to be counted. */
  get isBounded(): boolean {
    return this.total !== undefined || this.#perClient !== undefined
  }

  /** The rate of one client, the same when it comes again. */
  of(client: string, now: number): Rate | undefined {
    const limit = this.#perClient
    return limit === undefined ? undefined : this.#clients.use(client, () => new Rate(limit, now))
  }
}

/** A publisher that is not read while it is over a rate. */
export interface Paced {
  /** It may go on. */
  onPace(): void
}

/** Where one publisher stands. */
export class Pace {
  readonly publisher: Paced
  readonly own: Rate | undefined
  /** What is left of its turn. */
  messages = 0
  bytes = 0

  constructor(publisher: Paced, own: Rate | undefined) {
    this.publisher = publisher
    this.own = own
  }
}

/**
 * Says which publishers are read. One over its own rate sleeps until its debt is paid. While all together are over
 * theirs, publishers take turns, each with an equal share of what has come in, so that none starves. One timer serves
 * all, and only while somebody waits.
 *
 *     take ─► over its own rate ─► sleeping (by slots of time) ─► onPace
 *         └─► all are over theirs ─► in turn (oldest first)     ─► onPace
 */
export class Pacer {
  readonly #rate: PublishRate
  readonly #sleeping = new Map<number, Pace[]>()
  readonly #inTurn = new Set<Pace>()
  #slot = 0
  #timer: NodeJS.Timeout | undefined

  constructor(rate: PublishRate) {
    this.#rate = rate
  }

  /** A place for a publisher; undefined where nothing is bounded. */
  enter(publisher: Paced, client: string): Pace | undefined {
    if (!this.#rate.isBounded) return undefined
    return new Pace(publisher, this.#rate.of(client, performance.now()))
  }

  /** Counts a message. @returns false when its publisher must not be read until `onPace` */
  take(pace: Pace, bytes: number): boolean {
    const now = performance.now()
    const { own } = pace
    const { total } = this.#rate
    own?.take(1, bytes)
    total?.take(1, bytes)
    const wait = own?.wait(now) ?? 0
    if (wait > 0) {
      this.#sleep(pace, now + wait, now)
      return false
    }
    if (total === undefined) return true
    pace.messages -= 1
    pace.bytes -= bytes
    if (this.#inTurn.size === 0 && total.wait(now) === 0) return true
    if (pace.messages > 0 && pace.bytes > 0) return true
    this.#inTurn.add(pace)
    this.#start(now)
    return false
  }

  /** Its publisher is gone. */
  leave(pace: Pace): void {
    this.#inTurn.delete(pace)
  }

  close(): void {
    clearInterval(this.#timer)
    this.#timer = undefined
    this.#sleeping.clear()
    this.#inTurn.clear()
  }

  #sleep(pace: Pace, until: number, now: number): void {
    this.#start(now)
    const slot = Math.max(this.#slot + 1, Math.ceil(until / SLOT))
    const others = this.#sleeping.get(slot)
    if (others === undefined) this.#sleeping.set(slot, [pace])
    else others.push(pace)
  }

  #start(now: number): void {
    if (this.#timer !== undefined) return
    this.#slot = Math.floor(now / SLOT)
    this.#timer = setInterval(() => this.#tick(performance.now()), SLOT)
  }

  #tick(now: number): void {
    const current = Math.floor(now / SLOT)
    while (this.#slot < current) {
      const due = this.#sleeping.get(++this.#slot)
      if (due === undefined) continue
      this.#sleeping.delete(this.#slot)
      for (const { publisher } of due) publisher.onPace()
    }
    this.#serve(now)
    if (this.#sleeping.size > 0 || this.#inTurn.size > 0) return
    clearInterval(this.#timer)
    this.#timer = undefined
  }

  /** One round at most: those that come back into the turn wait for the next. */
  #serve(now: number): void {
    const { total } = this.#rate
    if (total === undefined || this.#inTurn.size === 0 || total.wait(now) > 0) return
    const share = total.share(this.#inTurn.size, now)
    for (const pace of [...this.#inTurn]) {
      if (total.wait(now) > 0) return
      if (!this.#inTurn.delete(pace)) continue
      pace.messages = share.messages
      pace.bytes = share.bytes
      pace.publisher.onPace()
    }
  }
}
