import { trimEnd, trimStart } from './white-space.ts'
import { defineFunction, param } from './define.ts'

export const trim = defineFunction({
  name: 'trim',
  since: '2015-10-08',
  summary: 'Removes white space from both ends.',
  params: [param('text', 'String', 'The string.')],
  returns: 'String',
  effect: 'pure',
  evaluate: (text) => trimStart(trimEnd(text)),
  examples: [['trim(" h i ")', 'h i']],
  notes: ['White space is tab and space.'],
  source: 'iot-sql-functions.html#iot-func-trim',
})
