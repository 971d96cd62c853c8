import { defineFunction, param } from './define.ts'
import { spend } from '../../value/index.ts'
import { type Regexp, dynamicRegexp, prepareRegexp, whyNoRegexp } from './regexp.ts'
import { quoteShort } from '../reasons/describe.ts'

export const regexpReplace = defineFunction({
  name: 'regexp_replace',
  since: '2015-10-08',
  summary: 'Replaces every match of a regular expression.',
  params: [
    param('text', 'String', 'The string to change.'),
    param('pattern', 'String', 'The regular expression, in Java syntax.'),
    param(
      'replacement',
      'String',
      'What to put there; `$1` and `${name}` stand for groups, a backslash takes the next character as it is.',
    ),
  ],
  returns: 'String',
  effect: 'pure',
  work: { call: 40 },
  evaluate: (text, pattern, replacement) => replaceAll(dynamicRegexp(pattern), text, replacement),
  prepare: ([, pattern]) =>
    prepareRegexp(
      'regexp_replace',
      pattern,
      (regexp) => (text: string, _pattern: string, replacement: string) =>
        replaceAll(regexp, text, replacement),
    ),
  whyUndefined: (_text, pattern, replacement) =>
    whyNoRegexp(pattern) ??
    `the replacement ${quoteShort(replacement)} names a group that the expression has not, or it takes too many steps`,
  examples: [
    ['regexp_replace("abcd", "bc", "x")', 'axd'],
    ['regexp_replace("abcd", "b(.*)d", "$1")', 'ac'],
    ['regexp_replace("abcd", "bc", "$5")', undefined],
  ],
  notes: [
    'A replacement that names a group that does not exist makes the call Undefined. A search that takes more work than `sql.limits.work` allows fails the message.',
  ],
  source: 'iot-sql-functions.html#iot-func-regex-replace',
})

/** A replacement in parts: literal text, or the number of a group. */
type Part = string | number

function replaceAll(regexp: Regexp | undefined, text: string, replacement: string): string | undefined {
  if (regexp === undefined) return undefined
  const machine = regexp.search(text)
  let parts: readonly Part[] | undefined
  let replaced = ''
  let end = 0
  for (let match = machine.find(); match !== undefined; match = machine.find()) {
    parts ??= partsOf(replacement, regexp)
    if (parts === undefined) return undefined
    replaced += text.slice(end, match[0])
    for (const part of parts) {
      const piece = typeof part === 'string' ? part : groupIn(text, match, part)
      if (!spend(1 + (piece.length >> 4))) return undefined
      replaced += piece
    }
    end = match[1]!
  }
  if (machine.gaveUp) return undefined
  return replaced + text.slice(end)
}

function groupIn(text: string, match: Int32Array, group: number): string {
  return match[2 * group]! < 0 ? '' : text.slice(match[2 * group], match[2 * group + 1])
}

const replacementToken =
  /\\(?<escaped>[\s\S])|\$(?<digits>\d+)|\$\{(?<name>[A-Za-z][A-Za-z0-9]*)\}|(?<text>[^$\\]+)|[$\\]/g

/** Reads a replacement as java.util.regex.Matcher.appendReplacement does; undefined when it is malformed. */
function partsOf(replacement: string, regexp: Regexp): readonly Part[] | undefined {
  const parts: Part[] = []
  for (const { groups = {} } of replacement.matchAll(replacementToken)) {
    const { escaped, digits, name, text } = groups
    const group = groupOf(digits, name, regexp)
    const part = group ?? escaped ?? text
    if (part === undefined) return undefined
    parts.push(part)
    if (digits !== undefined) parts.push(digits.slice(String(part).length))
  }
  return parts
}

/** The group behind `$12` (as many digits as name an existing group, at least one) or `${name}`. */
function groupOf(digits: string | undefined, name: string | undefined, regexp: Regexp): number | undefined {
  if (name !== undefined) return regexp.groupNames.get(name)
  if (digits === undefined) return undefined
  const count = regexp.groupCount
  let group = Number(digits[0])
  if (group > count) return undefined
  for (const digit of digits.slice(1)) {
    if (group * 10 + Number(digit) > count) break
    group = group * 10 + Number(digit)
  }
  return group
}
