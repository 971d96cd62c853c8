import { toDouble, toText } from '../../value/index.ts'
import { defineFunction, optional, param } from './define.ts'
import { type TimeFormat, compileJodaPattern } from './joda-format.ts'
import { joda } from './joda.ts'
import { longestPattern } from './limits.ts'
import { zoneOf } from './time-zones.ts'
import { describe, quoteShort } from '../reasons/describe.ts'

export const parseTime = defineFunction({
  name: 'parse_time',
  since: '2016-03-23',
  summary: 'Formats a time as text.',
  params: [
    param('pattern', 'String', 'A Joda-Time pattern.'),
    param('timestamp', 'Int', 'Milliseconds since the Unix epoch.', { Decimal: 'floor', String: 'floor' }),
    optional('zone', 'String', 'Identifier of the time zone; UTC when left out.'),
  ],
  returns: 'String',
  effect: 'pure',
  work: { call: 400, text: 100 },
  evaluate: (pattern, timestamp, zone) =>
    pattern.length > longestPattern
      ? undefined
      : write(compileJodaPattern(pattern), toDouble(timestamp), zone),
  prepare: ([pattern]) => {
    joda()
    const text = pattern!.constant ? toText(pattern!.value) : undefined
    if (text === undefined) return undefined
    const format = compileJodaPattern(text)
    if (format !== undefined) {
      return {
        evaluate: (_pattern: string, timestamp: Parameters<typeof toDouble>[0], zone: string | undefined) =>
          write(format, toDouble(timestamp), zone),
      }
    }
    const message = 'The pattern of parse_time() is no Joda-Time pattern; the call is always Undefined.'
    const problem = { code: 'SQL_TIME_PATTERN_INVALID', severity: 'warning', message, argument: 0 } as const
    return { problems: [problem], evaluator: () => undefined }
  },
  whyUndefined: (pattern, timestamp, zone) => {
    if (pattern.length > longestPattern || compileJodaPattern(pattern) === undefined)
      return `${quoteShort(pattern)} is no Joda-Time pattern`
    if (zone !== undefined && zoneOf(zone) === undefined) return `there is no time zone ${quoteShort(zone)}`
    return `${describe(timestamp)} is beyond the times that can be written`
  },
  examples: [
    [
      `parse_time("yyyy.MM.dd G 'at' HH:mm:ss z", 100000000, "America/Belize")`,
      '1970.01.01 AD at 21:46:40 CST',
    ],
    ['parse_time("yyyy-MM-dd HH:mm:ss ZZ", 1481825251155, "Asia/Tokyo")', '2016-12-16 03:07:31 +09:00'],
    ['parse_time("yyyy", 0, "Nowhere")', undefined],
  ],
  notes: ['Letters: G C Y x w e E y D M d a K h H k m s S z Z; text in single quotes. Names are English.'],
  source: 'iot-sql-functions.html#iot-sql-function-parse-time',
})

/** Milliseconds from the epoch within which JavaScript dates work, less a day for offsets. */
const furthest = 8.64e15 - 86_400_000

/** Identifiers of java.time that Joda-Time does not have. */
const notOfJoda = /^(?:GMT[+-].*|[+-]\d)$/

function write(format: TimeFormat | undefined, epochMilli: number, zoneId = 'UTC'): string | undefined {
  const zone = notOfJoda.test(zoneId) ? undefined : zoneOf(zoneId)
  if (format === undefined || zone === undefined || Math.abs(epochMilli) > furthest) return undefined
  return format(epochMilli, zone)
}
