/** Looks, now and then, whether a producer hears of its records: librdkafka reports nothing while a broker hangs. */
export class HangWatch {
  isHanging = false
  /** Milliseconds without a report at the last look, or before the last one that told of an end. */
  silence = 0
  #progress = 0
  #since: number | undefined

  /**
   * `producer`: undefined where there is none; `progress`: reports it ever received; `now`: `performance.now()`.
   * @returns what has changed since the last look
   */
  look(
    producer: { readonly isWaiting: boolean; readonly progress: number } | undefined,
    now: number,
    hangAfter: number,
  ): 'hanging' | 'recovered' | undefined {
    const wasHanging = this.isHanging
    if (producer === undefined) {
      this.isHanging = false
      this.#since = undefined
      return undefined
    }
    const { isWaiting, progress } = producer
    if (progress !== this.#progress) {
      this.#progress = progress
      this.#since = isWaiting ? now : undefined
      this.isHanging = false
      return wasHanging ? 'recovered' : undefined
    }
    // A producer that hangs goes on doing so when its records were given up: nothing has been heard yet.
    if (!wasHanging) this.#since = isWaiting ? (this.#since ?? now) : undefined
    this.silence = now - (this.#since ?? now)
    if (wasHanging || this.silence < hangAfter) return undefined
    this.isHanging = true
    return 'hanging'
  }
}
