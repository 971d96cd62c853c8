import { fromDouble, toDouble } from '../../value/index.ts'
import { defineFunction, param } from './define.ts'

export const sqrt = defineFunction({
  name: 'sqrt',
  since: '2015-10-08',
  summary: 'The square root.',
  params: [param('number', 'Decimal', 'The number.')],
  returns: 'Decimal',
  effect: 'pure',
  evaluate: (number) => fromDouble(Math.sqrt(toDouble(number))),
  examples: [
    ['sqrt(9)', 3],
    ['sqrt(-1)', undefined],
  ],
  notes: ['A negative number gives Undefined.', 'Computed in double precision.'],
  source: 'iot-sql-functions.html#iot-func-sqrt',
})
