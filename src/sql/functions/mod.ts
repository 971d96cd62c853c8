import { compare, remainder as remainderOf } from '../../value/index.ts'
import { defineFunction, param } from './define.ts'

export const mod = defineFunction({
  name: 'mod',
  since: '2015-10-08',
  summary: 'The remainder of a division.',
  params: [
    param('dividend', 'Decimal', 'The number to divide.'),
    param('divisor', 'Decimal', 'The number to divide by.'),
  ],
  returns: 'Decimal',
  effect: 'pure',
  evaluate: (dividend, divisor) => remainderOf(dividend, divisor),
  whyUndefined: (_dividend, divisor) =>
    compare(divisor, 0) === 0 ? 'division by zero' : 'the result is out of the range of a Decimal',
  examples: [
    ['mod(8, 3)', 2],
    ['mod(8.5, 3)', 2.5],
    ['mod(8, 0)', undefined],
  ],
  notes: ['The same as the operator %.'],
  source: 'iot-sql-functions.html#iot-func-mod',
})
