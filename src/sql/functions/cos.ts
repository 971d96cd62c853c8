import { fromDouble, toDouble } from '../../value/index.ts'
import { defineFunction, param } from './define.ts'

export const cos = defineFunction({
  name: 'cos',
  since: '2015-10-08',
  summary: 'The cosine of an angle in radians.',
  params: [param('number', 'Decimal', 'The number.')],
  returns: 'Decimal',
  effect: 'pure',
  work: { call: 20 },
  evaluate: (number) => fromDouble(Math.cos(toDouble(number))),
  examples: [['cos(0)', 1]],
  notes: ['Computed in double precision.'],
  source: 'iot-sql-functions.html#iot-func-cos',
})
