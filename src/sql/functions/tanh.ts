import { fromDouble, toDouble } from '../../value/index.ts'
import { defineFunction, param } from './define.ts'

export const tanh = defineFunction({
  name: 'tanh',
  since: '2015-10-08',
  summary: 'The hyperbolic tangent.',
  params: [param('number', 'Decimal', 'The number.')],
  returns: 'Decimal',
  effect: 'pure',
  work: { call: 20 },
  evaluate: (number) => fromDouble(Math.tanh(toDouble(number))),
  examples: [['tanh(0)', 0]],
  notes: ['Computed in double precision.'],
  source: 'iot-sql-functions.html#iot-func-tanh',
})
