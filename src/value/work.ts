/*
 * Bounds on what one evaluation may cost. A unit of work is about 25 ns: a step of a loop over elements, or 16
 * characters of a text that is read or written. Only what grows with the payload counts: loops, copies, long texts.
 *
 * Evaluation is synchronous, so one set of variables serves all. What is exceeded stays exceeded until the next
 * `startWork`: loops end early, their results are thrown away, and whoever started says that the evaluation failed.
 */

/** Which bound an evaluation went over; the names are those of the limits in the configuration. */
export type ExceededLimit = 'work' | 'outputSize'

/** Outside of evaluations: as good as none. */
const UNBOUNDED = 2 ** 31 - 1
/** Shorter texts cost no more than the call that handles them. */
const SHORT_TEXT = 64

let left = UNBOUNDED
let outputSize = UNBOUNDED
let exceeded: ExceededLimit | undefined
let running = false

/** Begins an evaluation that may take `work` units and write `output` bytes. */
export function startWork(work: number, output: number): void {
  left = work
  outputSize = output
  running = true
  exceeded = undefined
}

/** Ends the evaluation; says which bound it went over, if any. */
export function endWork(): ExceededLimit | undefined {
  left = UNBOUNDED
  outputSize = UNBOUNDED
  running = false
  return exceeded
}

/** Takes units, rounded down; false when there are not that many left, from then on always. */
export function spend(units: number): boolean {
  if (units > left) return exceed('work')
  left -= units | 0
  return true
}

/** Takes the units for reading or writing a text of this length. */
export function spendText(length: number): boolean {
  return length < SHORT_TEXT || spend(length >> 4)
}

/** Notes that a bound of the evaluation is exceeded; no work is possible after that. */
export function exceed(limit: ExceededLimit): false {
  if (!running) return false
  exceeded ??= limit
  left = -1
  return false
}

/** True once a bound of the evaluation is exceeded. */
export function isExceeded(): boolean {
  return left < 0
}

/** Bytes that the output of the evaluation may have. */
export function outputBound(): number {
  return outputSize
}
