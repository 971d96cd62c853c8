import { compare } from '../../value/index.ts'
import { defineFunction, param } from './define.ts'

export const sign = defineFunction({
  name: 'sign',
  since: '2015-10-08',
  summary: 'The sign of a number: -1, 0 or 1.',
  params: [param('number', 'Decimal', 'The number.')],
  returns: 'Int',
  effect: 'pure',
  evaluate: (number) => compare(number, 0),
  examples: [
    ['sign(-7)', -1],
    ['sign(0)', 0],
    ['sign("2.5")', 1],
  ],
  source: 'iot-sql-functions.html#iot-func-sign',
})
