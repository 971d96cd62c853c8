import { type NativeProducer } from './native.ts'

/** The part of a handle that waits. */
type Flushable = Pick<NativeProducer<never>, 'flush'>

/** Threads of libuv that may wait at a time; the pool has four, and files and names need some. */
const THREADS = 2
/** A wait ends after this, so that a hanging broker does not keep a thread. */
const WAIT_MS = 20
/** A wait that lasts longer is helped by the timer. */
const OVERDUE_MS = 2
/** Above this rate (records/s) the 1 ms timer costs less, and flushing spoils batches. */
const RATE_LIMIT = 5_000
const IN_FLIGHT_LIMIT = 64
const WINDOW_MS = 20

interface Load {
  since: number
  sent: number
  rate: number
  waitingSince: number | undefined
  /** Set when a wait ended without all reports: the broker is slow, the timer does. */
  slow: boolean
}

/**
 * Waits for delivery reports by `flush` on a thread while little is in flight: a report then takes tens of
 * microseconds to arrive instead of up to a millisecond, and the records do not linger.
 */
export class ReportWaiter {
  readonly #loads = new WeakMap<Flushable, Load>()
  #free = THREADS

  /**
   * Whether a thread waits for `native`: one does already, or starts because the load is low and one is free. False
   * once a wait is overdue, for it may not have begun: the threads of libuv have other work too. `sent` counts the
   * records the producer was ever given, `inFlight` those not reported; `done` is called when a wait ends.
   */
  wait<Native extends Flushable>(
    native: Native,
    sent: number,
    inFlight: number,
    done: (native: Native) => void,
  ): boolean {
    const now = performance.now()
    const load = this.#measure(native, sent, now)
    if (load.waitingSince !== undefined) return now - load.waitingSince < OVERDUE_MS
    if (inFlight <= 1) load.slow = false
    if (this.#free === 0 || load.slow || load.rate > RATE_LIMIT || inFlight > IN_FLIGHT_LIMIT) return false
    this.#free -= 1
    load.waitingSince = now
    native.flush(WAIT_MS, (timedOut) => {
      this.#free += 1
      load.waitingSince = undefined
      load.slow = timedOut !== null && timedOut !== undefined
      done(native)
    })
    return true
  }

  #measure(native: Flushable, sent: number, now: number): Load {
    let load = this.#loads.get(native)
    if (load === undefined) {
      load = { since: now, sent, rate: 0, waitingSince: undefined, slow: false }
      this.#loads.set(native, load)
    }
    const elapsed = now - load.since
    if (elapsed >= WINDOW_MS) {
      load.rate = ((sent - load.sent) * 1000) / elapsed
      load.since = now
      load.sent = sent
    }
    return load
  }
}
