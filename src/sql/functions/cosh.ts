import { fromDouble, toDouble } from '../../value/index.ts'
import { defineFunction, param } from './define.ts'

export const cosh = defineFunction({
  name: 'cosh',
  since: '2015-10-08',
  summary: 'The hyperbolic cosine.',
  params: [param('number', 'Decimal', 'The number.')],
  returns: 'Decimal',
  effect: 'pure',
  work: { call: 20 },
  evaluate: (number) => fromDouble(Math.cosh(toDouble(number))),
  examples: [['cosh(0)', 1]],
  notes: ['Computed in double precision.'],
  source: 'iot-sql-functions.html#iot-func-cosh',
})
