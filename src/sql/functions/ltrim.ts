import { trimStart } from './white-space.ts'
import { defineFunction, param } from './define.ts'

export const ltrim = defineFunction({
  name: 'ltrim',
  since: '2015-10-08',
  summary: 'Removes white space from the start.',
  params: [param('text', 'String', 'The string.')],
  returns: 'String',
  effect: 'pure',
  evaluate: (text) => trimStart(text),
  examples: [['ltrim(" h i ")', 'h i ']],
  notes: ['White space is tab and space.'],
  source: 'iot-sql-functions.html#iot-func-ltrim',
})
