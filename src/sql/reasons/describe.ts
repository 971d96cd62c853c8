import { Decimal, isArray, isObject, quoted, toText, typeOf, type Value } from '../../value/index.ts'

const SHOWN_TEXT = 40
const SHOWN_MEMBERS = 5

/** A value in words, short whatever its size: `the String "abc"`, `an Array of 3 elements`, `Null`. */
export function describe(value: Value): string {
  if (value === undefined) return 'Undefined'
  if (value === null) return 'Null'
  if (typeof value === 'string') return `the String ${quoteShort(value)}`
  if (isArray(value)) return value.length === 0 ? 'an empty Array' : `an Array of ${elements(value.length)}`
  if (isObject(value)) return value.size === 0 ? 'an empty Object' : `an Object with ${members(value)}`
  return `the ${typeOf(value)} ${shorten(value instanceof Decimal ? value.jsonText : toText(value)!)}`
}

/** A text in quotes, shortened. */
export function quoteShort(text: string): string {
  return quoted(shorten(text))
}

/** The type of a value with its article: `a String`, `an Object`, `Null`. */
export function typeInWords(value: Value): string {
  const type = typeOf(value)
  if (type === 'Undefined' || type === 'Null') return type
  return /^[AIO]/.test(type) ? `an ${type}` : `a ${type}`
}

function shorten(text: string): string {
  return text.length > SHOWN_TEXT ? `${text.slice(0, SHOWN_TEXT - 1)}…` : text
}

function elements(count: number): string {
  return count === 1 ? '1 element' : `${count} elements`
}

function members(object: ReadonlyMap<string, Value>): string {
  const names: string[] = []
  for (const name of object.keys()) {
    if (names.length === SHOWN_MEMBERS) break
    names.push(shorten(name))
  }
  const noun = object.size === 1 ? 'the member' : 'the members'
  return `${noun} ${names.join(', ')}${object.size > SHOWN_MEMBERS ? ', …' : ''}`
}
