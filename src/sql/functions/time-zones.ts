import { Instant, ZoneId, ZoneOffset } from '@js-joda/core'
import '@js-joda/timezone'

const known = new Map<string, ZoneId>()

/** The time zone of an identifier (`Europe/Paris`, `UTC+01:00`, `+02:00`, `Z`); undefined when there is none. */
export function zoneOf(id: string): ZoneId | undefined {
  const cached = known.get(id)
  if (cached !== undefined || id.length > 64) return cached
  try {
    const zone = ZoneId.of(id)
    if (known.size < 1000) known.set(id, zone)
    return zone
  } catch {
    return undefined
  }
}

/** Seconds that the zone is ahead of UTC at an instant. */
export function offsetAt(zone: ZoneId, epochMilli: number): number {
  return zone.rules().offset(Instant.ofEpochMilli(epochMilli)).totalSeconds()
}

/** What js-joda-timezone keeps of the tz database behind its rules; not part of its types. */
interface ZoneData {
  readonly abbrs: readonly string[]
  readonly untils: readonly (number | null)[]
}

/** The tz database's abbreviation (`CST`) at an instant; undefined where it has none but digits. */
export function abbreviationAt(zone: ZoneId, epochMilli: number): string | undefined {
  const data = (zone.rules() as { _tzdbInfo?: ZoneData })._tzdbInfo
  if (data === undefined) return undefined
  const index = data.untils.findIndex((until) => until === null || until > epochMilli)
  const abbreviation = data.abbrs[index === -1 ? data.abbrs.length - 1 : index]
  return abbreviation !== undefined && /^[A-Z]+$/.test(abbreviation) ? abbreviation : undefined
}

/** The full English name (`Central Standard Time`) at an instant. */
export function longNameAt(zone: ZoneId, epochMilli: number): string | undefined {
  if (zone instanceof ZoneOffset) return undefined
  try {
    const format = new Intl.DateTimeFormat('en-US', { timeZone: zone.id(), timeZoneName: 'long' })
    return format.formatToParts(epochMilli).find((part) => part.type === 'timeZoneName')?.value
  } catch {
    return undefined
  }
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
}

/** The zone of an identifier or an abbreviation. */
export function zoneOfName(name: string): ZoneId | undefined {
  return Object.hasOwn(zoneOfAbbreviation, name) ? zoneOf(zoneOfAbbreviation[name]!) : zoneOf(name)
}

/** Seconds as `+0530`, or with a separator as `+05:30`. */
export function offsetText(seconds: number, separator: '' | ':'): string {
  const minutes = Math.floor(Math.abs(seconds) / 60)
  const [hour, minute] = [Math.floor(minutes / 60), minutes % 60].map((part) => String(part).padStart(2, '0'))
  return `${seconds < 0 ? '-' : '+'}${hour}${separator}${minute}`
}
