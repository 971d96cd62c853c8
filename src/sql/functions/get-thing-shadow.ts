import { defineFunction, rest } from './define.ts'

export const getThingShadow = defineFunction({
  name: 'get_thing_shadow',
  since: '2016-03-23',
  summary: 'The shadow of a thing.',
  params: [rest('arguments', 'Any', 'As the AWS reference lists them.')],
  returns: 'Any',
  effect: 'remote',
  evaluate: () => undefined,
  unavailable: 'it calls a service, and this release has no provider for it',
  examples: [['get_thing_shadow("thing", "arn:aws:iam::123456789012:role/r")']],
  source: 'iot-sql-functions.html#iot-sql-function-get-thing-shadow',
})
