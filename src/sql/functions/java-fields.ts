import type { ZoneId } from '@js-joda/core'

/** The fields of java.time that a pattern can read, by the letter or the name that stands for each. */
export type TimeField =
  | 'era'
  | 'yearOfEra'
  | 'year'
  | 'quarter'
  | 'month'
  | 'dayOfYear'
  | 'day'
  | 'dayOfWeek'
  | 'localDayOfWeek'
  | 'weekOfMonth'
  | 'week'
  | 'weekYear'
  | 'halfDay'
  | 'hour'
  | 'clockHour'
  | 'hourOfHalfDay'
  | 'clockHourOfHalfDay'
  | 'minute'
  | 'second'
  | 'nano'
  | 'milliOfDay'
  | 'nanoOfDay'
  | 'julianDay'
  /** Seconds ahead of UTC. */
  | 'offset'

/** What has been read from a text. */
export class ParsedFields {
  readonly values: Map<TimeField, number>
  zone: ZoneId | undefined

  constructor(from?: ParsedFields) {
    this.values = new Map(from?.values)
    this.zone = from?.zone
  }

  /** Sets a field; false when it has another value already. */
  set(field: TimeField, value: number): boolean {
    const old = this.values.get(field)
    this.values.set(field, value)
    return old === undefined || old === value
  }

  take(field: TimeField): number | undefined {
    const value = this.values.get(field)
    this.values.delete(field)
    return value
  }
}
