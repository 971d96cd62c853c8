import { ceil as ceilOf } from '../../value/index.ts'
import { defineFunction, param } from './define.ts'

export const ceil = defineFunction({
  name: 'ceil',
  since: '2015-10-08',
  summary: 'Rounds up to the nearest Int.',
  params: [param('number', 'Decimal', 'The number.')],
  returns: 'Int',
  effect: 'pure',
  evaluate: (number) => ceilOf(number),
  examples: [
    ['ceil(1.2)', 2],
    ['ceil(-1.2)', -1],
  ],
  source: 'iot-sql-functions.html#iot-func-ceil',
})
