import { defineFunction, rest } from './define.ts'

export const getSecret = defineFunction({
  name: 'get_secret',
  since: '2016-03-23',
  summary: 'The value of a secret.',
  params: [rest('arguments', 'Any', 'As the AWS reference lists them.')],
  returns: 'Any',
  effect: 'remote',
  evaluate: () => undefined,
  unavailable: 'it calls a service, and this release has no provider for it',
  examples: [['get_secret("id", "SecretString", "arn:aws:iam::123456789012:role/r")']],
  source: 'iot-sql-functions.html#iot-sql-function-get-secret',
})
