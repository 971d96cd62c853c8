import { defineFunction, rest } from './define.ts'

export const getRegistryData = defineFunction({
  name: 'get_registry_data',
  since: '2016-03-23',
  summary: 'Data of the AWS IoT device registry.',
  params: [rest('arguments', 'Any', 'As the AWS reference lists them.')],
  returns: 'Any',
  effect: 'remote',
  evaluate: () => undefined,
  unavailable: 'it calls a service, and this release has no provider for it',
  examples: [['get_registry_data("DescribeThing", "thing", "arn:aws:iam::123456789012:role/r")']],
  source: 'iot-sql-functions.html#iot-sql-function-get-registry_data',
})
