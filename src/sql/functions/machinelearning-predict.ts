import { defineFunction, rest } from './define.ts'

export const machinelearningPredict = defineFunction({
  name: 'machinelearning_predict',
  since: '2015-10-08',
  summary: 'A prediction of an Amazon Machine Learning model.',
  params: [rest('arguments', 'Any', 'As the AWS reference lists them.')],
  returns: 'Any',
  effect: 'remote',
  evaluate: () => undefined,
  unavailable: 'it calls a service, and this release has no provider for it',
  examples: [['machinelearning_predict("model", "arn:aws:iam::123456789012:role/r", {"a": 1})']],
  source: 'iot-sql-functions.html#iot-sql-function-machine-learning',
})
