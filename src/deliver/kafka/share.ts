import { type Failure } from '../../errors.ts'
import { type Delivery } from '../delivery.ts'
import { type Follower, Held, type RecordSender } from './outstanding.ts'
import { type KafkaRecord } from './record.ts'

/** A share of a pooled producer, held by one action. */
export interface KafkaSender {
  /** Takes the record; never throws, never blocks. Records of one sender are produced in the order of the calls. */
  send(record: KafkaRecord, delivery: Delivery): void
  /** Gives the share back; what was sent is still delivered and settled. */
  release(): void
}

/** How an action wants its share. */
export interface ShareOptions {
  /** Records are given up, as the environment's fault, once they have waited for the pool's delivery timeout. */
  readonly isTimed?: boolean
  /** Shares of another producer whose records go before: those of the same action before its properties changed. */
  readonly after?: readonly KafkaSender[]
}

/** What a share does with the pool. */
export interface ShareHost {
  deliver(record: KafkaRecord, delivery: Delivery, sender: RecordSender, since?: number): void
  release(): void
}

/**
 * Sends through the pool, and keeps the order between two producers: while a record of a share that goes before has
 * not settled, records wait here.
 */
export class Share implements KafkaSender, RecordSender, Follower {
  outstanding = 0
  readonly isTimed: boolean
  readonly followers = new Set<Follower>()
  readonly #host: ShareHost
  #before: readonly Share[]
  #waiting: Held[] = []
  #isReleased = false

  constructor(host: ShareHost, isTimed: boolean, before: readonly Share[]) {
    this.#host = host
    this.isTimed = isTimed
    this.#before = before
  }

  send(record: KafkaRecord, delivery: Delivery): void {
    if (this.#before.length > 0 && this.#mustWait())
      this.#waiting.push(new Held(record, delivery, this, performance.now()))
    else this.#host.deliver(record, delivery, this)
  }

  release(): void {
    if (this.#isReleased) return
    this.#isReleased = true
    this.#host.release()
  }

  /** The shares that go before this one. */
  get before(): readonly Share[] {
    return this.#before
  }

  /** Records that wait for another share. */
  get waiting(): number {
    return this.#waiting.length
  }

  get waitingAge(): number {
    const [oldest] = this.#waiting
    return oldest === undefined ? 0 : performance.now() - oldest.since
  }

  /** Waits for nobody any more. Messages in flight at the change of rules may use the old share for a while. */
  forget(): void {
    if (this.#waiting.length === 0) this.#before = []
  }

  /** Fails what waits here and `isOver` says so; returns how many. */
  giveUp(isOver: (held: Held) => boolean, failure: Failure): number {
    const waiting = this.#waiting
    const kept: Held[] = []
    const over: Held[] = []
    for (const held of waiting) (isOver(held) ? over : kept).push(held)
    this.#waiting = kept
    for (const held of over) held.fail(failure)
    return over.length
  }

  proceed(): void {
    if (this.#isHeldUp()) return
    // Sending may settle at once and bring more records, which have to stay behind these.
    for (let index = 0; index < this.#waiting.length; index += 1) {
      const held = this.#waiting[index]!
      held.release()
      this.#host.deliver(held.record, held.delivery, this, held.since)
    }
    this.#waiting = []
  }

  #mustWait(): boolean {
    return this.#waiting.length > 0 || this.#isHeldUp()
  }

  /** Whether a record of a share before this one is on its way; `proceed` is then called. */
  #isHeldUp(): boolean {
    const share = this.#before.find(({ outstanding }) => outstanding > 0)
    share?.followers.add(this)
    return share !== undefined
  }
}
