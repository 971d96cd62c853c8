import { spend } from '../../value/index.ts'
import { defineFunction, param } from './define.ts'
import { searchFor } from './search.ts'

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
  work: { text: 3 },
  evaluate: replaceAll,
  examples: [
    ['replace("abcd", "bc", "x")', 'axd'],
    ['replace("abcdabcd", "b", "$1")', 'a$1cda$1cd'],
  ],
  source: 'iot-sql-functions.html#iot-func-replace',
})

function replaceAll(text: string, part: string, replacement: string): string | undefined {
  const units = 4 + (replacement.length >> 4)
  if (part === '') return spend(text.length * units) ? text.replaceAll('', () => replacement) : undefined
  const search = searchFor(part)
  let replaced = ''
  let end = 0
  for (let found = search(text, 0); found !== -1; found = search(text, end)) {
    if (!spend(units)) return undefined
    replaced += text.slice(end, found) + replacement
    end = found + part.length
  }
  return replaced + text.slice(end)
}
