import { defineFunction, optional, param } from './define.ts'
import { service } from './service.ts'

export const getThingShadow = defineFunction({
  name: 'get_thing_shadow',
  since: '2016-03-23',
  summary: 'The shadow document of a thing.',
  params: [
    param('thingName', 'String', 'The thing.'),
    param('shadowName', 'String', 'Name of the shadow; `roleArn` instead for the unnamed one.'),
    optional('roleArn', 'String', 'Role that AWS would assume; handed to the service.'),
  ],
  returns: 'Any',
  effect: 'remote',
  ...service('get_thing_shadow'),
  examples: [['get_thing_shadow("thing", "arn:aws:iam::123456789012:role/r")']],
  notes: ['`roleArn` is the last argument.'],
  source: 'iot-sql-functions.html#iot-sql-function-get-thing-shadow',
})
