import { fromDouble, toDouble } from '../../value/index.ts'
import { defineFunction, param } from './define.ts'
import { describe } from '../reasons/describe.ts'

export const log = defineFunction({
  name: 'log',
  since: '2015-10-08',
  summary: 'The logarithm to base 10.',
  params: [param('number', 'Decimal', 'The number.')],
  returns: 'Decimal',
  effect: 'pure',
  work: { call: 20 },
  evaluate: (number) => fromDouble(Math.log10(toDouble(number))),
  whyUndefined: (number) => `there is no logarithm of ${describe(number)}`,
  examples: [
    ['log(100)', 2],
    ['log(-1)', undefined],
  ],
  notes: ['Zero and negative numbers give Undefined.', 'Computed in double precision.'],
  source: 'iot-sql-functions.html#iot-func-log',
})
