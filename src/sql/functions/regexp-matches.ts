import { defineFunction, param } from './define.ts'
import { dynamicRegexp, prepareRegexp, whyNoRegexp } from './regexp.ts'

export const regexpMatches = defineFunction({
  name: 'regexp_matches',
  since: '2015-10-08',
  summary: 'Tells whether a regular expression matches anywhere in a string.',
  params: [
    param('text', 'String', 'The string to look in.'),
    param('pattern', 'String', 'The regular expression, in Java syntax.'),
  ],
  returns: 'Boolean',
  effect: 'pure',
  work: { call: 40 },
  evaluate: (text, pattern) => dynamicRegexp(pattern)?.test(text),
  prepare: ([, pattern]) =>
    prepareRegexp('regexp_matches', pattern, (regexp) => (text: string) => regexp.test(text)),
  whyUndefined: (_text, pattern) => whyNoRegexp(pattern),
  examples: [
    ['regexp_matches("aaaa", "a{2,}")', true],
    ['regexp_matches("ccc", "(aaa|bbb)")', false],
    ['regexp_matches("abc", "(")', undefined],
  ],
  notes: [
    'Matching takes time linear in the text; back-references and lookaround are refused when the rule is created.',
  ],
  source: 'iot-sql-functions.html#iot-func-regex-matches',
})
