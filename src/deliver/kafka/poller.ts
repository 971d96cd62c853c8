/** Something that must be polled for its callbacks. */
export interface Polled {
  /** Polls once; returns whether anything is in flight, so that the next poll is due soon. */
  poll(): boolean
  /** Reports ever received. */
  readonly reported: number
}

const BUSY_MS = 1
/** Under a heavy load reports are taken in larger lots: each lot costs a write to every socket it acknowledges on. */
const HEAVY_MS = 3
const HEAVY_REPORTS = 48
const IDLE_MS = 100

/**
 * One timer for all producers of a pool: each millisecond while anything is in flight (less often under a
 * heavy load), a tenth of a second otherwise. Sleeping timers do not keep the process alive, busy ones do.
 */
export class Poller {
  readonly #polled = new Set<Polled>()
  #timer: NodeJS.Timeout | undefined
  #busy = false
  readonly #tick = (): void => {
    let busy = false
    let reports = 0
    for (const polled of this.#polled) {
      const before = polled.reported
      if (polled.poll()) busy = true
      reports += polled.reported - before
    }
    this.#schedule(busy, reports > HEAVY_REPORTS ? HEAVY_MS : BUSY_MS)
  }

  add(polled: Polled): void {
    this.#polled.add(polled)
    if (this.#timer === undefined) this.#schedule(false)
  }

  remove(polled: Polled): void {
    this.#polled.delete(polled)
    if (this.#polled.size > 0 || this.#timer === undefined) return
    clearTimeout(this.#timer)
    this.#timer = undefined
    this.#busy = false
  }

  /** Called when something came in flight: polls within a millisecond. */
  wake(): void {
    if (this.#busy || this.#polled.size === 0) return
    if (this.#timer !== undefined) clearTimeout(this.#timer)
    this.#schedule(true)
  }

  #schedule(busy: boolean, busyMs = BUSY_MS): void {
    this.#busy = busy
    if (this.#polled.size === 0) {
      this.#timer = undefined
      return
    }
    this.#timer = setTimeout(this.#tick, busy ? busyMs : IDLE_MS)
    if (!busy) this.#timer.unref()
  }
}
