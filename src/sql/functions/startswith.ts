import { defineFunction, param } from './define.ts'

export const startswith = defineFunction({
  name: 'startswith',
  since: '2015-10-08',
  summary: 'Tells whether a string starts with another.',
  params: [
    param('text', 'String', 'The string to look at.'),
    param('part', 'String', 'What it may start with.'),
  ],
  returns: 'Boolean',
  effect: 'pure',
  work: { text: 0 },
  evaluate: (text, part) => text.startsWith(part),
  examples: [
    ['startswith("cat", "ca")', true],
    ['startswith(null, "a")', undefined],
  ],
  notes: ['Case counts; every string starts with the empty one.'],
  source: 'iot-sql-functions.html#iot-func-startswith',
})
