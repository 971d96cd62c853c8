import {
  Decimal,
  decimalOf,
  digitCount,
  fromParts,
  MAX_EXPONENT,
  type Numeric,
  powerOfTen,
  PRECISION,
  wholeDecimal,
} from './decimal.ts'
import { addScaled, divideInts, multiplyScaled } from './scaled.ts'

/*
 * Results have at most 34 digits, rounded half to even, and no trailing zeros. Two Ints make an Int as long as it has
 * at most 34 digits; where a Decimal takes part the result is a Decimal, also a whole one (2.5 + 2.5 = 5.0).
 * Operands are rounded to 34 digits first. Undefined: an operand or a result beyond 10^±999.
 */

/** Sum. */
export function add(a: Numeric, b: Numeric): Numeric | undefined {
  if (typeof a === 'number' && typeof b === 'number') {
    const ints = Number.isInteger(a) && Number.isInteger(b)
    const sum = ints ? a + b : addScaled(a, b)
    if (sum !== undefined && (!ints || Number.isSafeInteger(sum))) return sum
  }
  const x = operand(a)
  const y = operand(b)
  if (x === undefined || y === undefined) return undefined
  const scale = Math.max(x.scale, y.scale)
  return result(scaledTo(x, scale) + scaledTo(y, scale), scale, areInts(a, b))
}

/** Difference. */
export function subtract(a: Numeric, b: Numeric): Numeric | undefined {
  return add(a, negate(b))
}

/** Product. */
export function multiply(a: Numeric, b: Numeric): Numeric | undefined {
  if (typeof a === 'number' && typeof b === 'number') {
    const ints = Number.isInteger(a) && Number.isInteger(b)
    const product = ints ? a * b + 0 : multiplyScaled(a, b)
    if (product !== undefined && (!ints || Number.isSafeInteger(product))) return product
  }
  const x = operand(a)
  const y = operand(b)
  if (x === undefined || y === undefined) return undefined
  return result(x.coefficient * y.coefficient, x.scale + y.scale, areInts(a, b))
}

/** Quotient, exact where it ends within 34 digits; two Ints that divide evenly make an Int. Undefined by zero. */
export function divide(a: Numeric, b: Numeric): Numeric | undefined {
  if (typeof a === 'number' && typeof b === 'number' && Number.isInteger(a) && Number.isInteger(b)) {
    if (b === 0) return undefined
    if (a % b === 0) return a / b + 0
    const quotient = divideInts(a, b)
    if (quotient !== undefined) return quotient
  }
  const x = operand(a)
  const y = operand(b)
  if (x === undefined || y === undefined || y.coefficient === 0n) return undefined
  const shift = Math.max(0, PRECISION + 2 + digitCount(y.coefficient) - digitCount(x.coefficient))
  const dividend = x.coefficient * powerOfTen(shift)
  const quotient = dividend / y.coefficient
  const scale = x.scale - y.scale + shift
  if (dividend % y.coefficient === 0n) return result(quotient, scale, areInts(a, b))
  // One more digit, neither 0 nor 5, stands for the rest, so that rounding sees no false tie.
  const sign = x.coefficient < 0n === y.coefficient < 0n ? 1n : -1n
  return result(quotient * 10n + sign, scale + 1, false)
}

/** Remainder with the sign of the dividend, as Java's BigDecimal.remainder. Undefined by zero. */
export function remainder(a: Numeric, b: Numeric): Numeric | undefined {
  if (typeof a === 'number' && typeof b === 'number' && Number.isInteger(a) && Number.isInteger(b)) {
    return b === 0 ? undefined : (a % b) + 0
  }
  const x = operand(a)
  const y = operand(b)
  if (x === undefined || y === undefined || y.coefficient === 0n) return undefined
  const scale = Math.max(x.scale, y.scale)
  return result(scaledTo(x, scale) % scaledTo(y, scale), scale, areInts(a, b))
}

/** The same number with the opposite sign. */
export function negate(a: Numeric): Numeric {
  return typeof a === 'number' ? 0 - a : fromParts(-a.coefficient, a.scale)
}

/** Compares by value, exactly, whatever the number of digits and the exponents. */
export function compare(a: Numeric, b: Numeric): -1 | 0 | 1 {
  if (typeof a === 'number' && typeof b === 'number') return order(a, b)
  const x = decimalOf(a)
  const y = decimalOf(b)
  const sign = order(x.coefficient, 0n)
  if (sign === 0 || sign !== order(y.coefficient, 0n)) return order(sign, order(y.coefficient, 0n))
  const exponents = order(x.adjustedExponent, y.adjustedExponent)
  if (exponents !== 0) return exponents === sign ? 1 : -1
  // With equal exponents the scales differ by no more than the number of digits.
  const scale = Math.max(x.scale, y.scale)
  return order(scaledTo(x, scale), scaledTo(y, scale))
}

/**
 * The result of an operation in its one representation, Undefined when its exponent is out of bounds.
 * @param int whether it is to be an Int
 */
export function result(coefficient: bigint, scale: number, int: boolean): Numeric | undefined {
  const value = withoutTrailingZeros(rounded(new Decimal(coefficient, scale)))
  if (value.coefficient === 0n) return int ? 0 : wholeDecimal(0n)
  if (value.scale > 0) return value.isBounded ? fromParts(value.coefficient, value.scale) : undefined
  const exponent = value.adjustedExponent
  if (exponent > MAX_EXPONENT) return undefined
  if (exponent >= PRECISION) return value
  const whole = value.coefficient * powerOfTen(-value.scale)
  return int ? fromParts(whole, 0) : wholeDecimal(whole)
}

function areInts(a: Numeric, b: Numeric): boolean {
  const isIntA = typeof a === 'number' ? Number.isInteger(a) : a.scale === 0
  return isIntA && (typeof b === 'number' ? Number.isInteger(b) : b.scale === 0)
}

function operand(value: Numeric): Decimal | undefined {
  const decimal = decimalOf(value)
  if (typeof value === 'number') return decimal
  return decimal.isBounded ? rounded(decimal) : undefined
}

const LIMIT = powerOfTen(PRECISION)

/** The number rounded half even to 34 digits. */
function rounded(value: Decimal): Decimal {
  if (value.coefficient < LIMIT && value.coefficient > -LIMIT) return value
  const drop = digitCount(value.coefficient) - PRECISION
  const unit = powerOfTen(drop)
  const quotient = value.coefficient / unit
  const rest = value.coefficient - quotient * unit
  const twice = 2n * (rest < 0n ? -rest : rest)
  const up = twice > unit || (twice === unit && quotient % 2n !== 0n)
  const step = value.coefficient < 0n ? -1n : 1n
  return new Decimal(up ? quotient + step : quotient, value.scale - drop)
}

function withoutTrailingZeros(value: Decimal): Decimal {
  let { coefficient, scale } = value
  if (coefficient === 0n) return value
  while (coefficient % 10n === 0n) {
    coefficient /= 10n
    scale--
  }
  return scale === value.scale ? value : new Decimal(coefficient, scale)
}

/** Coefficient at a scale that is at least the value's own. */
function scaledTo(value: Decimal, scale: number): bigint {
  return scale === value.scale ? value.coefficient : value.coefficient * powerOfTen(scale - value.scale)
}

function order<T extends number | bigint>(a: T, b: T): -1 | 0 | 1 {
  return a < b ? -1 : a > b ? 1 : 0
}
