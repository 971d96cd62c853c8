import { floor as floorOf } from '../../value/index.ts'
import { defineFunction, param } from './define.ts'

export const floor = defineFunction({
  name: 'floor',
  since: '2015-10-08',
  summary: 'Rounds down to the nearest Int.',
  params: [param('number', 'Decimal', 'The number.')],
  returns: 'Int',
  effect: 'pure',
  evaluate: (number) => floorOf(number),
  examples: [
    ['floor(1.2)', 1],
    ['floor(-1.2)', -2],
  ],
  source: 'iot-sql-functions.html#iot-func-floor',
})
