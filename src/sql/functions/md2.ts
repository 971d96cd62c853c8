import { md2Hex } from './md2-digest.ts'
import { defineFunction, param } from './define.ts'

export const md2 = defineFunction({
  name: 'md2',
  since: '2015-10-08',
  summary: 'The MD2 digest of a string, in lower-case hexadecimal.',
  params: [param('text', 'String', 'The string.')],
  returns: 'String',
  effect: 'pure',
  work: { call: 100, text: 80 },
  evaluate: (text) => md2Hex(Buffer.from(text)),
  examples: [['md2("hello")', 'a9046c73e00331af68917d3804f70655']],
  source: 'iot-sql-functions.html#iot-sql-function-hash',
})
