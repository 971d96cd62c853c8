import { defineFunction, optional, param } from './define.ts'
import { service } from './service.ts'

export const getSecret = defineFunction({
  name: 'get_secret',
  since: '2015-10-08',
  summary: 'The value of a secret, or one member of it.',
  params: [
    param('secretId', 'String', 'Name or ARN of the secret.'),
    param('secretType', 'String', "'SecretString' or 'SecretBinary'."),
    param('key', 'String', 'Member of a secret that is a JSON object; `roleArn` instead for all of it.'),
    optional('roleArn', 'String', 'Role that AWS would assume; handed to the service.'),
  ],
  returns: 'Any',
  effect: 'remote',
  ...service('get_secret'),
  configuration: 'secrets',
  examples: [['get_secret("id", "SecretString", "arn:aws:iam::123456789012:role/r")']],
  notes: ['`roleArn` is the last argument.'],
  source: 'iot-sql-functions.html#iot-sql-function-get-secret',
})
