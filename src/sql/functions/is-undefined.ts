import { defineFunction, param } from './define.ts'

export const isUndefined = defineFunction({
  name: 'isUndefined',
  since: '2016-03-23',
  summary: 'Tells whether a value is Undefined.',
  params: [param('value', 'Any', 'The value.')],
  returns: 'Boolean',
  effect: 'pure',
  evaluate: (value) => value === undefined,
  examples: [
    ['isUndefined(5)', false],
    ['isUndefined(floor([1, 2, 3]))', true],
  ],
  source: 'iot-sql-functions.html#iot-sql-function-isUndefined',
})
