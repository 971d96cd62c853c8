import { defineFunction, param } from './define.ts'
import { service } from './service.ts'

export const machinelearningPredict = defineFunction({
  name: 'machinelearning_predict',
  since: '2015-10-08',
  summary: 'The prediction of a model for a record.',
  params: [
    param('modelId', 'String', 'The model.'),
    param('roleArn', 'String', 'Role that AWS would assume; handed to the service.'),
    param('record', 'Any', 'What to predict from; `*` for the whole payload.'),
  ],
  returns: 'Any',
  effect: 'remote',
  ...service('machinelearning_predict'),
  examples: [['machinelearning_predict("model", "arn:aws:iam::123456789012:role/r", {"a": 1})']],
  source: 'iot-sql-functions.html#iot-sql-function-machine-learning',
})
