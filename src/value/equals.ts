import { compare } from './arithmetic.ts'
import { Decimal, isNumeric } from './decimal.ts'
import { type SqlObject, type Value } from './value.ts'
import { spend } from './work.ts'

/** Characters that compare in about a unit of work. */
const COMPARED = 1024

/** Deep equality: numbers by value (1 equals 1.0), arrays in order, objects by key; never across types. */
export function equals(a: Value, b: Value): boolean {
  if (typeof a === 'string' && a.length >= COMPARED && !spend(a.length / COMPARED)) return false
  if (a === b) return true
  if (typeof a !== 'object' && !(b instanceof Decimal)) return false
  if (isNumeric(a)) return isNumeric(b) && compare(a, b) === 0
  if (Array.isArray(a)) return Array.isArray(b) && arraysEqual(a, b)
  return a instanceof Map && b instanceof Map && objectsEqual(a, b)
}

function arraysEqual(a: readonly Value[], b: readonly Value[]): boolean {
  if (a.length !== b.length) return false
  for (let index = 0; index < a.length; index++) {
    if (!spend(1) || !equals(a[index], b[index])) return false
  }
  return true
}

function objectsEqual(a: SqlObject, b: SqlObject): boolean {
  if (a.size !== b.size) return false
  for (const [key, value] of a) {
    if (!spend(2) || !b.has(key) || !equals(value, b.get(key))) return false
  }
  return true
}
