import { fromDouble, toDouble } from '../../value/index.ts'
import { defineFunction, param } from './define.ts'

export const tan = defineFunction({
  name: 'tan',
  since: '2015-10-08',
  summary: 'The tangent of an angle in radians.',
  params: [param('number', 'Decimal', 'The number.')],
  returns: 'Decimal',
  effect: 'pure',
  work: { call: 20 },
  evaluate: (number) => fromDouble(Math.tan(toDouble(number))),
  examples: [['tan(0)', 0]],
  notes: ['Computed in double precision.'],
  source: 'iot-sql-functions.html#iot-func-tan',
})
