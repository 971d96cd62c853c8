import {
  type Value,
  compare,
  fromDouble,
  isInt,
  isNumeric,
  toBoolean,
  toDecimal,
  toDouble,
  toInt,
  toText,
  typeOf,
} from '../../value/index.ts'
import { floorToInt } from './rounding.ts'
import { type Conversion, type DeclaredType, type Param } from './spec.ts'

/** Converts an argument to its parameter's type; Undefined when it does not become that type. */
export type Converter = (value: Value) => Value

const standard: Record<Exclude<DeclaredType, 'Any'>, Converter> = {
  Boolean: toBoolean,
  Int: toInt,
  Decimal: toDecimal,
  String: toText,
  Array: (value) => (Array.isArray(value) ? (value as readonly Value[]) : undefined),
  Object: (value) => (value instanceof Map ? value : undefined),
}

const exceptional: Record<Conversion, Converter> = {
  refuse: () => undefined,
  floor: (value) => floorToInt(toDecimal(value)),
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
