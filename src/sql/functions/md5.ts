import { createHash } from 'node:crypto'
import { defineFunction, param } from './define.ts'

export const md5 = defineFunction({
  name: 'md5',
  since: '2015-10-08',
  summary: 'The MD5 digest of a string, in lower-case hexadecimal.',
  params: [param('text', 'String', 'The string.')],
  returns: 'String',
  effect: 'pure',
  work: { call: 60, text: 2 },
  evaluate: (text) => createHash('md5').update(text).digest('hex'),
  examples: [['md5("hello")', '5d41402abc4b2a76b9719d911017c592']],
  source: 'iot-sql-functions.html#iot-sql-function-hash',
})
