import { dayMillis, dayOfYear, epochMillis } from './calendar.ts'

/*
 * Weeks as java.time.temporal.WeekFields has them for the United States: they begin on Sunday, and the first day of a
 * month or a year is in its first week.
 */

/** 1 for Sunday to 7 for Saturday. */
function localDayOfWeek(epochMilli: number): number {
  return new Date(epochMilli).getUTCDay() + 1
}

function local(isoDayOfWeek: number): number {
  return (isoDayOfWeek % 7) + 1
}

/** Days from the first of a month or year back to the Sunday that its first week begins with. */
function lead(first: number): number {
  return localDayOfWeek(first) - 1
}

/** Date of a week (from 1) of a year of weeks and a day of the week, Monday being 1. */
export function weekDate(year: number, week: number, isoDayOfWeek: number): number {
  const first = epochMillis(year, 1, 1)
  const days = (epochMillis(year + 1, 1, 1) - first) / dayMillis
  const last = Math.floor((lead(first) + 7 + days) / 7) - 1
  const days0 = (Math.min(week, last) - 1) * 7 + local(isoDayOfWeek) - 1 - lead(first)
  return first + days0 * dayMillis
}

/** Date of a week (from 1) of a month and a day of the week, Monday being 1. */
export function weekOfMonthDate(year: number, month: number, week: number, isoDayOfWeek: number): number {
  const first = epochMillis(year, month, 1)
  return first + ((week - 1) * 7 + local(isoDayOfWeek) - localDayOfWeek(first)) * dayMillis
}

/** The fields of weeks that a date has. */
export function weekFieldsOf(epochMilli: number): { weekOfMonth: number; week: number; weekYear: number } {
  const date = new Date(epochMilli)
  const year = date.getUTCFullYear()
  const month = epochMillis(year, date.getUTCMonth() + 1, 1)
  const next = epochMillis(year + 1, 1, 1)
  const isNext = epochMilli >= next - lead(next) * dayMillis
  return {
    weekOfMonth: Math.floor((date.getUTCDate() - 1 + lead(month)) / 7) + 1,
    week: isNext ? 1 : Math.floor((dayOfYear(date) - 1 + lead(epochMillis(year, 1, 1))) / 7) + 1,
    weekYear: isNext ? year + 1 : year,
  }
}
