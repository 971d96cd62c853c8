import { type Failure } from '../../errors.ts'
import { type Delivery } from '../delivery.ts'
import { type KafkaRecord } from './record.ts'

/** Whoever may want its records back; counts those that have not settled. */
export interface RecordOwner {
  outstanding: number
}

/** The share of an action that sent a record. */
export interface RecordSender {
  /** Its records that have not settled, wherever they are. */
  outstanding: number
  /** Whether its records are given up after the delivery timeout. */
  readonly isTimed: boolean
  /** Whoever waits for `outstanding` to become 0; told once. */
  readonly followers: Set<Follower>
}

export interface Follower {
  proceed(): void
}

/** A record outside of any producer, which its sender counts all the same. */
export class Held {
  readonly record: KafkaRecord
  readonly delivery: Delivery
  readonly sender: RecordSender | undefined
  /** `performance.now()` at `send`. */
  readonly since: number

  constructor(record: KafkaRecord, delivery: Delivery, sender: RecordSender | undefined, since: number) {
    this.record = record
    this.delivery = delivery
    this.sender = sender
    this.since = since
    if (sender !== undefined) sender.outstanding += 1
  }

  /** To be called just before it is given to a producer, which counts it again. */
  release(): void {
    if (this.sender !== undefined) this.sender.outstanding -= 1
  }

  fail(failure: Failure): void {
    if (this.sender !== undefined) ended(this.sender)
    this.delivery.settled(failure)
  }
}

function ended(sender: RecordSender): void {
  sender.outstanding -= 1
  if (sender.outstanding > 0 || sender.followers.size === 0) return
  const followers = [...sender.followers]
  sender.followers.clear()
  for (const follower of followers) follower.proceed()
}

/** A record that has not settled; travels through librdkafka as the opaque, so a report finds it without a search. */
export class Entry {
  record: KafkaRecord
  /** Undefined once settled. */
  delivery: Delivery | undefined
  /** `performance.now()` at `send`. */
  readonly since: number
  readonly sender: RecordSender | undefined
  readonly owner: RecordOwner | undefined
  /** Bytes that librdkafka still holds for it although it was given up. */
  lateBytes = 0
  /** Given to the handle in name only: the record waits behind others of its topic. */
  isHeld = false
  /** The handle that was given the record; those not given to the current one are the end of the list. */
  handle: object | undefined
  next: Entry | undefined
  previous: Entry | undefined

  constructor(
    record: KafkaRecord,
    delivery: Delivery,
    since: number,
    sender: RecordSender | undefined = undefined,
    owner: RecordOwner | undefined = undefined,
  ) {
    this.record = record
    this.delivery = delivery
    this.since = since
    this.sender = sender
    this.owner = owner
  }
}

/** Unsettled records of one producer in the order of `send`: an intrusive list, each step constant in time. */
export class Outstanding {
  #first: Entry | undefined
  #last: Entry | undefined
  #size = 0
  #timed = 0
  /** Whether an older record may be behind a younger one. */
  #isMixed = false

  get size(): number {
    return this.#size
  }

  get first(): Entry | undefined {
    return this.#first
  }

  /** The first record that `handle` has not been given. */
  firstNotGiven(handle: object): Entry | undefined {
    let first: Entry | undefined
    for (let entry = this.#last; entry !== undefined && entry.handle !== handle; entry = entry.previous)
      first = entry
    return first
  }

  append(entry: Entry): void {
    entry.previous = this.#last
    if (this.#last === undefined) {
      this.#first = entry
      this.#isMixed = false
    } else {
      this.#last.next = entry
      if (entry.since < this.#last.since) this.#isMixed = true
    }
    this.#last = entry
    this.#size += 1
    if (entry.owner !== undefined) entry.owner.outstanding += 1
    if (entry.sender === undefined) return
    entry.sender.outstanding += 1
    if (entry.sender.isTimed) this.#timed += 1
  }

  /** Takes `entry` out and returns its delivery; undefined when it was out already. */
  take(entry: Entry): Delivery | undefined {
    const { delivery, previous, next } = entry
    if (delivery === undefined) return undefined
    entry.delivery = undefined
    entry.next = undefined
    entry.previous = undefined
    entry.record = NOTHING
    if (previous === undefined) this.#first = next
    else previous.next = next
    if (next === undefined) this.#last = previous
    else next.previous = previous
    this.#size -= 1
    if (entry.owner !== undefined) entry.owner.outstanding -= 1
    if (entry.sender === undefined) return delivery
    if (entry.sender.isTimed) this.#timed -= 1
    ended(entry.sender)
    return delivery
  }

  /** Takes out every record of `owner`, in order. */
  takeOf(owner: RecordOwner): Held[] {
    const taken: Held[] = []
    let entry = this.#first
    while (entry !== undefined) {
      const { next, record, sender, since }: Entry = entry
      if (entry.owner === owner && entry.delivery !== undefined) {
        taken.push(new Held(record, entry.delivery, sender, since))
        this.take(entry)
      }
      entry = next
    }
    return taken
  }

  /** Up to `limit` timed records that were sent before `time`, oldest first. */
  sentBefore(time: number, limit: number): Entry[] {
    const found: Entry[] = []
    if (this.#timed === 0) return found
    for (let entry = this.#first; entry !== undefined && found.length < limit; entry = entry.next) {
      if (entry.since <= time) {
        if (entry.sender?.isTimed === true) found.push(entry)
      } else if (!this.#isMixed) break
    }
    return found
  }

  /** Every record of `sender`, in order. */
  sentBy(sender: RecordSender): Entry[] {
    const found: Entry[] = []
    for (let entry = this.#first; entry !== undefined; entry = entry.next)
      if (entry.sender === sender) found.push(entry)
    return found
  }
}

/** A handle destroyed with records in flight keeps their opaques for good; they must not keep payloads. */
const NOTHING: KafkaRecord = {
  topic: '',
  partition: null,
  key: undefined,
  headers: [],
  value: Buffer.alloc(0),
}
