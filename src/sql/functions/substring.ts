import { clampInt } from './integers.ts'
import { defineFunction, optional, param } from './define.ts'

export const substring = defineFunction({
  name: 'substring',
  since: '2015-10-08',
  summary: 'The part of a string between two zero-based positions.',
  params: [
    param('text', 'String', 'The string to cut.'),
    param('start', 'Int', 'First position, inclusive; below zero counts as zero.', {
      Decimal: 'floor',
      String: 'floor',
    }),
    optional('end', 'Int', 'Last position, exclusive; past the end counts as the length.', {
      Decimal: 'floor',
      String: 'floor',
    }),
  ],
  returns: 'String',
  effect: 'pure',
  work: { text: 0 },
  evaluate: (text, start, end) => {
    const from = clampInt(start, 0, text.length)
    const to = end === undefined ? text.length : clampInt(end, 0, text.length)
    return from < to ? text.slice(from, to) : ''
  },
  examples: [
    ['substring("012345", 2.745)', '2345'],
    ['substring("012345", 1, 3)', '12'],
    ['substring("012345", 3, 1)', ''],
    ['substring(null, 1)', undefined],
  ],
  notes: ['Where the first position is not before the second the result is empty.'],
  source: 'iot-sql-functions.html#iot-func-substring',
})
