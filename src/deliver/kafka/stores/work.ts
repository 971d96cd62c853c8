import { StoreRefusal } from './refusal.ts'

/** Java reads no store with a higher count either. */
const MOST_ITERATIONS = 5_000_000
/** An iteration outside native code takes about as long as two within. */
const SLOW = 2

/** Bounds the hashing that one store may ask for: iteration counts are the writer's choice. */
export class Work {
  #left = MOST_ITERATIONS

  /** Takes `iterations` from what is left, or refuses the store. */
  native(iterations: number): void {
    if (iterations < 1 || iterations > this.#left) {
      throw new StoreRefusal(
        'KAFKA_STORE_ALGORITHM',
        `asks for ${iterations} rounds of hashing; at most ${MOST_ITERATIONS} in all are done.`,
      )
    }
    this.#left -= iterations
  }

  slow(iterations: number): void {
    this.native(iterations * SLOW)
  }
}
