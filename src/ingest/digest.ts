/** Milliseconds between two reports. */
const EVERY = 10_000

/** Turns many occurrences into few reports: the first is told at once, the others together, every ten seconds. */
export class Digest {
  #count = 0
  #reportedAt = Number.NEGATIVE_INFINITY

  /** @returns how many to tell of now, this one included; zero when it is too early */
  add(now: number): number {
    this.#count += 1
    if (now - this.#reportedAt < EVERY) return 0
    const count = this.#count
    this.#count = 0
    this.#reportedAt = now
    return count
  }
}
