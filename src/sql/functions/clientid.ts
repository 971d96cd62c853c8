import { defineFunction } from './define.ts'

export const clientid = defineFunction({
  name: 'clientid',
  since: '2015-10-08',
  summary: 'The MQTT client identifier of the publisher.',
  params: [],
  returns: 'String',
  effect: 'message',
  evaluate: (scope) => scope.message.client.clientId ?? 'n/a',
  examples: [['clientid()']],
  notes: ["'n/a' when the message did not come over MQTT."],
  source: 'iot-sql-functions.html#iot-sql-function-clientid',
})
