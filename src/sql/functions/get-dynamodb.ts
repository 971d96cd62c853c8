import { defineFunction, optional, param } from './define.ts'
import { service } from './service.ts'

export const getDynamodb = defineFunction({
  name: 'get_dynamodb',
  since: '2016-03-23',
  summary: 'An item of a table, by its key.',
  params: [
    param('tableName', 'String', 'The table.'),
    param('partitionKeyName', 'String', 'Name of the partition key.'),
    param('partitionKeyValue', 'Any', 'Its value.'),
    param('sortKeyName', 'String', 'Name of the sort key; `roleArn` instead where the key has one part.'),
    optional('sortKeyValue', 'Any', 'Its value.'),
    optional('roleArn', 'String', 'Role that AWS would assume; handed to the service.'),
  ],
  returns: 'Any',
  effect: 'remote',
  ...service('get_dynamodb', [4, 6]),
  examples: [['get_dynamodb("table", "id", "d1", "arn:aws:iam::123456789012:role/r")']],
  notes: ['Takes 4 arguments, or 6 with a sort key; `roleArn` is the last one.'],
  source: 'iot-sql-functions.html#iot-sql-function-get-dynamodb',
})
