import { longestText } from './limits.ts'
import { defineFunction, param } from './define.ts'

export const replace = defineFunction({
  name: 'replace',
  since: '2015-10-08',
  summary: 'Replaces every occurrence of a string.',
  params: [
    param('text', 'String', 'The string to change.'),
    param('part', 'String', 'What to replace.'),
    param('replacement', 'String', 'What to put there.'),
  ],
  returns: 'String',
  effect: 'pure',
  evaluate: (text, part, replacement) => {
    const pieces = text.split(part)
    const length = text.length + (pieces.length + 1) * replacement.length
    return length > longestText ? undefined : text.replaceAll(part, () => replacement)
  },
  examples: [
    ['replace("abcd", "bc", "x")', 'axd'],
    ['replace("abcdabcd", "b", "$1")', 'a$1cda$1cd'],
  ],
  notes: ['A result that could exceed 8,388,608 characters is Undefined.'],
  source: 'iot-sql-functions.html#iot-func-replace',
})
