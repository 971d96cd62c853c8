/** Buckets of one percent, from a microsecond to about an hour. */
const STEP = Math.log(1.01)
const SMALLEST = 0.001
const BUCKETS = 2_200

/** Latencies in milliseconds; a quantile is right to one percent, whatever their number. */
export class Latencies {
  readonly #counts = new Float64Array(BUCKETS)
  #count = 0
  #max = 0

  add(milliseconds: number): void {
    const bucket = milliseconds <= SMALLEST ? 0 : Math.ceil(Math.log(milliseconds / SMALLEST) / STEP)
    this.#counts[Math.min(bucket, BUCKETS - 1)]! += 1
    this.#count += 1
    if (milliseconds > this.#max) this.#max = milliseconds
  }

  get count(): number {
    return this.#count
  }

  get max(): number {
    return this.#max
  }

  /** The latency that `share` (0 to 1) of all do not exceed; 0 when there is none. */
  quantile(share: number): number {
    let seen = 0
    for (let bucket = 0; bucket < BUCKETS; bucket += 1) {
      seen += this.#counts[bucket]!
      if (seen > 0 && seen >= share * this.#count)
        return Math.min(this.#max, SMALLEST * Math.exp(bucket * STEP))
    }
    return 0
  }

  reset(): void {
    this.#counts.fill(0)
    this.#count = 0
    this.#max = 0
  }
}
