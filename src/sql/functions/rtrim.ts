import { trimEnd } from './white-space.ts'
import { defineFunction, param } from './define.ts'

export const rtrim = defineFunction({
  name: 'rtrim',
  since: '2015-10-08',
  summary: 'Removes white space from the end.',
  params: [param('text', 'String', 'The string.')],
  returns: 'String',
  effect: 'pure',
  evaluate: (text) => trimEnd(text),
  examples: [['rtrim(" h i ")', ' h i']],
  notes: ['White space is tab and space.'],
  source: 'iot-sql-functions.html#iot-func-rtrim',
})
