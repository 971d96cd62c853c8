import { newestSqlVersion } from '../versions.ts'
import { defineFunction } from './define.ts'

export const sqlVersion = defineFunction({
  name: 'sql_version',
  since: '2015-10-08',
  summary: 'The language version of the rule.',
  params: [],
  returns: 'String',
  effect: 'pure',
  evaluate: () => newestSqlVersion,
  prepare: (_args, version) => ({ evaluate: () => version }),
  examples: [['sql_version()', '2016-03-23']],
  source: 'iot-sql-functions.html#iot-sql-function-sql-version',
})
