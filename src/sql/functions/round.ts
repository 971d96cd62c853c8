import { roundHalfAwayFromZero } from '../../value/index.ts'
import { defineFunction, param } from './define.ts'

export const round = defineFunction({
  name: 'round',
  since: '2015-10-08',
  summary: 'Rounds to the nearest Int, halves away from zero.',
  params: [param('number', 'Decimal', 'The number.')],
  returns: 'Int',
  effect: 'pure',
  evaluate: (number) => roundHalfAwayFromZero(number),
  examples: [
    ['round(1.5)', 2],
    ['round(-1.5)', -2],
    ['round("1.7")', 2],
  ],
  notes: ['Halves go away from zero, as the examples of AWS show: its table says down, its prose up.'],
  source: 'iot-sql-functions.html#iot-func-round',
})
