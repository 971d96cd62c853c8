import { spend, spendText, type Value, toText } from '../../value/index.ts'
import { defineFunction, rest } from './define.ts'

export const concat = defineFunction({
  name: 'concat',
  since: '2015-10-08',
  summary: 'Joins arrays or strings.',
  params: [rest('values', 'Any', 'What to join.')],
  returns: 'Any',
  effect: 'pure',
  evaluate: (...values) =>
    values.some((value) => Array.isArray(value)) ? joinArrays(values) : joinTexts(values),
  whyUndefined: (...values) => {
    if (values.length === 0) return 'there is nothing to join'
    const textless = values.findIndex((value) => value === null)
    return textless < 0 ? undefined : `argument ${textless + 1} is Null, which has no String form`
  },
  examples: [
    ['concat()', undefined],
    ['concat(1)', '1'],
    ['concat("con", "cat")', 'concat'],
    ['concat(1, "hello")', '1hello'],
    ['concat([1, 2, 3], "hello", [4, [5]])', [1, 2, 3, 'hello', 4, [5]]],
    ['concat("a", null)', undefined],
  ],
  notes: [
    'With an array among the arguments the result is an array: arrays are spliced one level deep, other values added.',
    'Without one, every argument is converted to a string; one that has no string form makes the call Undefined.',
  ],
  source: 'iot-sql-functions.html#iot-func-concat',
})

function joinArrays(values: readonly Value[]): readonly Value[] | undefined {
  if (values.includes(undefined)) return undefined
  const length = values.reduce<number>((sum, value) => sum + (Array.isArray(value) ? value.length : 1), 0)
  return spend(length) ? values.flat(1) : undefined
}

function joinTexts(values: readonly Value[]): string | undefined {
  if (values.length === 0) return undefined
  let joined = ''
  for (const value of values) {
    const text = toText(value)
    if (text === undefined || !spendText(text.length)) return undefined
    joined += text
  }
  return joined
}
