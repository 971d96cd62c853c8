import {
  Decimal,
  decimalOf,
  digitCount,
  fit,
  fromParts,
  type Numeric,
  powerOfTen,
  PRECISION,
} from './decimal.ts'

function operand(value: Numeric): Decimal | undefined {
  const decimal = decimalOf(value)
  return fit(decimal.coefficient, decimal.scale)
}

/**
 * A result with at most 34 digits, or undefined when its exponent is out of range; `whole` asks for an Int.
 */
export function result(coefficient: bigint, scale: number, whole = false): Numeric | undefined {
  const rounded = fit(coefficient, scale)
  const fitted = whole && rounded !== undefined && rounded.scale < 0 ? widened(rounded) : rounded
  return fitted === undefined ? undefined : fromParts(fitted.coefficient, fitted.scale)
}

function widened({ coefficient, scale }: Decimal): Decimal {
  return new Decimal(coefficient * powerOfTen(-scale), 0)
}

/** Both coefficients at the larger of the two scales. */
function align(a: Decimal, b: Decimal): [left: bigint, right: bigint, scale: number] {
  if (a.scale === b.scale) return [a.coefficient, b.coefficient, a.scale]
  return a.scale > b.scale
    ? [a.coefficient, b.coefficient * powerOfTen(a.scale - b.scale), a.scale]
    : [a.coefficient * powerOfTen(b.scale - a.scale), b.coefficient, b.scale]
}

/** Exact sum rounded to 34 digits; undefined when an exponent is out of range. */
export function add(a: Numeric, b: Numeric): Numeric | undefined {
  if (typeof a === 'number' && typeof b === 'number' && Number.isInteger(a) && Number.isInteger(b)) {
    const sum = a + b
    if (Number.isSafeInteger(sum)) return sum
  }
  const left = operand(a)
  const right = operand(b)
  if (left === undefined || right === undefined) return undefined
  const [x, y, scale] = align(left, right)
  return result(x + y, scale)
}

export function negate(a: Numeric): Numeric {
  if (typeof a === 'number') return a === 0 ? 0 : -a
  return fromParts(-a.coefficient, a.scale)
}

export function subtract(a: Numeric, b: Numeric): Numeric | undefined {
  return add(a, negate(b))
}

export function multiply(a: Numeric, b: Numeric): Numeric | undefined {
  if (typeof a === 'number' && typeof b === 'number' && Number.isInteger(a) && Number.isInteger(b)) {
    const product = a * b
    if (Number.isSafeInteger(product)) return product + 0
  }
  const left = operand(a)
  const right = operand(b)
  if (left === undefined || right === undefined) return undefined
  return result(left.coefficient * right.coefficient, left.scale + right.scale)
}

/** Quotient, exact where it ends within 34 digits; undefined for a zero divisor. */
export function divide(a: Numeric, b: Numeric): Numeric | undefined {
  const left = operand(a)
  const right = operand(b)
  if (left === undefined || right === undefined || right.coefficient === 0n) return undefined
  const preferred = left.scale - right.scale
  if (left.coefficient === 0n) return result(0n, preferred)
  const shift = Math.max(0, PRECISION + 1 + digitCount(right.coefficient) - digitCount(left.coefficient))
  const positive = right.coefficient < 0n ? -right.coefficient : right.coefficient
  const dividend = (right.coefficient < 0n ? -left.coefficient : left.coefficient) * powerOfTen(shift)
  if (dividend % positive !== 0n) {
    // A digit that is neither 0 nor 5 behind the kept ones keeps the second rounding from seeing a false tie.
    const sticky = (dividend / positive) * 10n + (dividend < 0n ? -1n : 1n)
    return result(sticky, preferred + shift + 1)
  }
  let quotient = dividend / positive
  let scale = preferred + shift
  while (scale > preferred && quotient % 10n === 0n) {
    quotient /= 10n
    scale -= 1
  }
  return result(quotient, scale)
}

/** Remainder of truncating division, with the sign of the dividend, as Java's BigDecimal.remainder. */
export function remainder(a: Numeric, b: Numeric): Numeric | undefined {
  if (typeof a === 'number' && typeof b === 'number' && Number.isInteger(a) && Number.isInteger(b)) {
    return b === 0 ? undefined : (a % b) + 0
  }
  const left = operand(a)
  const right = operand(b)
  if (left === undefined || right === undefined || right.coefficient === 0n) return undefined
  const [x, y, scale] = align(left, right)
  return result(x % y, scale)
}

/** -1, 0 or 1; numbers of any size, compared by value. */
export function compare(a: Numeric, b: Numeric): -1 | 0 | 1 {
  if (typeof a === 'number' && typeof b === 'number') return a < b ? -1 : a > b ? 1 : 0
  const left = decimalOf(a)
  const right = decimalOf(b)
  const leftSign = sign(left.coefficient)
  const rightSign = sign(right.coefficient)
  if (leftSign !== rightSign) return leftSign < rightSign ? -1 : 1
  if (leftSign === 0) return 0
  const leftExponent = left.adjustedExponent
  const rightExponent = right.adjustedExponent
  if (leftExponent !== rightExponent) return leftExponent < rightExponent === leftSign > 0 ? -1 : 1
  const [x, y] = align(left, right)
  return x < y ? -1 : x > y ? 1 : 0
}

function sign(value: bigint): -1 | 0 | 1 {
  return value < 0n ? -1 : value > 0n ? 1 : 0
}
