import { createHash } from 'node:crypto'
import { defineFunction, param } from './define.ts'

export const sha256 = defineFunction({
  name: 'sha256',
  since: '2015-10-08',
  summary: 'The SHA256 digest of a string, in lower-case hexadecimal.',
  params: [param('text', 'String', 'The string.')],
  returns: 'String',
  effect: 'pure',
  work: { call: 60, text: 2 },
  evaluate: (text) => createHash('sha256').update(text).digest('hex'),
  examples: [['sha256("hello")', '2cf24dba5fb0a30e26e83b2ac5b9e29e1b161e5c1fa7425e73043362938b9824']],
  source: 'iot-sql-functions.html#iot-sql-function-hash',
})
