import { createHash } from 'node:crypto'
import { defineFunction, param } from './define.ts'

export const sha384 = defineFunction({
  name: 'sha384',
  since: '2015-10-08',
  summary: 'The SHA384 digest of a string, in lower-case hexadecimal.',
  params: [param('text', 'String', 'The string.')],
  returns: 'String',
  effect: 'pure',
  work: { call: 60, text: 2 },
  evaluate: (text) => createHash('sha384').update(text).digest('hex'),
  examples: [
    [
      'sha384("hello")',
      '59e1748777448c69de6b800d7a33bbfb9ff1b463e44354c3553bcdb9c666fa90125a3c79f90397bdf5f6a13de828684f',
    ],
  ],
  source: 'iot-sql-functions.html#iot-sql-function-hash',
})
