import { compare, negate } from '../../value/index.ts'
import { defineFunction, param } from './define.ts'

export const abs = defineFunction({
  name: 'abs',
  since: '2015-10-08',
  summary: 'The absolute value of a number.',
  params: [param('number', 'Decimal', 'The number.')],
  returns: 'Decimal',
  effect: 'pure',
  evaluate: (number) => (compare(number, 0) < 0 ? negate(number) : number),
  examples: [
    ['abs(-5)', 5],
    ['abs("-2.5")', 2.5],
    ['abs(true)', undefined],
  ],
  source: 'iot-sql-functions.html#iot-func-abs',
})
