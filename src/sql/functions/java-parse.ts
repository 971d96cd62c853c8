import { LocalDateTime, type ZoneId, ZoneOffset } from '@js-joda/core'
import { dayMillis, dayOfWeek, daysInMonth, epochMillis } from './calendar.ts'

/** What a java.time pattern reads from text, by field. Fields that the text does not give are absent. */
export interface ParsedFields {
  year?: number
  yearOfEra?: number
  era?: 0 | 1
  month?: number
  day?: number
  dayOfYear?: number
  dayOfWeek?: number
  halfDay?: 0 | 1
  hour?: number
  /** 0 to 11 */
  hourOfHalfDay?: number
  minute?: number
  second?: number
  /** Nanoseconds within the second. */
  nano?: number
  milliOfDay?: number
  zone?: ZoneId
  /** Seconds ahead of UTC. */
  offset?: number
}

/**
 * The instant behind the fields in milliseconds since the epoch, resolved as java.time's SMART style does; UTC where
 * the text has no zone. Undefined when there is no date or a value is out of range.
 */
export function resolveInstant(fields: ParsedFields): number | undefined {
  const date = resolveDate(fields)
  const time = resolveTime(fields)
  if (date === undefined || time === undefined) return undefined
  const local = date + time
  if (fields.offset !== undefined) return local - fields.offset * 1000
  if (fields.zone === undefined) return local
  return atZone(local, fields.zone)
}

function resolveYear({ year, yearOfEra, era }: ParsedFields): number | undefined {
  if (year !== undefined || yearOfEra === undefined) return year
  return era === 0 ? 1 - yearOfEra : yearOfEra
}

function resolveDate(fields: ParsedFields): number | undefined {
  const date = dateOf(fields)
  if (date === undefined || fields.dayOfWeek === undefined) return date
  return dayOfWeek(new Date(date)) === fields.dayOfWeek ? date : undefined
}

function dateOf(fields: ParsedFields): number | undefined {
  const { month, day, dayOfYear } = fields
  const year = resolveYear(fields)
  if (year === undefined) return undefined
  if (dayOfYear !== undefined && month === undefined) {
    const days = (epochMillis(year + 1, 1, 1) - epochMillis(year, 1, 1)) / dayMillis
    return inRange(dayOfYear, 1, days) ? epochMillis(year, 1, dayOfYear) : undefined
  }
  if (!inRange(month, 1, 12) || !inRange(day, 1, 31)) return undefined
  return epochMillis(year, month, Math.min(day, daysInMonth(year, month)))
}

function resolveTime(fields: ParsedFields): number | undefined {
  if (fields.milliOfDay !== undefined)
    return inRange(fields.milliOfDay, 0, dayMillis - 1) ? fields.milliOfDay : undefined
  const { minute = 0, second = 0, nano = 0 } = fields
  const hour = resolveHour(fields)
  if (hour === 24 && minute === 0 && second === 0 && nano === 0) return dayMillis
  if (!inRange(hour, 0, 23) || !inRange(minute, 0, 59) || !inRange(second, 0, 59)) return undefined
  return ((hour * 60 + minute) * 60 + second) * 1000 + Math.floor(nano / 1_000_000)
}

function resolveHour({ hour, hourOfHalfDay, halfDay }: ParsedFields): number | undefined {
  if (hour !== undefined) return hour
  if (hourOfHalfDay === undefined) return 0
  return inRange(hourOfHalfDay, 0, 11) && halfDay !== undefined ? hourOfHalfDay + 12 * halfDay : undefined
}

function inRange(value: number | undefined, min: number, max: number): value is number {
  return value !== undefined && value >= min && value <= max
}

function atZone(local: number, zone: ZoneId): number | undefined {
  try {
    const second = Math.floor(local / 1000)
    return (
      LocalDateTime.ofEpochSecond(second, 0, ZoneOffset.UTC).atZone(zone).toEpochSecond() * 1000 +
      (local - second * 1000)
    )
  } catch {
    return undefined
  }
}
