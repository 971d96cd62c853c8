import { defineFunction, optional, param } from './define.ts'

export const getOrDefault = defineFunction({
  name: 'get_or_default',
  since: '2016-03-23',
  summary: 'The first argument, or a default when it is Null or Undefined.',
  params: [
    param('value', 'Any', 'What to return if it has a value.'),
    optional('fallback', 'Any', 'What to return instead; Undefined when left out.'),
  ],
  returns: 'Any',
  effect: 'pure',
  evaluate: (value, fallback) => value ?? fallback,
  examples: [
    ['get_or_default(null, "d")', 'd'],
    ['get_or_default(0, "d")', 0],
    ['get_or_default(null)', undefined],
  ],
  source: 'iot-sql-functions.html#iot-sql-function-get-or-default',
})
