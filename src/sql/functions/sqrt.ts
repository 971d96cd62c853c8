import { fromDouble, toDouble } from '../../value/index.ts'
import { defineFunction, param } from './define.ts'
import { describe } from '../reasons/describe.ts'

export const sqrt = defineFunction({
  name: 'sqrt',
  since: '2015-10-08',
  summary: 'The square root.',
  params: [param('number', 'Decimal', 'The number.')],
  returns: 'Decimal',
  effect: 'pure',
  work: { call: 20 },
  evaluate: (number) => fromDouble(Math.sqrt(toDouble(number))),
  whyUndefined: (number) => `the square root of ${describe(number)} is no real number`,
  examples: [
    ['sqrt(9)', 3],
    ['sqrt(-1)', undefined],
  ],
  notes: ['A negative number gives Undefined.', 'Computed in double precision.'],
  source: 'iot-sql-functions.html#iot-func-sqrt',
})
