import type { ZoneId } from '@js-joda/core'
import { dayMillis, dayOfWeek, dayOfYear, daysInMonth, epochMillis } from './calendar.ts'
import { type ParsedFields, type TimeField } from './java-fields.ts'
import { joda } from './joda.ts'
import { shiftOf } from './time-zones.ts'
import { weekDate, weekFieldsOf, weekOfMonthDate } from './java-weeks.ts'

/** Largest year that a JavaScript date has. */
const lastYear = 275_000

class OutOfRange extends Error {}

/**
 * The instant behind the fields in milliseconds since the epoch, resolved as java.time's SMART style does; midnight
 * where the text has no time of day, UTC where it has no zone. Undefined when there is no date, when a value is out of
 * range or contradicts another, or when the text gives a part of a time without its hour.
 */
export function resolveInstant(fields: ParsedFields): number | undefined {
  try {
    const date = resolveDate(fields)
    const time = resolveTime(fields)
    if (date === undefined || time === undefined) return undefined
    check(fields, date)
    const local = date + time
    const offset = fields.values.get('offset')
    if (offset !== undefined) {
      within(offset, -64_800, 64_800)
      return local - offset * 1000
    }
    return fields.zone === undefined ? local : atZone(local, fields.zone)
  } catch (error) {
    if (error instanceof OutOfRange) return undefined
    throw error
  }
}

function within(value: number, min: number, max: number): number {
  if (value < min || value > max) throw new OutOfRange()
  return value
}

/** Sets a field that another one gives; it must not have another value. */
function put(fields: ParsedFields, field: TimeField, value: number): void {
  if (!fields.set(field, value)) throw new OutOfRange()
}

function resolveYear(fields: ParsedFields): number | undefined {
  const yearOfEra = fields.take('yearOfEra')
  const { values } = fields
  if (yearOfEra === undefined) return values.get('year')
  within(yearOfEra, 1, 1_000_000_000)
  const era = fields.take('era')
  const known = values.get('year')
  const isCommon = era === undefined ? known === undefined || known > 0 : era === 1
  put(fields, 'year', isCommon ? yearOfEra : 1 - yearOfEra)
  return values.get('year')
}

function resolveDate(fields: ParsedFields): number | undefined {
  const { values } = fields
  const local = fields.take('localDayOfWeek')
  const year = resolveYear(fields)
  if (year !== undefined) within(year, -lastYear, lastYear)
  const date = dateOfDays(fields, year)
  if (local !== undefined) put(fields, 'dayOfWeek', ((within(local, 1, 7) + 5) % 7) + 1)
  const ofWeeks = dateOfWeeks(fields, date === undefined ? year : undefined)
  const julianDay = fields.take('julianDay')
  const candidates = [date, ofWeeks, julianDay === undefined ? undefined : (julianDay - 40_587) * dayMillis]
  const found = candidates.filter((each) => each !== undefined)
  for (const value of values.values()) if (!Number.isFinite(value)) throw new OutOfRange()
  if (found.some((each) => each !== found[0])) throw new OutOfRange()
  return found[0]
}

function dateOfDays(fields: ParsedFields, year: number | undefined): number | undefined {
  const { values } = fields
  if (year === undefined) return undefined
  if (values.has('month') && values.has('day')) {
    const month = within(values.get('month')!, 1, 12)
    const day = within(values.get('day')!, 1, 31)
    fields.take('month')
    fields.take('day')
    fields.take('year')
    return epochMillis(year, month, Math.min(day, daysInMonth(year, month)))
  }
  if (!values.has('dayOfYear')) return undefined
  const day = within(values.get('dayOfYear')!, 1, 366)
  const days = (epochMillis(year + 1, 1, 1) - epochMillis(year, 1, 1)) / dayMillis
  fields.take('dayOfYear')
  fields.take('year')
  return epochMillis(year, 1, within(day, 1, days))
}

/** A date by its week and day of week: of a month when the year is not yet used, else of a year of weeks. */
function dateOfWeeks(fields: ParsedFields, year: number | undefined): number | undefined {
  const { values } = fields
  const weekday = values.get('dayOfWeek')
  if (weekday === undefined) return undefined
  within(weekday, 1, 7)
  if (year !== undefined) {
    if (!values.has('weekOfMonth') || !values.has('month')) return undefined
    const month = within(values.get('month')!, 1, 12)
    const week = within(values.get('weekOfMonth')!, 0, 6)
    for (const field of ['weekOfMonth', 'month', 'year', 'dayOfWeek'] as const) fields.take(field)
    return weekOfMonthDate(year, month, week, weekday)
  }
  if (values.has('year') || !values.has('weekYear') || !values.has('week')) return undefined
  const weekYear = within(values.get('weekYear')!, -lastYear, lastYear)
  const week = within(values.get('week')!, 1, 53)
  for (const field of ['weekYear', 'week', 'dayOfWeek'] as const) fields.take(field)
  return weekDate(weekYear, week, weekday)
}

/** Fields that were not needed for the date must agree with it. */
function check(fields: ParsedFields, epochMilli: number): void {
  const date = new Date(epochMilli)
  const year = date.getUTCFullYear()
  const weeks = weekFieldsOf(epochMilli)
  const actual: Readonly<Partial<Record<TimeField, number>>> = {
    year,
    era: year > 0 ? 1 : 0,
    quarter: Math.floor(date.getUTCMonth() / 3) + 1,
    month: date.getUTCMonth() + 1,
    day: date.getUTCDate(),
    dayOfYear: dayOfYear(date),
    dayOfWeek: dayOfWeek(date),
    ...weeks,
  }
  for (const [field, value] of fields.values) {
    if (actual[field] !== undefined && actual[field] !== value) throw new OutOfRange()
  }
}

const hourMillis = 3_600_000

/** Milliseconds since midnight; a whole day for 24:00. */
function resolveTime(fields: ParsedFields): number | undefined {
  simplifyTime(fields)
  const { values } = fields
  const [hour, minute, second, nano] = (['hour', 'minute', 'second', 'nano'] as const).map((field) =>
    fields.take(field),
  )
  if (hour === undefined) {
    const isHalfDay =
      minute === undefined && second === undefined && nano === undefined && values.has('halfDay')
    if (isHalfDay && !values.has('hourOfHalfDay'))
      return (within(values.get('halfDay')!, 0, 1) * 12 + 6) * hourMillis
    const isPartial = [minute, second, nano, values.get('halfDay'), values.get('hourOfHalfDay')]
    return isPartial.some((part) => part !== undefined) ? undefined : 0
  }
  if (
    minute === undefined
      ? second !== undefined || nano !== undefined
      : second === undefined && nano !== undefined
  )
    return undefined
  const [minutes, seconds, nanos] = [minute ?? 0, second ?? 0, nano ?? 0]
  if (hour === 24 && minutes === 0 && seconds === 0 && nanos === 0) return 24 * hourMillis
  within(hour, 0, 23)
  within(minutes, 0, 59)
  within(seconds, 0, 59)
  within(nanos, 0, 999_999_999)
  if (values.has('halfDay')) {
    if (within(values.get('halfDay')!, 0, 1) !== Math.floor(hour / 12)) throw new OutOfRange()
  }
  if (values.has('hourOfHalfDay') && values.get('hourOfHalfDay') !== hour % 12) throw new OutOfRange()
  return ((hour * 60 + minutes) * 60 + seconds) * 1000 + Math.floor(nanos / 1_000_000)
}

/** Turns the other fields of a time of day into hour, minute, second and nanosecond. */
function simplifyTime(fields: ParsedFields): void {
  const { values } = fields
  const clockHour = fields.take('clockHour')
  if (clockHour !== undefined) put(fields, 'hour', within(clockHour, 0, 24) % 24)
  const clockHourOfHalfDay = fields.take('clockHourOfHalfDay')
  if (clockHourOfHalfDay !== undefined) put(fields, 'hourOfHalfDay', within(clockHourOfHalfDay, 0, 12) % 12)
  if (values.has('halfDay') && values.has('hourOfHalfDay'))
    put(fields, 'hour', fields.take('halfDay')! * 12 + within(fields.take('hourOfHalfDay')!, 0, 11))
  const nanoOfDay = fields.take('nanoOfDay')
  if (nanoOfDay !== undefined) {
    within(nanoOfDay, 0, dayMillis * 1e6 - 1)
    putSeconds(fields, Math.floor(nanoOfDay / 1e9))
    put(fields, 'nano', nanoOfDay % 1e9)
  }
  const milliOfDay = fields.take('milliOfDay')
  if (milliOfDay === undefined) return
  within(milliOfDay, 0, dayMillis - 1)
  putSeconds(fields, Math.floor(milliOfDay / 1000))
  const nano = values.get('nano')
  const millis = (milliOfDay % 1000) * 1e6
  if (nano === undefined) values.set('nano', millis)
  else if (millis + (nano % 1e6) !== nano) throw new OutOfRange()
}

function putSeconds(fields: ParsedFields, secondOfDay: number): void {
  put(fields, 'hour', Math.floor(secondOfDay / 3600))
  put(fields, 'minute', Math.floor(secondOfDay / 60) % 60)
  put(fields, 'second', secondOfDay % 60)
}

function atZone(local: number, zone: ZoneId): number | undefined {
  try {
    const shift = shiftOf(local)
    const second = Math.floor((local - shift) / 1000)
    const { LocalDateTime, ZoneOffset } = joda()
    const zoned = LocalDateTime.ofEpochSecond(second, 0, ZoneOffset.UTC).atZone(zone)
    return zoned.toEpochSecond() * 1000 + (local - second * 1000)
  } catch {
    return undefined
  }
}
