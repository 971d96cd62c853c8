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
  notes: [
    'Address of the last router before the server; behind a proxy that speaks the PROXY protocol, that of the client.',
  ],
  source: 'iot-sql-functions.html#iot-sql-function-sourceip',
})
