import { defineFunction, param } from './define.ts'

export const length = defineFunction({
  name: 'length',
  since: '2016-03-23',
  summary: 'The number of UTF-16 code units in a string.',
  params: [param('text', 'String', 'The string.')],
  returns: 'Int',
  effect: 'pure',
  work: { text: 0 },
  evaluate: (text) => text.length,
  examples: [
    ['length("hi")', 2],
    ['length(false)', 5],
  ],
  notes: ['A character beyond U+FFFF counts as two, as in Java.'],
  source: 'iot-sql-functions.html#iot-sql-function-length',
})
