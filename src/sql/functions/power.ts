import { fromDouble, toDouble } from '../../value/index.ts'
import { defineFunction, param } from './define.ts'

export const power = defineFunction({
  name: 'power',
  since: '2015-10-08',
  summary: 'A number raised to a power.',
  params: [param('base', 'Decimal', 'The base.'), param('exponent', 'Decimal', 'The exponent.')],
  returns: 'Decimal',
  effect: 'pure',
  work: { call: 20 },
  evaluate: (base, exponent) => fromDouble(Math.pow(toDouble(base), toDouble(exponent))),
  examples: [
    ['power(2, 5)', 32],
    ['power(-1, 0.5)', undefined],
  ],
  notes: ['Computed in double precision.'],
  source: 'iot-sql-functions.html#iot-func-power',
})
