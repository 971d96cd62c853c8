export const monthNames = [
  'January',
  'February',
  'March',
  'April',
  'May',
  'June',
  'July',
  'August',
  'September',
  'October',
  'November',
  'December',
] as const

/** From Monday, as ISO 8601 counts. */
export const dayNames = [
  'Monday',
  'Tuesday',
  'Wednesday',
  'Thursday',
  'Friday',
  'Saturday',
  'Sunday',
] as const

/** The first three letters, which is every English short name of a month or a day. */
export function shortNames(names: readonly string[]): readonly string[] {
  return names.map((name) => name.slice(0, 3))
}

export const dayMillis = 86_400_000

/** Midnight UTC of a day of the proleptic Gregorian calendar; months count from 1 and may overflow. */
export function epochMillis(year: number, month: number, day: number): number {
  const date = new Date(0)
  date.setUTCFullYear(year, month - 1, day)
  return date.getTime()
}

export function daysInMonth(year: number, month: number): number {
  return (epochMillis(year, month + 1, 1) - epochMillis(year, month, 1)) / dayMillis
}

/** Day of the week, 1 for Monday to 7 for Sunday. */
export function dayOfWeek(date: Date): number {
  return date.getUTCDay() === 0 ? 7 : date.getUTCDay()
}

export function dayOfYear(date: Date): number {
  return Math.floor((date.getTime() - epochMillis(date.getUTCFullYear(), 1, 1)) / dayMillis) + 1
}

/** ISO 8601 week: the year it belongs to, and its number from 1. */
export function weekOf(date: Date): { year: number; week: number } {
  const thursday = new Date(date.getTime() + (4 - dayOfWeek(date)) * dayMillis)
  return { year: thursday.getUTCFullYear(), week: Math.floor((dayOfYear(thursday) - 1) / 7) + 1 }
}

/** Splits a time pattern at its quotes; `letters` is a run of one letter, `text` is literal. Undefined when a quote stays open, unless `lenient`: then it ends with the pattern. */
export function splitPattern(pattern: string, lenient = false): readonly PatternPart[] | undefined {
  const parts: PatternPart[] = []
  const shape = /'(?<quoted>(?:[^']|'')*)'|(?<letters>([A-Za-z])\3*)|(?<other>[^A-Za-z'])|(?<open>')/g
  const closed = lenient && (pattern.split("'").length & 1) === 0 ? pattern + "'" : pattern
  for (const { groups = {} } of closed.matchAll(shape)) {
    if (groups.open !== undefined) return undefined
    if (groups.letters !== undefined) parts.push({ letters: groups.letters })
    else if (groups.other !== undefined) parts.push({ text: groups.other, quoted: false })
    else parts.push({ text: groups.quoted === '' ? "'" : groups.quoted!.replaceAll("''", "'"), quoted: true })
  }
  return parts
}

export type PatternPart =
  | { readonly letters: string; readonly text?: undefined }
  | { readonly text: string; readonly quoted: boolean; readonly letters?: undefined }
