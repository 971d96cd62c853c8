import { type Numeric, wholeDecimal } from './decimal.ts'

/*
 * Arithmetic on doubles that is exact, for decimals with few places; Undefined means "not here", and bigints do it.
 *
 * A double v with |n| < 10^15 and n / 10^p === v stands for the decimal n × 10^-p: n and 10^p are exact, so the division
 * rounds correctly, and no two decimals of at most 15 digits share a double. Sums and products of such n are exact
 * as long as they stay below 10^15 too.
 */
const LIMIT = 1e15
const MAX_PLACES = 9
/** Smaller numbers are written in scientific notation and have no `number`. */
const MAX_RESULT_PLACES = 6
const SCALES = Array.from({ length: 2 * MAX_PLACES + 1 }, (_, places) => 10 ** places)

/** Sum of two numbers of which at least one is no integer. */
export function addScaled(a: number, b: number): Numeric | undefined {
  const placesA = placesOf(a)
  const placesB = placesOf(b)
  if (placesA < 0 || placesB < 0) return undefined
  const places = Math.max(placesA, placesB)
  const left = Math.round(a * SCALES[places]!)
  const right = Math.round(b * SCALES[places]!)
  if (left >= LIMIT || left <= -LIMIT || right >= LIMIT || right <= -LIMIT) return undefined
  return unscaled(left + right, places)
}

/** Product of two numbers of which at least one is no integer. */
export function multiplyScaled(a: number, b: number): Numeric | undefined {
  const placesA = placesOf(a)
  const placesB = placesOf(b)
  if (placesA < 0 || placesB < 0) return undefined
  const left = Math.round(a * SCALES[placesA]!)
  return unscaled(left * Math.round(b * SCALES[placesB]!), placesA + placesB)
}

/** Quotient of two integers that do not divide evenly, where it ends after a few places. */
export function divideInts(a: number, b: number): number | undefined {
  for (let places = 1; places <= MAX_RESULT_PLACES; places++) {
    const dividend = a * SCALES[places]!
    if (dividend >= LIMIT || dividend <= -LIMIT) return undefined
    if (dividend % b === 0) return a / b
  }
  return undefined
}

/** Decimal places of a double's decimal, -1 when it has more than are taken here. */
function placesOf(value: number): number {
  if (Number.isInteger(value)) return 0
  for (let places = 1; places <= MAX_PLACES; places++) {
    const scale = SCALES[places]!
    const scaled = Math.round(value * scale)
    if (scaled / scale === value) return scaled < LIMIT && scaled > -LIMIT ? places : -1
  }
  return -1
}

function unscaled(scaled: number, places: number): Numeric | undefined {
  if (scaled >= LIMIT || scaled <= -LIMIT) return undefined
  const value = scaled / SCALES[places]!
  if (Number.isInteger(value)) return wholeDecimal(BigInt(value))
  return value >= 1e-6 || value <= -1e-6 ? value : undefined
}
