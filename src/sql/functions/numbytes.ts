import { defineFunction, param } from './define.ts'

export const numbytes = defineFunction({
  name: 'numbytes',
  since: '2016-03-23',
  summary: 'The number of bytes in the UTF-8 encoding of a string.',
  params: [param('text', 'String', 'The string.')],
  returns: 'Int',
  effect: 'pure',
  evaluate: (text) => Buffer.byteLength(text),
  examples: [
    ['numbytes("hi")', 2],
    ['numbytes("€")', 3],
  ],
  source: 'iot-sql-functions.html#iot-sql-function-numbytes',
})
