import { defineFunction } from './define.ts'

export const sourceip = defineFunction({
  name: 'sourceip',
  since: '2016-03-23',
  summary: 'The IP address of the publisher.',
  params: [],
  returns: 'String',
  effect: 'message',
  evaluate: (scope) => scope.message.client.sourceIp,
  whyUndefined: () => 'the address of the publisher is not known',
  examples: [['sourceip()']],
  source: 'iot-sql-functions.html#iot-sql-function-sourceip',
})
