import { type Value } from '../../value/index.ts'
import { defineFunction, optional } from './define.ts'
import { quoteShort } from '../reasons/describe.ts'

export const getUserProperties = defineFunction({
  name: 'get_user_properties',
  since: '2015-10-08',
  summary: 'The MQTT 5 user properties of a message.',
  params: [optional('key', 'String', 'Name of the property; all properties when left out.')],
  returns: 'Array',
  effect: 'message',
  evaluate: (scope, key) => {
    const pairs = scope.message.properties?.userProperties ?? []
    const found: Value[] =
      key === undefined
        ? pairs.map(([name, value]) => new Map([[name, value]]))
        : pairs.filter(([name]) => name === key).map(([, value]) => value)
    return found.length === 0 ? undefined : found
  },
  whyUndefined: (_scope, key) =>
    key === undefined
      ? 'the message has no user properties'
      : `the message has no user property ${quoteShort(key)}`,
  examples: [['get_user_properties("key")'], ['get_user_properties()']],
  notes: [
    'With a key: the values of that key as an array of strings. Without: an array of objects of one pair each.',
    'Undefined when there is none.',
  ],
  source: 'iot-sql-functions.html#iot-sql-function-get-user-properties',
})
