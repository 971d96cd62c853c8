import { spend, type SqlObject, type Value } from '../../value/index.ts'
import { sizeOf } from '../size.ts'
import { defineFunction, param } from './define.ts'
import { quoteShort } from '../reasons/describe.ts'

export const transform = defineFunction({
  name: 'transform',
  since: '2016-03-23',
  summary: 'Adds the members of an object to every object of an array.',
  params: [
    param('mode', 'String', "The transformation: 'enrichArray'."),
    param('attributes', 'Object', 'The members to add.'),
    param('values', 'Array', 'The objects to add them to.'),
  ],
  returns: 'Array',
  effect: 'pure',
  evaluate: (mode, attributes, values) => (mode === 'enrichArray' ? enrich(attributes, values) : undefined),
  prepare: ([mode]) => {
    if (mode!.constant && mode!.value === 'enrichArray') return undefined
    const severity = mode!.constant ? 'warning' : 'error'
    const message = "transform() needs its mode as a literal, and knows 'enrichArray' alone."
    return { problems: [{ code: 'SQL_ARGUMENT_TYPE', severity, message, argument: 0 }] }
  },
  whyUndefined: (mode, _attributes, values) =>
    mode === 'enrichArray' ? whyUndefined(values) : `there is no mode ${quoteShort(mode)}`,
  examples: [
    [
      "transform('enrichArray', {'k': 1}, [{'a': 2}, {'b': 3}])",
      [
        { a: 2, k: 1 },
        { b: 3, k: 1 },
      ],
    ],
    ["transform('enrichArray', {'k': 1}, [4])", undefined],
  ],
  notes: [
    'An element that is no object makes the call Undefined; so does a result of more than 128 KiB.',
    'Of two members with the same name the added one counts.',
  ],
  source: 'iot-sql-functions.html#iot-func-transform',
})

/** Bytes of JSON text. */
const longestResult = 128 * 1024

function enrich(attributes: SqlObject, values: readonly Value[]): readonly Value[] | undefined {
  const enriched: Value[] = []
  let room = longestResult
  for (const value of values) {
    if (!(value instanceof Map)) return undefined
    if (!spend(2 + 8 * ((value as SqlObject).size + attributes.size))) return undefined
    const element = new Map([...(value as SqlObject), ...attributes])
    room -= sizeOf(element, room)
    if (room < 0) return undefined
    enriched.push(element)
  }
  return enriched
}

function whyUndefined(values: readonly Value[]): string {
  const wrong = values.findIndex((value) => !(value instanceof Map))
  return wrong === -1 ? 'the result has more than 128 KiB' : `element ${wrong} of the Array is no Object`
}
