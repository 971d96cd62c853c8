import { createHash } from 'node:crypto'
import { defineFunction, param } from './define.ts'

export const sha1 = defineFunction({
  name: 'sha1',
  since: '2015-10-08',
  summary: 'The SHA1 digest of a string, in lower-case hexadecimal.',
  params: [param('text', 'String', 'The string.')],
  returns: 'String',
  effect: 'pure',
  work: { call: 60, text: 2 },
  evaluate: (text) => createHash('sha1').update(text).digest('hex'),
  examples: [['sha1("hello")', 'aaf4c61ddcc5e8a2dabede0f3b482cd9aea9434d']],
  source: 'iot-sql-functions.html#iot-sql-function-hash',
})
