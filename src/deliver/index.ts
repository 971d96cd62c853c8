import { type Failure } from '../errors.ts'
import { type KafkaRecord } from './kafka/record.ts'
import { type KafkaTarget } from './kafka/target.ts'

export { type KafkaRecord } from './kafka/record.ts'
export { type KafkaTarget } from './kafka/target.ts'

/** The way back of one record. */
export interface Delivery {
  /** Called exactly once per `send`, during it or later; undefined when Kafka has the record. */
  settled(failure: Failure | undefined): void
}

/** A share of a pooled producer, held by one action. */
export interface KafkaSender {
  /** Takes the record; never throws, never blocks. Records of one sender are produced in the order of the calls. */
  send(record: KafkaRecord, delivery: Delivery): void
  /** Gives the share back; what was sent is still delivered and settled. */
  release(): void
}

/** Opens senders; producers are pooled by target. */
export interface KafkaDelivery {
  /** A share of the producer for `target`; producers of equal targets are one. Never throws: faults reach `settled`. */
  open(target: KafkaTarget): KafkaSender
  /** Resolves with the number of records still unreported: 0 when all are, or after `deadline` milliseconds. */
  drain(deadline: number): Promise<number>
  /** Destroys every producer; records still unreported settle as environment failures. */
  close(): Promise<void>
}
