import { fromDouble } from '../../value/index.ts'
import { defineFunction } from './define.ts'

export const rand = defineFunction({
  name: 'rand',
  since: '2015-10-08',
  summary: 'A random number from 0.0 to 1.0.',
  params: [],
  returns: 'Decimal',
  effect: 'random',
  evaluate: (scope) => fromDouble(scope.environment.random()),
  examples: [['rand()']],
  source: 'iot-sql-functions.html#iot-sql-function-rand',
})
