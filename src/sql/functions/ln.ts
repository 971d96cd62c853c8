import { fromDouble, toDouble } from '../../value/index.ts'
import { defineFunction, param } from './define.ts'
import { describe } from '../reasons/describe.ts'

export const ln = defineFunction({
  name: 'ln',
  since: '2015-10-08',
  summary: 'The natural logarithm.',
  params: [param('number', 'Decimal', 'The number.')],
  returns: 'Decimal',
  effect: 'pure',
  work: { call: 20 },
  evaluate: (number) => fromDouble(Math.log(toDouble(number))),
  whyUndefined: (number) => `there is no logarithm of ${describe(number)}`,
  examples: [
    ['ln(1)', 0],
    ['ln(0)', undefined],
  ],
  notes: ['Zero and negative numbers give Undefined.', 'Computed in double precision.'],
  source: 'iot-sql-functions.html#iot-func-nln',
})
