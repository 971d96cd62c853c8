import { fromBigInt, toBigInt } from '../../value/index.ts'
import { defineFunction, param } from './define.ts'

export const bitor = defineFunction({
  name: 'bitor',
  since: '2015-10-08',
  summary: 'Bitwise OR of two Ints.',
  params: [
    param('left', 'Int', 'First operand.', { Decimal: 'floor', String: 'floor' }),
    param('right', 'Int', 'Second operand.', { Decimal: 'floor', String: 'floor' }),
  ],
  returns: 'Int',
  effect: 'pure',
  evaluate: (left, right) => fromBigInt(toBigInt(left)! | toBigInt(right)!),
  examples: [['bitor(8, 5)', 13]],
  notes: ["Negative numbers count as two's complement."],
  source: 'iot-sql-functions.html#iot-func-bitor',
})
