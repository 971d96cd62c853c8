import { defineFunction } from './define.ts'

export const accountid = defineFunction({
  name: 'accountid',
  since: '2015-10-08',
  summary: 'The account identifier that the configuration gives this server.',
  params: [],
  returns: 'String',
  effect: 'message',
  evaluate: (scope) => scope.environment.accountId,
  examples: [['accountid()']],
  source: 'iot-sql-functions.html#iot-sql-function-accountid',
})
