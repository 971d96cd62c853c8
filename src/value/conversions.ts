import { Decimal, type Numeric, numberText } from './decimal.ts'
import { writeJson } from './json-write.ts'
import { roundHalfAwayFromZero, truncate } from './rounding.ts'
import { type SqlObject, type TypeName, type Value } from './value.ts'

/*
 * The standard conversions. Source: https://docs.aws.amazon.com/iot/latest/developerguide/iot-sql-data-types.html
 * (tables "To decimal", "To int", "To boolean", "To string"). Null converts to Undefined, as every function's and
 * operator's own table has it.
 */

/** What a String must look like to be a number. */
const NUMERIC_STRING = /^-?\d+(\.\d+)?(E-?\d+)?$/i

/** Longer strings are no numbers: converting them would cost more than they carry. */
const MAX_NUMERIC_STRING = 2048

/** Type of a value as the documentation spells it. */
export function typeOf(value: Value): TypeName {
  switch (typeof value) {
    case 'undefined':
      return 'Undefined'
    case 'boolean':
      return 'Boolean'
    case 'number':
      return Number.isInteger(value) ? 'Int' : 'Decimal'
    case 'string':
      return 'String'
    default:
      if (value === null) return 'Null'
      if (value instanceof Decimal) return value.scale === 0 ? 'Int' : 'Decimal'
      return isArray(value) ? 'Array' : 'Object'
  }
}

export function isArray(value: Value): value is readonly Value[] {
  return Array.isArray(value)
}

export function isObject(value: Value): value is SqlObject {
  return value instanceof Map
}

/** True for an Int of any size; false for a Decimal, also for a whole one such as 5.0. */
export function isInt(value: Value): value is Numeric {
  return typeof value === 'number' ? Number.isInteger(value) : value instanceof Decimal && value.scale === 0
}

/** To Int: a Decimal rounds to nearest, a numeric String is truncated; all else is Undefined. */
export function toInt(value: Value): Numeric | undefined {
  if (typeof value === 'number' || value instanceof Decimal) return roundHalfAwayFromZero(value)
  if (typeof value !== 'string') return undefined
  const number = toDecimal(value)
  return number === undefined ? undefined : truncate(number, 0)
}

/** To Decimal: an Int or Decimal is itself, a numeric String is read; all else is Undefined. */
export function toDecimal(value: Value): Numeric | undefined {
  if (typeof value === 'number' || value instanceof Decimal) return value
  if (typeof value !== 'string' || value.length > MAX_NUMERIC_STRING || !NUMERIC_STRING.test(value))
    return undefined
  return Decimal.parse(value)
}

/** To String: text of numbers and Booleans, compact JSON of Arrays and Objects; Null and Undefined have none. */
export function toText(value: Value): string | undefined {
  switch (typeof value) {
    case 'string':
      return value
    case 'number':
      return numberText(value)
    case 'boolean':
      return value ? 'true' : 'false'
    case 'undefined':
      return undefined
    default:
      if (value === null) return undefined
      return value instanceof Decimal ? value.toString() : writeJson(value)
  }
}

/** To Boolean: a Boolean is itself, the strings `true` and `false` in any case are read; all else is Undefined. */
export function toBoolean(value: Value): boolean | undefined {
  if (typeof value === 'boolean') return value
  if (typeof value !== 'string' || value.length > 5) return undefined
  const text = value.toLowerCase()
  return text === 'true' ? true : text === 'false' ? false : undefined
}
