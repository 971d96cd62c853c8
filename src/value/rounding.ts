import { result } from './arithmetic.ts'
import {
  Decimal,
  decimalOf,
  digitCount,
  fromParts,
  type Numeric,
  numberText,
  powerOfTen,
  PRECISION,
} from './decimal.ts'

/** Nearest Int; halves go away from zero (-1.5 → -2), as the examples of `round` show. */
export function roundHalfAwayFromZero(value: Numeric): Numeric {
  if (typeof value === 'number') return (value < 0 ? -Math.round(-value) : Math.round(value)) + 0
  return wholePart(value, (quotient, rest, unit) => {
    const magnitude = rest < 0n ? -rest : rest
    return 2n * magnitude >= unit ? quotient + (rest < 0n ? -1n : 1n) : quotient
  })
}

/** Largest Int that is not above the number. */
export function floor(value: Numeric): Numeric {
  if (typeof value === 'number') return Math.floor(value)
  return wholePart(value, (quotient, rest) => (rest < 0n ? quotient - 1n : quotient))
}

/** Smallest Int that is not below the number. */
export function ceil(value: Numeric): Numeric {
  if (typeof value === 'number') return Math.ceil(value) + 0
  return wholePart(value, (quotient, rest) => (rest > 0n ? quotient + 1n : quotient))
}

/** Cuts to at most `places` decimal places (an integer, at least 0) and drops trailing zeros; a whole result is an Int. */
export function truncate(value: Numeric, places: number): Numeric {
  if (typeof value === 'number' && (places === 0 || Number.isInteger(value))) return Math.trunc(value) + 0
  const decimal = decimalOf(value)
  if (decimal.scale <= 0) return wholeAsInt(decimal)
  if (decimal.adjustedExponent < -places) return 0
  const drop = decimal.scale - places
  const kept = drop > 0 ? decimal.coefficient / powerOfTen(drop) : decimal.coefficient
  return withoutTrailingZeros(kept, drop > 0 ? places : decimal.scale)
}

/** The number as a bigint; Undefined when it is not whole or beyond 10^±999. */
export function toBigInt(value: Numeric): bigint | undefined {
  if (typeof value === 'number') return Number.isInteger(value) ? BigInt(value) : undefined
  if (!value.isBounded) return undefined
  if (value.scale <= 0) return value.coefficient * powerOfTen(-value.scale)
  const unit = powerOfTen(value.scale)
  return value.coefficient % unit === 0n ? value.coefficient / unit : undefined
}

/** An Int, rounded to 34 digits; Undefined beyond 10^999. */
export function fromBigInt(value: bigint): Numeric | undefined {
  return result(value, 0, true)
}

/**
 * The Decimal that a double's shortest text names; whole doubles are Decimals too (2 → `2.0`).
 * Undefined for NaN and infinities.
 */
export function fromDouble(value: number): Numeric | undefined {
  if (!Number.isFinite(value)) return undefined
  const text = String(value + 0)
  const number = Decimal.parse(/^-?\d+$/.test(text) ? `${text}.0` : text)
  return number instanceof Decimal ? new Decimal(number.coefficient, number.scale) : number
}

/** Nearest double; infinite or zero beyond the range of doubles. */
export function toDouble(value: Numeric): number {
  return typeof value === 'number' ? value : Number(numberText(value)) + 0
}

/**
 * A whole number of at most 34 digits as an Int (5.0 → 5, 1E+3 → 1000), any other number as it is.
 * Longer ones stay in scientific notation: 9E999 must not become a thousand digits.
 */
export function wholeAsInt(value: Numeric): Numeric {
  if (typeof value === 'number' || value.scale === 0) return value
  const { coefficient, scale } = value
  if (coefficient === 0n) return 0
  if (scale < 0) {
    return digitCount(coefficient) - scale > PRECISION
      ? value
      : fromParts(coefficient * powerOfTen(-scale), 0)
  }
  if (coefficient % 10n !== 0n || value.adjustedExponent < 0) return value
  const unit = powerOfTen(scale)
  return coefficient % unit === 0n ? fromParts(coefficient / unit, 0) : value
}

function wholePart(
  value: Decimal,
  adjust: (quotient: bigint, rest: bigint, unit: bigint) => bigint,
): Numeric {
  if (value.scale <= 0) return wholeAsInt(value)
  // Below a tenth the quotient is 0 and the rest counts as little: no power of ten is needed, however small it is.
  const sign = value.coefficient < 0n ? -1n : value.coefficient > 0n ? 1n : 0n
  if (value.adjustedExponent < -1) return fromParts(adjust(0n, sign, 10n), 0)
  const unit = powerOfTen(value.scale)
  const quotient = value.coefficient / unit
  return fromParts(adjust(quotient, value.coefficient - quotient * unit, unit), 0)
}

function withoutTrailingZeros(coefficient: bigint, scale: number): Numeric {
  while (scale > 0 && coefficient % 10n === 0n) {
    coefficient /= 10n
    scale--
  }
  return fromParts(coefficient, scale)
}
