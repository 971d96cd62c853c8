import { defineFunction, rest } from './define.ts'

export const getDynamodb = defineFunction({
  name: 'get_dynamodb',
  since: '2016-03-23',
  summary: 'An item of a DynamoDB table.',
  params: [rest('arguments', 'Any', 'As the AWS reference lists them.')],
  returns: 'Any',
  effect: 'remote',
  evaluate: () => undefined,
  unavailable: 'it calls a service, and this release has no provider for it',
  examples: [['get_dynamodb("table", "key", "value", "arn:aws:iam::123456789012:role/r")']],
  source: 'iot-sql-functions.html#iot-sql-function-get-dynamodb',
})
