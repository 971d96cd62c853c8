import type { ZoneId } from '@js-joda/core'
import { epochMillis } from './calendar.ts'
import { joda } from './joda.ts'
import { ZONE_NAMES } from './zone-names.ts'

const known = new Map<string, ZoneId>()

/** The time zone of an identifier (`Europe/Paris`, `UTC+01:00`, `+02:00`, `Z`); undefined when there is none. */
export function zoneOf(id: string): ZoneId | undefined {
  const cached = known.get(id)
  if (cached !== undefined || id.length > 64) return cached
  try {
    const zone = joda().ZoneId.of(id)
    if (known.size < 1000) known.set(id, zone)
    return zone
  } catch {
    return undefined
  }
}

/** Seconds that the zone is ahead of UTC at an instant. */
export function offsetAt(zone: ZoneId, epochMilli: number): number {
  return zone
    .rules()
    .offset(joda().Instant.ofEpochMilli(epochMilli - shiftOf(epochMilli)))
    .totalSeconds()
}

/** The last year for which js-joda has transitions; what holds then holds for ever. */
const LAST_YEAR = 2037

/** Milliseconds from a time before 2037, in a year of the same days, to a time beyond: the rules of zones repeat. */
export function shiftOf(epochMilli: number): number {
  const year = new Date(epochMilli).getUTCFullYear()
  if (year < LAST_YEAR) return 0
  const first = epochMillis(year, 1, 1)
  const weekday = new Date(first).getUTCDay()
  const days = epochMillis(year + 1, 1, 1) - first
  for (let same = LAST_YEAR - 1; same > LAST_YEAR - 30; same--) {
    const begin = epochMillis(same, 1, 1)
    if (new Date(begin).getUTCDay() === weekday && epochMillis(same + 1, 1, 1) - begin === days)
      return first - begin
  }
  return 0
}

let namesOfZones: ReadonlyMap<string, readonly string[]> | undefined

/** Short standard and summer, long standard and summer name of each zone. */
function namesOf(id: string): readonly string[] | undefined {
  if (namesOfZones === undefined) {
    const found = new Map<string, readonly string[]>()
    for (const line of ZONE_NAMES.trim().split('\n')) {
      const names = line.split('|')
      for (const zone of names.pop()!.split(' ')) found.set(zone, names)
    }
    namesOfZones = found
  }
  return namesOfZones.get(id)
}

/** The English name of a zone at an instant; undefined where it has none but its offset. */
export function zoneNameOf(zone: ZoneId, epochMilli: number, style: 'short' | 'long'): string | undefined {
  const names = namesOf(zone.id())
  return names?.[(style === 'long' ? 2 : 0) + (isSummer(zone, epochMilli) ? 1 : 0)]
}

function isSummer(zone: ZoneId, epochMilli: number): boolean {
  const year = new Date(epochMilli).getUTCFullYear()
  const [winter, summer] = [1, 7].map((month) => offsetAt(zone, epochMillis(year, month, 1))) as [
    number,
    number,
  ]
  return year > 1900 && offsetAt(zone, epochMilli) > Math.min(winter, summer)
}

/** Zones behind the abbreviations that time_to_epoch reads, as Java resolves them. */
const zoneOfAbbreviation: Readonly<Record<string, string>> = {
  UTC: 'UTC',
  GMT: 'UTC',
  UT: 'UTC',
  EST: 'America/New_York',
  EDT: 'America/New_York',
  CST: 'America/Chicago',
  CDT: 'America/Chicago',
  MST: 'America/Denver',
  MDT: 'America/Denver',
  PST: 'America/Los_Angeles',
  PDT: 'America/Los_Angeles',
  AKST: 'America/Anchorage',
  AKDT: 'America/Anchorage',
  HST: 'Pacific/Honolulu',
  CET: 'Europe/Paris',
  CEST: 'Europe/Paris',
  EET: 'Europe/Bucharest',
  EEST: 'Europe/Bucharest',
  WET: 'Europe/Lisbon',
  WEST: 'Europe/Lisbon',
  BST: 'Europe/London',
  MSK: 'Europe/Moscow',
  IST: 'Asia/Kolkata',
  JST: 'Asia/Tokyo',
  KST: 'Asia/Seoul',
  AEST: 'Australia/Sydney',
  AEDT: 'Australia/Sydney',
  NZST: 'Pacific/Auckland',
  NZDT: 'Pacific/Auckland',
  SAST: 'Africa/Johannesburg',
  ACST: 'Australia/Adelaide',
  ACDT: 'Australia/Adelaide',
  AWST: 'Australia/Perth',
  LHST: 'Australia/Lord_Howe',
  LHDT: 'Australia/Lord_Howe',
  SGT: 'Asia/Singapore',
  HKT: 'Asia/Hong_Kong',
  PKT: 'Asia/Karachi',
  NPT: 'Asia/Kathmandu',
  GST: 'Asia/Dubai',
  WIB: 'Asia/Jakarta',
  BRT: 'America/Sao_Paulo',
  ART: 'America/Argentina/Buenos_Aires',
  NST: 'America/St_Johns',
  NDT: 'America/St_Johns',
  WSST: 'Pacific/Apia',
}

/** Full names behind which time_to_epoch sees a zone. */
const zoneOfLongName: Readonly<Record<string, string>> = {
  'Coordinated Universal Time': 'UTC',
  'Greenwich Mean Time': 'UTC',
  'Eastern Standard Time': 'America/New_York',
  'Eastern Daylight Time': 'America/New_York',
  'Central Standard Time': 'America/Chicago',
  'Central Daylight Time': 'America/Chicago',
  'Mountain Standard Time': 'America/Denver',
  'Mountain Daylight Time': 'America/Denver',
  'Pacific Standard Time': 'America/Los_Angeles',
  'Pacific Daylight Time': 'America/Los_Angeles',
  'Central European Standard Time': 'Europe/Paris',
  'Central European Summer Time': 'Europe/Paris',
  'Japan Standard Time': 'Asia/Tokyo',
  'India Standard Time': 'Asia/Kolkata',
  'British Summer Time': 'Europe/London',
  'Australian Eastern Standard Time': 'Australia/Sydney',
  'Australian Eastern Daylight Time': 'Australia/Sydney',
  'Lord Howe Standard Time': 'Australia/Lord_Howe',
  'Lord Howe Daylight Time': 'Australia/Lord_Howe',
  'Brasilia Standard Time': 'America/Sao_Paulo',
  'Brasilia Summer Time': 'America/Sao_Paulo',
  'Apia Standard Time': 'Pacific/Apia',
}

let identifiers: ReadonlySet<string> | undefined

/** True for an identifier of java.time, which leaves out the three that are offsets by another name. */
function isIdentifier(name: string): boolean {
  identifiers ??= new Set(joda().ZoneRulesProvider.getAvailableZoneIds())
  return identifiers.has(name) && !['EST', 'MST', 'HST', 'ROC'].includes(name)
}

/** The longest identifier of a zone, or with `names` its abbreviation or full name, that a text has at a position. */
export function zoneNameAt(
  text: string,
  at: number,
  names: 'none' | 'short' | 'long',
): { zone: ZoneId; length: number } | undefined {
  const others = names === 'none' ? {} : names === 'short' ? zoneOfAbbreviation : zoneOfLongName
  for (let length = Math.min(48, text.length - at); length > 0; length--) {
    const name = text.slice(at, at + length)
    const id = Object.hasOwn(others, name) ? others[name] : isIdentifier(name) ? name : undefined
    const zone = id === undefined ? undefined : zoneOf(id)
    if (zone !== undefined) return { zone, length }
  }
  return undefined
}

/** Seconds as `+0530`, or with a separator as `+05:30`. */
export function offsetText(seconds: number, separator: '' | ':'): string {
  const minutes = Math.floor(Math.abs(seconds) / 60)
  const [hour, minute] = [Math.floor(minutes / 60), minutes % 60].map((part) => String(part).padStart(2, '0'))
  return `${seconds < 0 ? '-' : '+'}${hour}${separator}${minute}`
}
