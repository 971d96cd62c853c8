import { defineFunction, param } from './define.ts'

export const lower = defineFunction({
  name: 'lower',
  since: '2015-10-08',
  summary: 'Converts to lower case.',
  params: [param('text', 'String', 'The string.')],
  returns: 'String',
  effect: 'pure',
  evaluate: (text) => text.toLowerCase(),
  examples: [
    ['lower("HELLO")', 'hello'],
    ['lower(null)', undefined],
  ],
  source: 'iot-sql-functions.html#iot-func-lower',
})
