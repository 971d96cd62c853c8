import { searchFor } from './search.ts'
import { defineFunction, param } from './define.ts'

export const indexof = defineFunction({
  name: 'indexof',
  since: '2016-03-23',
  summary: 'The first zero-based position of a string in another.',
  params: [
    param('text', 'String', 'The string to look in.'),
    param('part', 'String', 'The string to look for.'),
  ],
  returns: 'Int',
  effect: 'pure',
  work: { text: 3 },
  evaluate: (text, part) => searchFor(part)(text, 0),
  examples: [
    ['indexof("abcd", "bc")', 1],
    ['indexof("abcd", "x")', -1],
  ],
  notes: ['-1 when the string does not occur.'],
  source: 'iot-sql-functions.html#iot-sql-function-indexof',
})
