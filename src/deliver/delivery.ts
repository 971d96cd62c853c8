import { type Failure } from '../errors.ts'

/** Where Kafka has put a record; the offset is negative where the cluster does not say (`acks=0`). */
export interface Placement {
  readonly partition: number
  readonly offset: number
}

/** The way back of one record. */
export interface Delivery {
  /** Called exactly once per `send`, during it or later; `failure` is undefined when Kafka has the record. */
  settled(failure: Failure | undefined, placement?: Placement): void
}
