import { defineFunction, param } from './define.ts'
import { service } from './service.ts'

export const awsLambda = defineFunction({
  name: 'aws_lambda',
  since: '2015-10-08',
  summary: 'What a function answers to a JSON value.',
  params: [
    param('functionArn', 'String', 'Which function: an ARN on AWS.'),
    param('inputJson', 'Any', 'What it is given; `*` for the whole payload.'),
  ],
  returns: 'Any',
  effect: 'remote',
  ...service('aws_lambda'),
  examples: [['aws_lambda("arn:aws:lambda:us-east-1:123456789012:function:f", {"a": 1})']],
  source: 'iot-sql-functions.html#iot-func-aws-lambda',
})
