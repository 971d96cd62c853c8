import { fromDouble, toDouble } from '../../value/index.ts'
import { defineFunction, param } from './define.ts'

export const sin = defineFunction({
  name: 'sin',
  since: '2015-10-08',
  summary: 'The sine of an angle in radians.',
  params: [param('number', 'Decimal', 'The number.')],
  returns: 'Decimal',
  effect: 'pure',
  work: { call: 20 },
  evaluate: (number) => fromDouble(Math.sin(toDouble(number))),
  examples: [['sin(0)', 0]],
  notes: ['Computed in double precision.'],
  source: 'iot-sql-functions.html#iot-func-sin',
})
