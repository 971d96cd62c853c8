import { Decimal } from './decimal.ts'
import { type SqlObject, type Value } from './value.ts'
import { isExceeded, spend, spendText } from './work.ts'

/** Up to this length a loop over the characters is faster than JSON.stringify. */
const SHORT = 48

/**
 * Compact JSON text. Keys keep their order, numbers their text. Members that are Undefined are left out; an Undefined
 * element of an array becomes null so that the others keep their places. Lone surrogates are written as escapes.
 * Undefined itself has no text; nor has what takes more work than the evaluation may do. Recursion is bounded by the depth of the value (`MAX_DEPTH` for what was read).
 */
export function writeJson(value: Value): string | undefined {
  switch (typeof value) {
    case 'undefined':
      return undefined
    case 'string':
      return quoted(value)
    case 'number':
      return String(value)
    case 'boolean':
      return value ? 'true' : 'false'
    default:
      if (value === null) return 'null'
      if (value instanceof Decimal) return value.jsonText
      return value instanceof Map ? writeObject(value as SqlObject) : writeArray(value as readonly Value[])
  }
}

/** A string as a JSON string literal, escaped as JSON.stringify does. */
export function quoted(text: string): string {
  const { length } = text
  if (length > SHORT) return spendText(length) ? JSON.stringify(text) : '""'
  for (let index = 0; index < length; index++) {
    const code = text.charCodeAt(index)
    if (code < 32 || code === 34 || code === 92 || code >= 0xd800) return JSON.stringify(text)
  }
  return '"' + text + '"'
}

function writeObject(object: SqlObject): string | undefined {
  let text = ''
  for (const [key, value] of object) {
    if (value === undefined) continue
    if (!spend(4)) return undefined
    text += (text === '' ? '{' : ',') + quoted(key) + ':' + writeJson(value)!
  }
  if (isExceeded()) return undefined
  return text === '' ? '{}' : text + '}'
}

function writeArray(array: readonly Value[]): string | undefined {
  let text = ''
  for (const value of array) {
    if (!spend(2)) return undefined
    text += (text === '' ? '[' : ',') + (writeJson(value) ?? 'null')
  }
  if (isExceeded()) return undefined
  return text === '' ? '[]' : text + ']'
}
