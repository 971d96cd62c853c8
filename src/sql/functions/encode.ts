import { spendText } from '../../value/index.ts'
import { schemeProblem } from './base64.ts'
import { defineFunction, param } from './define.ts'
import { quoteShort } from '../reasons/describe.ts'

export const encode = defineFunction({
  name: 'encode',
  since: '2016-03-23',
  summary: 'Encodes a value, or the bytes of the payload, as text.',
  params: [
    param('value', 'String', 'What to encode; `*` stands for the bytes of the payload, JSON or not.'),
    param('scheme', 'String', "The encoding: 'base64'."),
  ],
  returns: 'String',
  effect: 'pure',
  work: { call: 20, text: 2 },
  evaluate: (value, scheme) => (scheme === 'base64' ? Buffer.from(value).toString('base64') : undefined),
  prepare: ([value, scheme]) => {
    const problems = schemeProblem('encode', scheme!)
    if (problems.length > 0) return { problems }
    if (value!.star !== true) return undefined
    const { evaluate } = scheme!
    return {
      evaluator: (scope) =>
        evaluate(scope) === 'base64' && spendText(scope.payload.bytes.length)
          ? scope.payload.bytes.toString('base64')
          : undefined,
    }
  },
  whyUndefined: (_value, scheme) =>
    scheme === 'base64' ? undefined : `there is no scheme ${quoteShort(scheme)}`,
  examples: [
    ["encode('hello', 'base64')", 'aGVsbG8='],
    ["encode([1, 'a'], 'base64')", 'WzEsImEiXQ=='],
  ],
  source: 'iot-sql-functions.html#iot-sql-encode-payload',
})
