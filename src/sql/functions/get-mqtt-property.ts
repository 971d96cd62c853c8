import { type PublishProperties } from '../../message/index.ts'
import { defineFunction, param } from './define.ts'
import { quoteShort } from '../reasons/describe.ts'

/** What each property name yields; every name works on a message without properties. */
const readers: Readonly<Record<string, (properties: PublishProperties | undefined) => string | undefined>> = {
  content_type: (properties) => properties?.contentType,
  response_topic: (properties) => properties?.responseTopic,
  correlation_data: (properties) => properties?.correlationData?.toString('base64'),
  format_indicator: (properties) =>
    properties?.payloadFormatIndicator === 1 ? 'UTF8_DATA' : 'UNSPECIFIED_BYTES',
}

function readerOf(name: string): (typeof readers)[string] | undefined {
  return Object.hasOwn(readers, name) ? readers[name] : undefined
}

export const getMqttProperty = defineFunction({
  name: 'get_mqtt_property',
  since: '2015-10-08',
  summary: 'A property of an MQTT 5 PUBLISH.',
  params: [param('name', 'String', 'content_type, response_topic, correlation_data or format_indicator.')],
  returns: 'String',
  effect: 'message',
  evaluate: (scope, name) => readerOf(name)?.(scope.message.properties),
  prepare: ([name]) => {
    if (!name!.constant || typeof name!.value !== 'string') return undefined
    const read = readerOf(name!.value)
    if (read !== undefined) return { evaluator: (scope) => read(scope.message.properties) }
    const message = `get_mqtt_property() knows ${Object.keys(readers).join(', ')}; the call is always Undefined.`
    return { problems: [{ code: 'SQL_ARGUMENT_TYPE', severity: 'warning', message, argument: 0 }] }
  },
  whyUndefined: (_scope, name) =>
    readerOf(name) === undefined
      ? `there is no property ${quoteShort(name)}; it knows ${Object.keys(readers).join(', ')}`
      : `the message has no property ${name}`,
  examples: [["get_mqtt_property('format_indicator')"], ["get_mqtt_property('unknown')", undefined]],
  notes: [
    'correlation_data is base64 text.',
    'format_indicator is UTF8_DATA or, also where the property is absent, UNSPECIFIED_BYTES; the others are Undefined when absent.',
  ],
  source: 'iot-sql-functions.html#iot-sql-function-get-mqtt-property',
})
