import type { ZoneId } from '@js-joda/core'
import { dayNames, dayOfWeek, dayOfYear, monthNames, shortNames, splitPattern, weekOf } from './calendar.ts'
import { offsetAt, offsetText, zoneNameOf } from './time-zones.ts'

/** Formats an instant (milliseconds since the epoch) in a zone. */
export type TimeFormat = (epochMilli: number, zone: ZoneId) => string

interface Moment {
  /** Its UTC fields are the zone's local ones. */
  readonly local: Date
  readonly epochMilli: number
  readonly offset: number
  readonly zone: ZoneId
}

/** Writes one field; `count` is how often the letter is repeated. */
type Field = (moment: Moment, count: number) => string

const number =
  (read: (local: Date) => number): Field =>
  ({ local }, count) =>
    digits(read(local), count)

const text =
  (names: readonly string[], index: (local: Date) => number): Field =>
  ({ local }, count) =>
    (count >= 4 ? names : shortNames(names))[index(local)]!

const year =
  (read: (local: Date) => number): Field =>
  ({ local }, count) =>
    count === 2 ? digits(Math.abs(read(local)) % 100, 2) : digits(read(local), count)

const monthText = text(monthNames, (local) => local.getUTCMonth())

/**
 * The letters of a Joda-Time pattern.
 * Source: https://www.joda.org/joda-time/apidocs/org/joda/time/format/DateTimeFormat.html
 */
const fields: Readonly<Record<string, Field>> = {
  G: ({ local }) => (local.getUTCFullYear() > 0 ? 'AD' : 'BC'),
  C: number((local) => Math.floor(yearOfEra(local) / 100)),
  // Two digits are those of the year before and after Christ alike.
  Y: (moment, count) => year(count === 2 ? (local) => local.getUTCFullYear() : yearOfEra)(moment, count),
  x: year((local) => weekOf(local).year),
  w: number((local) => weekOf(local).week),
  e: number(dayOfWeek),
  E: text(dayNames, (local) => dayOfWeek(local) - 1),
  y: year((local) => local.getUTCFullYear()),
  D: number(dayOfYear),
  M: (moment, count) =>
    count >= 3 ? monthText(moment, count) : digits(moment.local.getUTCMonth() + 1, count),
  d: number((local) => local.getUTCDate()),
  a: ({ local }) => (local.getUTCHours() < 12 ? 'AM' : 'PM'),
  K: number((local) => local.getUTCHours() % 12),
  h: number((local) => local.getUTCHours() % 12 || 12),
  H: number((local) => local.getUTCHours()),
  k: number((local) => local.getUTCHours() || 24),
  m: number((local) => local.getUTCMinutes()),
  s: number((local) => local.getUTCSeconds()),
  S: ({ local }, count) => digits(local.getUTCMilliseconds(), 3).padEnd(count, '0').slice(0, count),
  z: ({ zone, epochMilli, offset }, count) =>
    zoneNameOf(zone, epochMilli, count >= 4 ? 'long' : 'short') ?? zoneText(zone, offset, count),
  Z: ({ zone, offset }, count) => (count >= 3 ? zone.id() : offsetText(offset, count === 2 ? ':' : '')),
}

/** Compiles a Joda-Time pattern; undefined when it is malformed. */
export function compileJodaPattern(pattern: string): TimeFormat | undefined {
  const parts = splitPattern(pattern, true)
  if (parts === undefined || parts.length === 0) return undefined
  const writers: ((moment: Moment) => string)[] = []
  for (const part of parts) {
    if (part.letters === undefined) {
      writers.push(() => part.text)
      continue
    }
    const field = fields[part.letters[0]!]
    if (field === undefined) return undefined
    const count = part.letters.length
    writers.push((moment) => field(moment, count))
  }
  return (epochMilli, zone) => {
    const offset = offsetAt(zone, epochMilli)
    const moment = { local: new Date(epochMilli + offset * 1000), epochMilli, offset, zone }
    return writers.reduce((written, write) => written + write(moment), '')
  }
}

function yearOfEra(local: Date): number {
  const proleptic = local.getUTCFullYear()
  return proleptic > 0 ? proleptic : 1 - proleptic
}

function zoneText(zone: ZoneId, offset: number, count: number): string {
  const id = zone.id()
  if (id === 'Z' || id === 'UTC' || id === 'Etc/UTC') return count >= 4 ? 'Coordinated Universal Time' : 'UTC'
  return offsetText(offset, ':')
}

function digits(value: number, width: number): string {
  return value < 0 ? `-${String(-value).padStart(width, '0')}` : String(value).padStart(width, '0')
}
