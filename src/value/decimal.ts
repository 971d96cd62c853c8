/** Significant digits of every arithmetic result. Source: iot-sql-data-types, Decimal. */
export const PRECISION = 34
/** Largest magnitude of a decimal exponent that takes part in arithmetic. */
export const MAX_EXPONENT = 999

const NUMBER_TEXT = /^(-?)(\d+)(?:\.(\d+))?(?:[eE]([+-]?\d+))?$/
const SMALLEST_PLAIN = 1e-6
const powers: bigint[] = [1n]

/** 10 to the power of `exponent`, cached; `exponent` is bounded by the callers. */
export function powerOfTen(exponent: number): bigint {
  for (let next = powers.length; next <= exponent; next += 1) powers.push(powers[next - 1]! * 10n)
  return powers[exponent]!
}

/** Number of decimal digits of a coefficient. */
export function digitCount(coefficient: bigint): number {
  return (coefficient < 0n ? -coefficient : coefficient).toString().length
}

/**
 * An exact decimal: `coefficient` × 10^-`scale`. Immutable. Stands for the numbers that a JavaScript number cannot
 * carry with their text: more than 15 digits, trailing zeros, exponents.
 */
export class Decimal {
  readonly coefficient: bigint
  readonly scale: number
  /** The digits as the payload had them, for pass-through. */
  readonly text: string | undefined

  constructor(coefficient: bigint, scale: number, text?: string) {
    this.coefficient = coefficient
    this.scale = scale
    this.text = text
  }

  /** Reads a JSON number, or undefined when the text is none. Plain numbers of up to 15 digits become `number`. */
  static parse(text: string): Numeric | undefined {
    const match = NUMBER_TEXT.exec(text)
    if (match === null) return undefined
    const [, sign = '', whole = '', fraction = '', exponent] = match
    if (exponent === undefined) {
      const plain = plainNumber(text, whole, fraction)
      if (plain !== undefined) return plain
    }
    const coefficient = BigInt(sign + whole + fraction)
    const power = exponent === undefined ? 0 : Math.max(-2e9, Math.min(2e9, Number(exponent)))
    if (coefficient === 0n && fraction === '' && exponent === undefined) return 0
    return new Decimal(coefficient, fraction.length - power, text)
  }

  /** Power of ten of the first digit. */
  get adjustedExponent(): number {
    return digitCount(this.coefficient) - 1 - this.scale
  }

  /** The text it was read from, else text in the way of Java's BigDecimal.toString: plain down to 1E-6, scientific beyond. */
  toString(): string {
    if (this.text !== undefined) return this.text
    const { coefficient, scale } = this
    if (scale === 0) return coefficient.toString()
    const negative = coefficient < 0n
    const digits = (negative ? -coefficient : coefficient).toString()
    const sign = negative ? '-' : ''
    const adjusted = digits.length - 1 - scale
    if (scale > 0 && adjusted >= -6) {
      const padded = digits.padStart(scale + 1, '0')
      return `${sign}${padded.slice(0, -scale)}.${padded.slice(-scale)}`
    }
    const fraction = digits.length > 1 ? `.${digits.slice(1)}` : ''
    return `${sign}${digits[0]}${fraction}E${adjusted >= 0 ? '+' : ''}${adjusted}`
  }
}

/** A number of either representation; see `Value` for when which is used. */
export type Numeric = number | Decimal

/** The `number` for a text without exponent, when it stands for the same decimal and prints the same text. */
function plainNumber(text: string, whole: string, fraction: string): number | undefined {
  if (fraction === '') {
    const value = Number(text)
    return Number.isSafeInteger(value) ? value + 0 : undefined
  }
  if (whole.length + fraction.length > 15 || fraction.endsWith('0')) return undefined
  const value = Number(text)
  return Math.abs(value) >= SMALLEST_PLAIN ? value : undefined
}

/** The canonical representation of `coefficient` × 10^-`scale`. */
export function fromParts(coefficient: bigint, scale: number): Numeric {
  if (coefficient > -1_000_000_000_000_000n && coefficient < 1_000_000_000_000_000n) {
    if (scale === 0) return Number(coefficient)
    if (scale > 0 && scale <= 15 && coefficient % 10n !== 0n) {
      const value = Number(new Decimal(coefficient, scale).toString())
      if (Math.abs(value) >= SMALLEST_PLAIN) return value
    }
  } else if (scale === 0) {
    const value = Number(coefficient)
    if (Number.isSafeInteger(value)) return value
  }
  return new Decimal(coefficient, scale)
}

/** Divides, rounding half to even. `divisor` is positive. */
export function divideHalfEven(dividend: bigint, divisor: bigint): bigint {
  const quotient = dividend / divisor
  const twice = (dividend % divisor) * 2n
  const size = twice < 0n ? -twice : twice
  if (size < divisor || (size === divisor && quotient % 2n === 0n)) return quotient
  return dividend < 0n ? quotient - 1n : quotient + 1n
}

/**
 * The value with at most 34 digits, or undefined when its exponent is out of range.
 * Every operand and result of arithmetic passes here, so that no text can make a huge integer.
 */
export function fit(coefficient: bigint, scale: number): Decimal | undefined {
  if (coefficient === 0n) return new Decimal(0n, Math.max(0, Math.min(scale, MAX_EXPONENT)))
  let excess = digitCount(coefficient) - PRECISION
  while (excess > 0) {
    coefficient = divideHalfEven(coefficient, powerOfTen(excess))
    scale -= excess
    excess = digitCount(coefficient) - PRECISION
  }
  const fitted = new Decimal(coefficient, scale)
  return Math.abs(fitted.adjustedExponent) > MAX_EXPONENT ? undefined : fitted
}

/** The decimal that a `number` stands for. */
export function decimalOf(value: Numeric): Decimal {
  if (typeof value !== 'number') return value
  if (Number.isInteger(value)) return new Decimal(BigInt(value), 0)
  const text = String(value)
  const dot = text.indexOf('.')
  return new Decimal(BigInt(text.slice(0, dot) + text.slice(dot + 1)), text.length - dot - 1)
}

export function isNumeric(value: unknown): value is Numeric {
  return typeof value === 'number' || value instanceof Decimal
}

export function numberText(value: Numeric): string {
  return typeof value === 'number' ? String(value) : value.toString()
}
