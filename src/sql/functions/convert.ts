import {
  Decimal,
  floor,
  type Numeric,
  toBoolean,
  toDecimal,
  toInt,
  toText,
  typeOf,
  type Value,
} from '../../value/index.ts'
import { type Conversion, type DeclaredType, type Param } from './spec.ts'

/** Converts an argument to its parameter's type; Undefined when it does not become that type. */
export type Converter = (value: Value) => Value

const maxExponent = 999
const maxScale = 1100

/**
 * The value as a number by the standard conversion; Undefined beyond the range of Decimal (1E-999 to 9.9E999) and
 * with more than 1,100 decimal places, which would cost more than they carry.
 */
export function numberOf(value: Value): Numeric | undefined {
  const number = toDecimal(value)
  if (!(number instanceof Decimal)) return number
  if (Math.abs(number.scale) > maxScale) return undefined
  return Math.abs(number.adjustedExponent) > maxExponent ? undefined : number
}

/** The value as a number rounded down to an Int. */
export function floorOf(value: Value): Numeric | undefined {
  const number = numberOf(value)
  return number === undefined ? undefined : floor(number)
}

const standard: Record<Exclude<DeclaredType, 'Any'>, Converter> = {
  Boolean: toBoolean,
  Int: (value) => (numberOf(value) === undefined ? undefined : toInt(value)),
  Decimal: numberOf,
  String: toText,
  Array: (value) => (Array.isArray(value) ? (value as readonly Value[]) : undefined),
  Object: (value) => (value instanceof Map ? value : undefined),
}

const exceptional: Record<Conversion, Converter> = {
  refuse: () => undefined,
  floor: floorOf,
}

/** Makes the converter of one parameter; undefined for `Any`, which takes every value as it is. */
export function converterOf({ type, conversions }: Param): Converter | undefined {
  if (type === 'Any') return undefined
  const convert = standard[type]
  if (Object.keys(conversions).length === 0) return convert
  return (value) => {
    const exception = conversions[typeOf(value)]
    return exception === undefined ? convert(value) : exceptional[exception](value)
  }
}
