import { fromDouble, toDouble } from '../../value/index.ts'
import { defineFunction, param } from './define.ts'
import { describe } from '../reasons/describe.ts'

export const acos = defineFunction({
  name: 'acos',
  since: '2015-10-08',
  summary: 'The inverse cosine in radians.',
  params: [param('number', 'Decimal', 'The number.')],
  returns: 'Decimal',
  effect: 'pure',
  work: { call: 20 },
  evaluate: (number) => fromDouble(Math.acos(toDouble(number))),
  whyUndefined: (number) => `${describe(number)} is not between -1 and 1`,
  examples: [
    ['acos(1)', 0],
    ['acos(2)', undefined],
  ],
  notes: ['A number outside -1 to 1 gives Undefined.', 'Computed in double precision.'],
  source: 'iot-sql-functions.html#iot-func-acos',
})
