import { fromDouble, toDouble } from '../../value/index.ts'
import { defineFunction, param } from './define.ts'

export const atan = defineFunction({
  name: 'atan',
  since: '2015-10-08',
  summary: 'The inverse tangent in radians.',
  params: [param('number', 'Decimal', 'The number.')],
  returns: 'Decimal',
  effect: 'pure',
  work: { call: 20 },
  evaluate: (number) => fromDouble(Math.atan(toDouble(number))),
  examples: [['atan(0)', 0]],
  notes: ['Computed in double precision.'],
  source: 'iot-sql-functions.html#iot-func-atan',
})
