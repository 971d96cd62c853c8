/**
 * Exact decimals. AWS IoT SQL has "signed, 34-digit decimal" numbers with magnitudes from 1E-999 to 9.99…E999.
 * Source: https://docs.aws.amazon.com/iot/latest/developerguide/iot-sql-data-types.html
 */

/** Significant digits that results of arithmetic keep. */
export const PRECISION = 34
/** Bound of the exponent in scientific notation; arithmetic on or to numbers beyond it is Undefined. */
export const MAX_EXPONENT = 999

/** Digits that any decimal keeps on its way through a double and back, so that its shortest text is the decimal. */
const DOUBLE_DIGITS = 15
/** Digits that tell numbers apart; a longer one keeps its text, but its value is cut here. */
const MAX_DIGITS = 1000
/** Exponents as large as this are all the same: far out of bounds, yet safe to add and subtract. */
const ENDLESS = 2e9
/** Magnitude below which there is no `number`: doubles spell scientific notation in another way. */
export const SMALLEST_PLAIN = 1e-6

const NUMBER = /^(-?)(\d+)(?:\.(\d+))?(?:[eE]([+-]?\d+))?$/

/** An Int or a Decimal: `number` where a double names the value exactly (see `Value`), else `Decimal`. */
export type Numeric = number | Decimal

/**
 * An immutable decimal number: coefficient × 10^-scale. The scale is part of its text (1.50), not of its value.
 * Its exponent may be out of bounds while it is only passed through, so a power of ten must never be computed from
 * `scale` before `isBounded` or `adjustedExponent` has been asked.
 */
export class Decimal {
  readonly coefficient: bigint
  readonly scale: number
  /** The JSON text it was read from, where coefficient and scale alone would be written in another way. */
  readonly source: string | undefined

  constructor(coefficient: bigint, scale: number, source?: string) {
    this.coefficient = coefficient
    this.scale = scale
    this.source = source
  }

  /**
   * Reads `-?digits[.digits][E[+-]digits]`; Undefined for any other text.
   * Every digit and every place survives in `jsonText`, also beyond 34 digits and beyond the bounds of arithmetic.
   */
  static parse(text: string): Numeric | undefined {
    const parts = NUMBER.exec(text)
    if (parts === null) return undefined
    const whole = parts[2]!
    const fraction = parts[3] ?? ''
    if (
      parts[4] === undefined &&
      whole.length + fraction.length <= DOUBLE_DIGITS &&
      !fraction.endsWith('0')
    ) {
      const value = Number(text)
      if (fraction === '') return value + 0
      if (value >= SMALLEST_PLAIN || value <= -SMALLEST_PLAIN) return value
    }
    return parseExact(text, parts[1]! === '-', whole, fraction, parts[4])
  }

  /** Exponent in scientific notation: the power of ten of the first digit. */
  get adjustedExponent(): number {
    return digitCount(this.coefficient) - 1 - this.scale
  }

  /** True when the magnitude lies within 1E-999 and 9.99…E999; always for zero. */
  get isBounded(): boolean {
    return this.coefficient === 0n || Math.abs(this.adjustedExponent) <= MAX_EXPONENT
  }

  /** Text as Java's BigDecimal.toString writes it: plain where possible, else `1.5E-7` or `1E+3`. */
  toString(): string {
    if (this.scale === 0) return this.coefficient.toString()
    const negative = this.coefficient < 0n
    const digits = (negative ? -this.coefficient : this.coefficient).toString()
    const exponent = digits.length - 1 - this.scale
    const text =
      this.scale > 0 && exponent >= -6 ? plainText(digits, this.scale) : scientificText(digits, exponent)
    return negative ? '-' + text : text
  }

  /** Text for JSON: as it was read, else as `toString` has it. */
  get jsonText(): string {
    return this.source ?? this.toString()
  }
}

/** True for an Int or a Decimal. */
export function isNumeric(value: unknown): value is Numeric {
  return typeof value === 'number' || value instanceof Decimal
}

const POWERS: readonly bigint[] = Array.from({ length: 128 }, (_, exponent) => 10n ** BigInt(exponent))

/** 10 to the power of `exponent`, an integer from 0 that the caller has bounded. */
export function powerOfTen(exponent: number): bigint {
  return POWERS[exponent] ?? 10n ** BigInt(exponent)
}

/** Number of decimal digits of a bigint; 1 for zero. */
export function digitCount(value: bigint): number {
  const magnitude = value < 0n ? -value : value
  if (magnitude < POWERS[DOUBLE_DIGITS]!) return Number(magnitude).toString().length
  return magnitude.toString().length
}

/** The number coefficient × 10^-scale in its one representation; value and text are kept. */
export function fromParts(coefficient: bigint, scale: number): Numeric {
  if (scale === 0) {
    const int = Number(coefficient)
    return Number.isSafeInteger(int) ? int : new Decimal(coefficient, 0)
  }
  const limit = POWERS[DOUBLE_DIGITS]!
  if (scale > 0 && scale <= 22 && coefficient < limit && coefficient > -limit && coefficient % 10n !== 0n) {
    // Both are exact, so the division rounds to the double that stands for this decimal.
    const value = Number(coefficient) / 10 ** scale
    if (value >= SMALLEST_PLAIN || value <= -SMALLEST_PLAIN) return value
  }
  return new Decimal(coefficient, scale)
}

/** Coefficient and scale of any numeric. */
export function decimalOf(value: Numeric): Decimal {
  if (typeof value !== 'number') return value
  if (Number.isInteger(value)) return new Decimal(BigInt(value), 0)
  const text = String(value)
  const point = text.indexOf('.')
  return new Decimal(BigInt(text.slice(0, point) + text.slice(point + 1)), text.length - point - 1)
}

/** A whole number as a Decimal, which prints as `5.0`. */
export function wholeDecimal(value: bigint): Decimal {
  return new Decimal(value * 10n, 1)
}

/** Text of a number, as `Decimal.toString` writes it. */
export function numberText(value: Numeric): string {
  return typeof value === 'number' ? String(value) : value.toString()
}

function parseExact(
  text: string,
  negative: boolean,
  whole: string,
  fraction: string,
  exponent: string | undefined,
): Numeric {
  const power = exponent === undefined ? 0 : Math.max(-ENDLESS, Math.min(ENDLESS, Number(exponent)))
  let digits = withoutLeadingZeros(whole + fraction)
  let scale = fraction.length - power
  if (digits === '')
    return scale === 0 ? 0 : new Decimal(0n, Math.max(-MAX_EXPONENT, Math.min(scale, MAX_EXPONENT)))
  const cut = digits.length - MAX_DIGITS
  if (cut > 0) {
    digits = digits.slice(0, MAX_DIGITS)
    scale -= cut
  }
  const coefficient = BigInt(negative ? '-' + digits : digits)
  const value = fromParts(coefficient, scale)
  const isJson = whole.length === 1 || whole.charCodeAt(0) !== 48
  const plain = exponent === undefined && cut <= 0 && (scale === 0 || digits.length - 1 - scale >= -6)
  return plain || !isJson ? value : new Decimal(coefficient, scale, text)
}

function withoutLeadingZeros(digits: string): string {
  let start = 0
  while (digits.charCodeAt(start) === 48) start++
  return start === 0 ? digits : digits.slice(start)
}

function plainText(digits: string, scale: number): string {
  if (digits.length > scale) return `${digits.slice(0, -scale)}.${digits.slice(-scale)}`
  return `0.${digits.padStart(scale, '0')}`
}

function scientificText(digits: string, exponent: number): string {
  const mantissa = digits.length === 1 ? digits : `${digits[0]}.${digits.slice(1)}`
  if (exponent === 0) return mantissa
  return `${mantissa}E${exponent > 0 ? '+' : ''}${exponent}`
}
