import { fromBigInt, type Numeric, toBigInt } from '../../value/index.ts'
import { defineFunction, param } from './define.ts'

function invert(number: bigint): Numeric | undefined {
  if (number < 0n) return fromBigInt(~number)
  return fromBigInt(number ^ ((1n << BigInt(number.toString(2).length)) - 1n))
}

export const bitnot = defineFunction({
  name: 'bitnot',
  since: '2015-10-08',
  summary: 'Inverts the bits of an Int within its own bit length.',
  params: [param('number', 'Int', 'The operand.', { Decimal: 'floor', String: 'floor' })],
  returns: 'Int',
  effect: 'pure',
  evaluate: (number) => invert(toBigInt(number)!),
  examples: [
    ['bitnot(13)', 2],
    ['bitnot(0)', 1],
    ['bitnot(-5)', 4],
  ],
  notes: ["A negative number counts as two's complement."],
  source: 'iot-sql-functions.html#iot-func-bitnot',
})
