import { defineFunction } from './define.ts'

export const newuuid = defineFunction({
  name: 'newuuid',
  since: '2015-10-08',
  summary: 'A random 16-byte UUID.',
  params: [],
  returns: 'String',
  effect: 'random',
  work: { call: 40 },
  evaluate: (scope) => scope.environment.newUuid(),
  examples: [['newuuid()']],
  source: 'iot-sql-functions.html#iot-sql-function-newuuid',
})
