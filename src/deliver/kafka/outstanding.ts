import { type Delivery } from '../delivery.ts'
import { type KafkaRecord } from './record.ts'

/** Whoever may want its records back; counts those that have not settled. */
export interface RecordOwner {
  outstanding: number
}

/** A record that was taken back, to be given to another producer. */
export interface Withdrawn {
  readonly record: KafkaRecord
  readonly delivery: Delivery
}

/** A record that has not settled; travels through librdkafka as the opaque, so a report finds it without a search. */
export class Entry {
  record: KafkaRecord
  /** Undefined once settled. */
  delivery: Delivery | undefined
  /** `performance.now()` at `send`. */
  readonly since: number
  readonly owner: RecordOwner | undefined
  /** The handle that was given the record; those not given to the current one are the end of the list. */
  handle: object | undefined
  next: Entry | undefined
  previous: Entry | undefined

  constructor(
    record: KafkaRecord,
    delivery: Delivery,
    since: number,
    owner: RecordOwner | undefined = undefined,
  ) {
    this.record = record
    this.delivery = delivery
    this.since = since
    this.owner = owner
  }
}

/** Unsettled records of one producer in the order of `send`: an intrusive list, each step constant in time. */
export class Outstanding {
  #first: Entry | undefined
  #last: Entry | undefined
  #size = 0

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
    if (this.#last === undefined) this.#first = entry
    else this.#last.next = entry
    this.#last = entry
    this.#size += 1
    if (entry.owner !== undefined) entry.owner.outstanding += 1
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
    return delivery
  }

  /** Takes out every record of `owner`, in order. */
  takeOf(owner: RecordOwner): Withdrawn[] {
    const taken: Withdrawn[] = []
    let entry = this.#first
    while (entry !== undefined) {
      const { next, record }: Entry = entry
      const delivery = entry.owner === owner ? this.take(entry) : undefined
      if (delivery !== undefined) taken.push({ record, delivery })
      entry = next
    }
    return taken
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
