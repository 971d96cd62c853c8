import { defineFunction, param } from './define.ts'

export const nanvl = defineFunction({
  name: 'nanvl',
  since: '2015-10-08',
  summary: 'The first argument if it has a value, else the second.',
  params: [
    param('value', 'Any', 'What to return unless it is Undefined or Null.'),
    param('other', 'Any', 'What to return instead.'),
  ],
  returns: 'Any',
  effect: 'pure',
  evaluate: (value, other) => value ?? other,
  examples: [
    ['nanvl(8, 3)', 8],
    ['nanvl(null, 3)', 3],
  ],
  notes: ['A value of any other type counts as it is, also a string that is no number.'],
  source: 'iot-sql-functions.html#iot-func-nanvl',
})
