import { defineFunction, param } from './define.ts'

export const endswith = defineFunction({
  name: 'endswith',
  since: '2015-10-08',
  summary: 'Tells whether a string ends with another.',
  params: [
    param('text', 'String', 'The string to look at.'),
    param('part', 'String', 'What it may end with.'),
  ],
  returns: 'Boolean',
  effect: 'pure',
  work: { text: 0 },
  evaluate: (text, part) => text.endsWith(part),
  examples: [
    ['endswith("cat", "at")', true],
    ['endswith(null, "a")', undefined],
  ],
  notes: ['Case counts; every string ends with the empty one.'],
  source: 'iot-sql-functions.html#iot-func-endswith',
})
