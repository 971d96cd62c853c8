import { type Failure } from '../errors.ts'

/** The way back of one record. */
export interface Delivery {
  /** Called exactly once per `send`, during it or later; undefined when Kafka has the record. */
  settled(failure: Failure | undefined): void
}
