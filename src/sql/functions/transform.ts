import { type SqlObject, type Value } from '../../value/index.ts'
import { defineFunction, param } from './define.ts'
import { describe } from '../reasons/describe.ts'

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
    mode === 'enrichArray'
      ? `element ${values.findIndex((value) => !(value instanceof Map))} of the Array is no Object`
      : `there is no mode ${describe(mode)}`,
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
  notes: ['An element that is no object makes the call Undefined.'],
  source: 'iot-sql-functions.html#iot-func-transform',
})

function enrich(attributes: SqlObject, values: readonly Value[]): readonly Value[] | undefined {
  const enriched: Value[] = []
  for (const value of values) {
    if (!(value instanceof Map)) return undefined
    enriched.push(new Map([...(value as SqlObject), ...attributes]))
  }
  return enriched
}
