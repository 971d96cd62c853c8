import { type Account, type Disturbance } from './proof.ts'

const SECOND = 1000
/** Recovery has ended by then; an interval counts as without faults after it. */
export const RECOVERY = 10 * SECOND
const FULL = 0.9
const STEP = 100

/** What the devices saw of one disturbance; times in ms. */
export interface Recovery {
  /** The longest that a message waited which was acknowledged between the start and the next disturbance. */
  readonly longestWait: number
  /** From the end until messages sent after it are acknowledged at 90 % of the undisturbed rate; undefined: never. */
  readonly recovery: number | undefined
  /** From the end to the next disturbance: a recovery later than this could not be seen. */
  readonly watched: number
  /** Acknowledgements a second from ten seconds after the end to the next disturbance, of the undisturbed rate. */
  readonly calmShare: number | undefined
}

/** Acknowledgements a second of steady devices between two times. */
export function rateBetween(accounts: readonly Account[], from: number, to: number): number {
  let count = 0
  for (const { acknowledgedAt, steady } of accounts)
    if (steady) for (const at of acknowledgedAt) if (at >= from && at < to) count += 1
  return (count * SECOND) / (to - from)
}

/** Measures each disturbance; `undisturbed` is a rate, `end` when publishing stopped. */
export function recoveries(
  accounts: readonly Account[],
  disturbances: readonly Disturbance[],
  undisturbed: number,
  end: number,
): Recovery[] {
  return disturbances.map((disturbance, index) => {
    const next = disturbances[index + 1]?.start ?? end
    const calmFrom = disturbance.end + RECOVERY
    return {
      longestWait: longestWait(accounts, disturbance.start, next),
      recovery: recovery(accounts, disturbance.end, next, undisturbed),
      watched: next - disturbance.end,
      calmShare:
        next - calmFrom < 2 * SECOND ? undefined : rateBetween(accounts, calmFrom, next) / undisturbed,
    }
  })
}

function longestWait(accounts: readonly Account[], from: number, to: number): number {
  let longest = 0
  for (const { sentAt, acknowledgedAt } of accounts)
    for (const [n, sent] of sentAt.entries()) {
      const at = acknowledgedAt[n] === 0 ? Infinity : acknowledgedAt[n]!
      if (sent < to && at >= from && (at < to || at === Infinity)) longest = Math.max(longest, at - sent)
    }
  return longest
}

// Only messages sent after the end count: the burst of those that waited is no recovered rate.
function recovery(
  accounts: readonly Account[],
  end: number,
  until: number,
  undisturbed: number,
): number | undefined {
  const buckets = new Float64Array(Math.max(0, Math.floor((until - end) / STEP)))
  for (const { sentAt, acknowledgedAt, steady } of accounts) {
    if (!steady) continue
    for (const [n, at] of acknowledgedAt.entries())
      if (at >= end && at < until && sentAt[n]! >= end) {
        const bucket = Math.floor((at - end) / STEP)
        if (bucket < buckets.length) buckets[bucket]! += 1
      }
  }
  const width = SECOND / STEP
  let sum = 0
  for (let index = 0; index < buckets.length; index += 1) {
    sum += buckets[index]! - (index >= width ? buckets[index - width]! : 0)
    if (index >= width - 1 && sum >= FULL * undisturbed) return (index + 1 - width) * STEP
  }
  return undefined
}
