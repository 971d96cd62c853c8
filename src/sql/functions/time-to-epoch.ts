import { toText } from '../../value/index.ts'
import { defineFunction, param } from './define.ts'
import { resolveInstant } from './java-parse.ts'
import { type TimeParser, compileJavaPattern } from './java-pattern.ts'
import { joda } from './joda.ts'
import { longestPattern } from './limits.ts'
import { quoteShort } from '../reasons/describe.ts'

export const timeToEpoch = defineFunction({
  name: 'time_to_epoch',
  since: '2016-03-23',
  summary: 'Reads a time from text, as milliseconds since the Unix epoch.',
  params: [
    param('text', 'String', 'The time.'),
    param('pattern', 'String', 'A pattern of java.time.format.DateTimeFormatter.'),
  ],
  returns: 'Int',
  effect: 'pure',
  work: { call: 400, text: 100 },
  evaluate: (text, pattern) =>
    pattern.length > longestPattern ? undefined : read(compileJavaPattern(pattern), text),
  prepare: ([, pattern]) => {
    joda()
    const source = pattern!.constant ? toText(pattern!.value) : undefined
    if (source === undefined) return undefined
    const parser = compileJavaPattern(source)
    if (parser !== undefined) return { evaluate: (text: string) => read(parser, text) }
    const message =
      'The pattern of time_to_epoch() is no java.time pattern that can be read; the call is always Undefined.'
    const problem = { code: 'SQL_TIME_PATTERN_INVALID', severity: 'warning', message, argument: 1 } as const
    return { problems: [problem], evaluator: () => undefined }
  },
  whyUndefined: (text, pattern) =>
    pattern.length > longestPattern || compileJavaPattern(pattern) === undefined
      ? `${quoteShort(pattern)} is no java.time pattern`
      : `${quoteShort(text)} does not fit the pattern ${quoteShort(pattern)}, or has no date`,
  examples: [
    ['time_to_epoch("2020-04-03 09:45:18 UTC+01:00", "yyyy-MM-dd HH:mm:ss VV")', 1585903518000],
    ['time_to_epoch("18 December 2015", "dd MMMM yyyy")', 1450396800000],
    [
      'time_to_epoch("2007-12-03 10:15:30.592 America/Los_Angeles", "yyyy-MM-dd HH:mm:ss.SSS z")',
      1196705730592,
    ],
    ['time_to_epoch("tomorrow", "yyyy-MM-dd")', undefined],
  ],
  notes: [
    'Letters: G u y Y D Q q M L d w W E e c a h K k H m s S A n N g V z O X x Z p; text in single quotes, optional parts in brackets. Names are English.',
    'Without a zone the text is in UTC, without a time of day it means midnight; without a date it is Undefined.',
    'Weeks (Y, w, W, e) are those of the United States: they begin on Sunday. Of an abbreviation that several zones share, the best known is meant (BST is British, IST Indian).',
  ],
  source: 'iot-sql-functions.html#iot-sql-function-time-to-epoch',
})

function read(parser: TimeParser | undefined, text: string): number | undefined {
  const fields = parser?.(text)
  const instant = fields === undefined ? undefined : resolveInstant(fields)
  return instant === undefined || !Number.isSafeInteger(instant) ? undefined : instant
}
