import { defineFunction, optional, param } from './define.ts'
import { service } from './service.ts'

export const getSecret = defineFunction({
  name: 'get_secret',
  since: '2015-10-08',
  summary: 'The value of a secret, or one member of it.',
  params: [
    param('secretId', 'String', 'Name or ARN of the secret.'),
    param('secretType', 'String', "'SecretString' or 'SecretBinary'."),
    optional('key', 'String', 'Member of a secret that is a JSON object; empty or left out for all of it.'),
    optional('roleArn', 'String', 'Role to read the secret with; left out, the server reads it as itself.'),
  ],
  returns: 'Any',
  effect: 'remote',
  ...service('get_secret'),
  configuration: 'secrets',
  examples: [['get_secret("id", "SecretString", "arn:aws:iam::123456789012:role/r")']],
  notes: [
    'With three arguments the third is the role when it is the ARN of one.',
    'A SecretBinary comes as text in base64.',
    'Values are cached for 15 minutes (`secrets.cacheTime`); while their store cannot be reached, the value known before stays.',
  ],
  source: 'iot-sql-functions.html#iot-sql-function-get-secret',
})
