import { fromDouble, toDouble } from '../../value/index.ts'
import { defineFunction, param } from './define.ts'

export const sinh = defineFunction({
  name: 'sinh',
  since: '2015-10-08',
  summary: 'The hyperbolic sine.',
  params: [param('number', 'Decimal', 'The number.')],
  returns: 'Decimal',
  effect: 'pure',
  work: { call: 20 },
  evaluate: (number) => fromDouble(Math.sinh(toDouble(number))),
  examples: [['sinh(0)', 0]],
  notes: ['Computed in double precision.'],
  source: 'iot-sql-functions.html#iot-func-sinh',
})
