import { createHash } from 'node:crypto'
import { defineFunction, param } from './define.ts'

export const sha224 = defineFunction({
  name: 'sha224',
  since: '2015-10-08',
  summary: 'The SHA224 digest of a string, in lower-case hexadecimal.',
  params: [param('text', 'String', 'The string.')],
  returns: 'String',
  effect: 'pure',
  work: { call: 60, text: 2 },
  evaluate: (text) => createHash('sha224').update(text).digest('hex'),
  examples: [['sha224("hello")', 'ea09ae9cc6768c50fcee903ed054556e5bfc8347907f12598aa24193']],
  source: 'iot-sql-functions.html#iot-sql-function-hash',
})
