import { defineFunction } from './define.ts'

export const principal = defineFunction({
  name: 'principal',
  since: '2015-10-08',
  summary: 'The authenticated identity of the publisher: certificate fingerprint or user name.',
  params: [],
  returns: 'String',
  effect: 'message',
  evaluate: (scope) => scope.message.client.principal,
  whyUndefined: () => 'the publisher is not authenticated',
  examples: [['principal()']],
  notes: [
    'SHA-256 thumbprint of the client certificate in hexadecimal digits, else the user name; Undefined for an anonymous client.',
  ],
  source: 'iot-sql-functions.html#iot-sql-function-principal',
})
