/** Lets at most `rate` messages through in a second, evenly: what comes in a burst does not use up the second. */
export class Sampler {
  readonly #rate: number
  readonly #burst: number
  #tokens: number
  #at: number

  constructor(rate: number, now = performance.now()) {
    this.#rate = rate
    this.#burst = Math.max(1, rate / 10)
    this.#tokens = this.#burst
    this.#at = now
  }

  takes(now = performance.now()): boolean {
    this.#tokens = Math.min(this.#burst, this.#tokens + ((now - this.#at) / 1000) * this.#rate)
    this.#at = now
    if (this.#tokens < 1) return false
    this.#tokens -= 1
    return true
  }
}
