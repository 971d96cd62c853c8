import { Decimal } from './decimal.ts'
import { wholeAsInt } from './rounding.ts'
import { type SqlObject, type Value } from './value.ts'

/**
 * Turns whole Decimals into Ints, at any depth (5.0 → 5), as language version 2016-03-23 does on input and output.
 * Returns the same object where nothing changes.
 */
export function wholeToInt(value: Value): Value {
  if (typeof value !== 'object' || value === null) return value
  if (value instanceof Decimal) return wholeAsInt(value)
  return Array.isArray(value) ? wholeInArray(value) : wholeInObject(value as SqlObject)
}

function wholeInArray(array: readonly Value[]): readonly Value[] {
  let copy: Value[] | undefined
  for (let index = 0; index < array.length; index++) {
    const item = array[index]
    const whole = wholeToInt(item)
    if (whole === item) continue
    copy ??= array.slice()
    copy[index] = whole
  }
  return copy ?? array
}

function wholeInObject(object: SqlObject): SqlObject {
  let copy: Map<string, Value> | undefined
  for (const [key, item] of object) {
    const whole = wholeToInt(item)
    if (whole === item) continue
    copy ??= new Map(object)
    copy.set(key, whole)
  }
  return copy ?? object
}
