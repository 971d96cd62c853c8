import { fromDouble, toDouble } from '../../value/index.ts'
import { defineFunction, param } from './define.ts'

export const atan2 = defineFunction({
  name: 'atan2',
  since: '2015-10-08',
  summary: 'The angle in radians between the positive x axis and the point (x, y).',
  params: [
    param('y', 'Decimal', 'Second coordinate of the point.'),
    param('x', 'Decimal', 'First coordinate of the point.'),
  ],
  returns: 'Decimal',
  effect: 'pure',
  work: { call: 20 },
  evaluate: (y, x) => fromDouble(Math.atan2(toDouble(y), toDouble(x))),
  examples: [
    ['atan2(0, 1)', 0],
    ['atan2(0, "east")', undefined],
  ],
  notes: ['Computed in double precision.'],
  source: 'iot-sql-functions.html#iot-func-atan2',
})
