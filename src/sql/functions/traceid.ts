import { defineFunction } from './define.ts'

export const traceid = defineFunction({
  name: 'traceid',
  since: '2015-10-08',
  summary: 'The trace identifier (UUID) of an MQTT message.',
  params: [],
  returns: 'String',
  effect: 'message',
  evaluate: (scope) => (scope.message.client.protocol === 'mqtt' ? scope.message.traceId : undefined),
  examples: [['traceid()']],
  notes: ['Undefined when the message did not come over MQTT.'],
  source: 'iot-sql-functions.html#iot-sql-function-traceid',
})
