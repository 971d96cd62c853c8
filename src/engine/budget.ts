/** Bookkeeping bytes of one unsettled message or record besides its payload: objects here and in librdkafka. */
export const OVERHEAD_BYTES = 512

/**
 * Bytes held for unsettled messages and the records made from them. The bound is soft by one message's fan-out:
 * admission is decided before a message is taken, never in the middle of one, so that nothing can deadlock.
 */
export class Budget {
  #held = 0
  #waiting: (() => void)[] = []
  readonly #limit: number
  readonly #resumeAt: number

  /** `limit` in bytes; waiters are woken at three quarters of it so that sources do not flap. */
  constructor(limit: number) {
    this.#limit = limit
    this.#resumeAt = limit * 0.75
  }

  get held(): number {
    return this.#held
  }

  hasRoom(): boolean {
    return this.#held < this.#limit
  }

  onRoom(callback: () => void): void {
    this.#waiting.push(callback)
  }

  take(bytes: number): void {
    this.#held += bytes
  }

  release(bytes: number): void {
    this.#held -= bytes
    if (this.#waiting.length > 0 && this.#held <= this.#resumeAt) this.#wake()
  }

  #wake(): void {
    const waiting = this.#waiting
    this.#waiting = []
    for (const callback of waiting) callback()
  }
}
