import { defineFunction, param } from './define.ts'

export const isNull = defineFunction({
  name: 'isNull',
  since: '2015-10-08',
  summary: 'Tells whether a value is Null.',
  params: [param('value', 'Any', 'The value.')],
  returns: 'Boolean',
  effect: 'pure',
  evaluate: (value) => value === null,
  examples: [
    ['isNull(5)', false],
    ['isNull(Null)', true],
  ],
  notes: ['Undefined is not Null.'],
  source: 'iot-sql-functions.html#iot-sql-function-isNull',
})
