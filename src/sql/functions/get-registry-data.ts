import { defineFunction, param } from './define.ts'
import { service } from './service.ts'

const apis = ['DescribeThing', 'ListThingGroupsForThing']
const parts = service('get_registry_data')

export const getRegistryData = defineFunction({
  name: 'get_registry_data',
  since: '2016-03-23',
  summary: 'What the registry knows of a thing.',
  params: [
    param('registryAPI', 'String', "'DescribeThing' or 'ListThingGroupsForThing'."),
    param('thingName', 'String', 'The thing.'),
    param('roleArn', 'String', 'Role that AWS would assume; handed to the service.'),
  ],
  returns: 'Any',
  effect: 'remote',
  ...parts,
  prepare: (call, version, available) => {
    const [api] = call
    if (api!.constant && typeof api!.value === 'string' && !apis.includes(api!.value)) {
      const message = `get_registry_data() knows ${apis.join(' and ')}, not ${api!.value.slice(0, 60)}.`
      const problem = { code: 'SQL_ARGUMENT_TYPE', severity: 'warning', message, argument: 0 } as const
      return { ...parts.prepare(call, version, available), problems: [problem] }
    }
    return parts.prepare(call, version, available)
  },
  examples: [['get_registry_data("DescribeThing", "thing", "arn:aws:iam::123456789012:role/r")']],
  source: 'iot-sql-functions.html#iot-sql-function-get-registry_data',
})
