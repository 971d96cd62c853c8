import { Decimal, type Numeric, type Value, toDecimal, toDouble } from '../../value/index.ts'

/** The next Int towards negative infinity; Undefined for anything that is no number. */
export function floorToInt(value: Value): Numeric | undefined {
  return roundTo(value, 0, floorQuotient)
}

/** The next Int towards positive infinity. */
export function ceilToInt(value: Value): Numeric | undefined {
  return roundTo(value, 0, ceilQuotient)
}

/** The nearest Int, halves away from zero. */
export function nearestInt(value: Value): Numeric | undefined {
  return roundTo(value, 0, nearestQuotient)
}

/** Cuts to `places` decimal places towards zero and drops trailing zeroes. */
export function truncateTo(value: Value, places: number): Numeric | undefined {
  return roundTo(value, places, truncatedQuotient)
}

/** Divides by a power of ten and rounds in one direction. */
type Quotient = (coefficient: bigint, divisor: bigint) => bigint

function roundTo(value: Value, places: number, quotient: Quotient): Numeric | undefined {
  if (typeof value === 'number')
    return Number.isInteger(value) ? value : roundText(String(value), places, quotient)
  if (!(value instanceof Decimal)) return undefined
  if (value.scale <= 0) return value
  return compose(
    roundCoefficient(value.coefficient, value.scale, places, quotient),
    Math.min(value.scale, places),
  )
}

function roundCoefficient(coefficient: bigint, scale: number, places: number, quotient: Quotient): bigint {
  return scale <= places ? coefficient : quotient(coefficient, 10n ** BigInt(scale - places))
}

function roundText(text: string, places: number, quotient: Quotient): Numeric | undefined {
  const match = /^(-?)(\d+)(?:\.(\d+))?(?:[eE]([+-]?\d+))?$/.exec(text)
  if (match === null) return undefined
  const [, sign = '', whole = '', fraction = '', exponent = '0'] = match
  const coefficient = BigInt(sign + whole + fraction)
  const scale = fraction.length - Number(exponent)
  return compose(roundCoefficient(coefficient, scale, places, quotient), Math.min(scale, places))
}

/** The number with trailing zeroes behind the point dropped. */
function compose(coefficient: bigint, scale: number): Numeric | undefined {
  let [digits, places] = [coefficient, scale]
  while (places > 0 && digits % 10n === 0n) {
    digits /= 10n
    places -= 1
  }
  return Decimal.parse(places === 0 ? String(digits) : `${digits}E${-places}`)
}

function truncatedQuotient(coefficient: bigint, divisor: bigint): bigint {
  return coefficient / divisor
}

function floorQuotient(coefficient: bigint, divisor: bigint): bigint {
  const quotient = coefficient / divisor
  return coefficient < 0n && coefficient % divisor !== 0n ? quotient - 1n : quotient
}

function ceilQuotient(coefficient: bigint, divisor: bigint): bigint {
  return -floorQuotient(-coefficient, divisor)
}

function nearestQuotient(coefficient: bigint, divisor: bigint): bigint {
  const half = divisor / 2n
  return coefficient < 0n ? (coefficient - half) / divisor : (coefficient + half) / divisor
}

/** A number or numeric string rounded down, as a JavaScript number for indexes; undefined for anything else. */
export function floorToNumber(value: Value): number | undefined {
  if (typeof value === 'number') return Math.floor(value)
  const int = floorToInt(toDecimal(value))
  return int === undefined || typeof int === 'number' ? int : toDouble(int)
}
