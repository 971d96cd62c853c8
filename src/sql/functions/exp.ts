import { fromDouble, toDouble } from '../../value/index.ts'
import { defineFunction, param } from './define.ts'

export const exp = defineFunction({
  name: 'exp',
  since: '2015-10-08',
  summary: 'The number e raised to a power.',
  params: [param('number', 'Decimal', 'The number.')],
  returns: 'Decimal',
  effect: 'pure',
  work: { call: 20 },
  evaluate: (number) => fromDouble(Math.exp(toDouble(number))),
  examples: [
    ['exp(0)', 1],
    ['exp(5000)', undefined],
  ],
  notes: ['Computed in double precision.'],
  source: 'iot-sql-functions.html#iot-func-exp',
})
