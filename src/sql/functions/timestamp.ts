import { defineFunction } from './define.ts'

export const timestamp = defineFunction({
  name: 'timestamp',
  since: '2015-10-08',
  summary: 'The current time in milliseconds since the Unix epoch.',
  params: [],
  returns: 'Int',
  effect: 'clock',
  evaluate: (scope) => scope.environment.now(),
  examples: [['timestamp()']],
  notes: ['As the server observes it when the rule is evaluated.'],
  source: 'iot-sql-functions.html#iot-function-timestamp',
})
