import { toDouble } from '../../value/index.ts'
import { defineFunction, param } from './define.ts'
import { describe } from '../reasons/describe.ts'

export const chr = defineFunction({
  name: 'chr',
  since: '2015-10-08',
  summary: 'The ASCII character with a code.',
  params: [
    param('code', 'Int', 'The code, 0 to 127; any other gives Undefined.', {
      Decimal: 'floor',
      String: 'floor',
    }),
  ],
  returns: 'String',
  effect: 'pure',
  evaluate: (code) => {
    const unit = toDouble(code)
    return unit >= 0 && unit <= 127 ? String.fromCharCode(unit) : undefined
  },
  whyUndefined: (code) => `the code is ${describe(code)}, and those of ASCII are 0 to 127`,
  examples: [
    ['chr(65)', 'A'],
    ['chr("49.9")', '1'],
    ['chr(128)', undefined],
  ],
  source: 'iot-sql-functions.html#iot-func-chr',
})
