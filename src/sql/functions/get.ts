import { quoted, type SqlObject, toDouble, type Value } from '../../value/index.ts'
import { defineFunction, param } from './define.ts'
import { floorOf } from './convert.ts'
import { describe } from '../reasons/describe.ts'

export const get = defineFunction({
  name: 'get',
  since: '2015-10-08',
  summary: 'An element of an array, a character of a string or a member of an object.',
  params: [
    param('collection', 'Any', 'The array, string or object.'),
    param(
      'key',
      'Any',
      "Zero-based index, converted to an Int and rounded down; for an object the member's name, a String.",
    ),
  ],
  returns: 'Any',
  effect: 'pure',
  evaluate: (collection, key) => {
    if (collection instanceof Map)
      return typeof key === 'string' ? (collection as SqlObject).get(key) : undefined
    if (typeof collection !== 'string' && !Array.isArray(collection)) return undefined
    const int = floorOf(key)
    const index = int === undefined ? -1 : toDouble(int)
    return index < 0 ? undefined : (collection as string | readonly Value[])[index]
  },
  prepare: ([collection, key]) => {
    if (collection?.star !== true || key?.constant !== true || typeof key.value !== 'string') return undefined
    const { value: name } = key
    return { evaluator: (scope) => scope.payload.get(name) }
  },
  whyUndefined: whyMissing,
  examples: [
    ['get(["a", "b", "c"], 1)', 'b'],
    ['get({"a": 1}, "a")', 1],
    ['get("abc", 0)', 'a'],
    ['get([1], -1)', undefined],
    ['get({"1": 1}, 1)', undefined],
  ],
  notes: [
    'The first argument is never converted, nor is the key of an object.',
    'An index below zero or past the end is Undefined.',
  ],
  source: 'iot-sql-functions.html#iot-sql-function-get',
})

function whyMissing(collection: Value, key: Value): string {
  if (collection instanceof Map) return whyNoMember(collection as SqlObject, key)
  if (typeof collection !== 'string' && !Array.isArray(collection)) {
    return `argument 1 is ${describe(collection)}, not an Array, a String or an Object`
  }
  const what = typeof collection === 'string' ? 'character' : 'element'
  const int = floorOf(key)
  if (int === undefined) return `the index is ${describe(key)}, which does not become Int`
  const index = toDouble(int)
  const { length } = collection as { readonly length: number }
  if (index < 0) return `index ${index} is below 0`
  if (length === 0) return what === 'element' ? 'the Array is empty' : 'the String is empty'
  if (index < length) return `element ${index} is Undefined`
  return `${what === 'element' ? 'array index' : 'index'} ${index} is beyond the last ${what} ${length - 1}`
}

function whyNoMember(object: SqlObject, key: Value): string {
  if (typeof key === 'string') return `${describe(object)} has no member ${quoted(key.slice(0, 40))}`
  return `the key of an Object is a String, and this one is ${describe(key)}`
}
