import { defineFunction, param } from './define.ts'
import { quoteShort } from '../reasons/describe.ts'
import { dynamicRegexp, prepareRegexp, whyNoRegexp } from './regexp.ts'

export const regexpSubstr = defineFunction({
  name: 'regexp_substr',
  since: '2015-10-08',
  summary: 'The first part of a string that a regular expression matches.',
  params: [
    param('text', 'String', 'The string to look in.'),
    param('pattern', 'String', 'The regular expression, in Java syntax.'),
  ],
  returns: 'String',
  effect: 'pure',
  work: { call: 40 },
  evaluate: (text, pattern) => dynamicRegexp(pattern)?.first(text),
  prepare: ([, pattern]) =>
    prepareRegexp('regexp_substr', pattern, (regexp) => (text: string) => regexp.first(text)),
  whyUndefined: (text, pattern) =>
    whyNoRegexp(pattern) ?? `${quoteShort(text)} does not match ${quoteShort(pattern)}`,
  examples: [
    ['regexp_substr("hihihello", "hi")', 'hi'],
    ['regexp_substr("hihihello", "(hi)*")', 'hihi'],
    ['regexp_substr("abc", "x")', undefined],
  ],
  notes: ['Undefined when nothing matches.'],
  source: 'iot-sql-functions.html#iot-func-regex-substr',
})
