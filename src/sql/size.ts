import { Decimal, isArray, isObject, type Value } from '../value/index.ts'

/** Bytes of a value as JSON text, roughly; stops counting once it is over `limit`. */
export function sizeOf(value: Value, limit: number): number {
  if (typeof value === 'string') return value.length * 3 <= limit ? value.length : Buffer.byteLength(value)
  if (typeof value !== 'object' || value === null || value instanceof Decimal) return 8
  let size = 2
  if (isArray(value)) {
    for (const element of value) {
      size += sizeOf(element, limit - size) + 1
      if (size > limit) break
    }
  } else if (isObject(value)) {
    for (const [key, member] of value) {
      size += key.length + sizeOf(member, limit - size) + 4
      if (size > limit) break
    }
  }
  return size
}
