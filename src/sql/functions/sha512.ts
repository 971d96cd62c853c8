import { createHash } from 'node:crypto'
import { defineFunction, param } from './define.ts'

export const sha512 = defineFunction({
  name: 'sha512',
  since: '2015-10-08',
  summary: 'The SHA512 digest of a string, in lower-case hexadecimal.',
  params: [param('text', 'String', 'The string.')],
  returns: 'String',
  effect: 'pure',
  work: { call: 60, text: 2 },
  evaluate: (text) => createHash('sha512').update(text).digest('hex'),
  examples: [
    [
      'sha512("hello")',
      '9b71d224bd62f3785d96d46ad3ea3d73319bfbc2890caadae2dff72519673ca72323c3d99ba5c11d7c7acc6e14b8c5da0c4663475c2e5c3adef46f73bcdec043',
    ],
  ],
  source: 'iot-sql-functions.html#iot-sql-function-hash',
})
