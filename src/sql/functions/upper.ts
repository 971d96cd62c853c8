import { defineFunction, param } from './define.ts'

export const upper = defineFunction({
  name: 'upper',
  since: '2015-10-08',
  summary: 'Converts to upper case.',
  params: [param('text', 'String', 'The string.')],
  returns: 'String',
  effect: 'pure',
  evaluate: (text) => text.toUpperCase(),
  examples: [
    ['upper("hello")', 'HELLO'],
    ['upper(null)', undefined],
  ],
  source: 'iot-sql-functions.html#iot-sql-function-upper',
})
