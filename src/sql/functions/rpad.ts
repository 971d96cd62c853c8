import { clampInt } from './integers.ts'
import { defineFunction, param } from './define.ts'

export const rpad = defineFunction({
  name: 'rpad',
  since: '2015-10-08',
  summary: 'Adds spaces at the end of a string.',
  params: [
    param('text', 'String', 'The string.'),
    param('count', 'Int', 'How many spaces to add; clamped to 0 to 1000.', {
      Decimal: 'floor',
      String: 'floor',
    }),
  ],
  returns: 'String',
  effect: 'pure',
  work: { call: 20 },
  evaluate: (text, count) => text + ' '.repeat(clampInt(count, 0, 1000)),
  examples: [['rpad(1, 3)', '1   ']],
  notes: ['The count is not the width of the result.'],
  source: 'iot-sql-functions.html#iot-func-rpad',
})
