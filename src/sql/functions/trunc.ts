import { clampInt } from './integers.ts'
import { truncate } from '../../value/index.ts'
import { defineFunction, param } from './define.ts'

export const trunc = defineFunction({
  name: 'trunc',
  since: '2015-10-08',
  summary: 'Cuts a number to a count of decimal places.',
  params: [
    param('number', 'Decimal', 'The number.'),
    param('places', 'Int', 'Decimal places to keep; clamped to 0 to 34.', {
      Decimal: 'floor',
      String: 'refuse',
    }),
  ],
  returns: 'Decimal',
  effect: 'pure',
  evaluate: (number, places) => truncate(number, clampInt(places, 0, 34)),
  examples: [
    ['trunc(2.888, 2)', 2.88],
    ['trunc(2.987, -3)', 2],
  ],
  notes: ['Trailing zeroes are dropped.'],
  source: 'iot-sql-functions.html#iot-func-trunc',
})
