import { defineFunction, rest } from './define.ts'

export const awsLambda = defineFunction({
  name: 'aws_lambda',
  since: '2016-03-23',
  summary: 'The result of an AWS Lambda function.',
  params: [rest('arguments', 'Any', 'As the AWS reference lists them.')],
  returns: 'Any',
  effect: 'remote',
  evaluate: () => undefined,
  unavailable: 'it calls a service, and this release has no provider for it',
  examples: [['aws_lambda("arn:aws:lambda:us-east-1:123456789012:function:f", {"a": 1})']],
  source: 'iot-sql-functions.html#iot-func-aws-lambda',
})
