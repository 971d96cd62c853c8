import type { ZoneId } from '@js-joda/core'
import { type ParsedFields, type TimeField } from './java-fields.ts'
import { joda } from './joda.ts'
import { zoneNameAt } from './time-zones.ts'

/** Reads from a text at a position; returns the position behind what it took, or -1. */
export type Step = (text: string, at: number, fields: ParsedFields) => number

export function literal(expected: string): Step {
  return (text, at) => (text.startsWith(expected, at) ? at + expected.length : -1)
}

/** How a number is written; `later` counts the digits that fixed numbers right behind it need. */
export interface NumberShape {
  readonly field: TimeField
  readonly min: number
  readonly max: number
  /** `normal`: a minus may stand before it; `exceeds`: a plus as well, when there are more digits than `min`. */
  readonly sign: 'never' | 'normal' | 'exceeds'
  readonly kind?: 'reduced' | 'fraction'
}

function digitsAt(text: string, at: number, most: number): number {
  let end = at
  while (end - at < most && text.charCodeAt(end) >= 0x30 && text.charCodeAt(end) <= 0x39) end += 1
  return end - at
}

/** A number as java.time's NumberPrinterParser reads it, strictly. */
export function numberStep({ field, min, max, sign, kind }: NumberShape, later: number): Step {
  if (kind === 'fraction') return fractionStep(field, min)
  return (text, start, fields) => {
    const mark = text[start]
    const signed = mark === '-' || mark === '+'
    if (signed && (sign === 'never' || (mark === '+' && sign === 'normal'))) return -1
    const at = signed ? start + 1 : start
    let length = digitsAt(text, at, max + later)
    if (length < min) return -1
    if (later > 0) length = Math.min(length, Math.max(min, length - later))
    let value = Number(text.slice(at, at + length))
    if (mark === '-') {
      if (value === 0) return -1
      value = -value
    } else if (sign === 'exceeds' && (mark === '+' ? length <= min : length > min)) {
      return -1
    }
    if (kind === 'reduced' && length === min) value += 2000
    return fields.set(field, value) ? at + length : -1
  }
}

function fractionStep(field: TimeField, width: number): Step {
  return (text, at, fields) => {
    if (digitsAt(text, at, width) < width) return -1
    return fields.set(field, Number(text.slice(at, at + width).padEnd(9, '0'))) ? at + width : -1
  }
}

/** One of some names, the longest that fits. */
export function textStep(field: TimeField, names: readonly (readonly [string, number])[]): Step {
  const longestFirst = [...names].sort(([a], [b]) => b.length - a.length)
  return (text, at, fields) => {
    for (const [name, value] of longestFirst) {
      if (text.startsWith(name, at)) return fields.set(field, value) ? at + name.length : -1
    }
    return -1
  }
}

/** A step padded with spaces to a width. */
export function padded(step: Step, width: number): Step {
  return (text, at, fields) => {
    const end = at + width
    if (end > text.length) return -1
    let from = at
    while (from < end && text[from] === ' ') from += 1
    return step(text.slice(0, end), from, fields) === end ? end : -1
  }
}

const offsetShapes = [
  /^([+-])(\d\d)(?:(\d\d))?/,
  /^([+-])(\d\d)(\d\d)/,
  /^([+-])(\d\d):(\d\d)/,
  /^([+-])(\d\d)(\d\d)(?:(\d\d))?/,
  /^([+-])(\d\d):(\d\d)(?::(\d\d))?/,
] as const

/** ISO offsets by letter count: `+01`, `+0130`, `+01:30`, `+013015`, `+01:30:15`; `zero` stands for none. */
export function offsetStep(count: number, zero: string): Step {
  const shape = offsetShapes[count - 1]!
  return (text, at, fields) => {
    if (text.startsWith(zero, at)) return fields.set('offset', 0) ? at + zero.length : -1
    const match = shape.exec(text.slice(at, at + 9))
    if (match === null) return -1
    const seconds = secondsOf(match)
    return seconds !== undefined && fields.set('offset', seconds) ? at + match[0].length : -1
  }
}

function secondsOf(match: RegExpExecArray): number | undefined {
  const [hours, minutes, seconds] = [2, 3, 4].map((index) => Number(match[index] ?? 0)) as [
    number,
    number,
    number,
  ]
  if (hours > 23 || minutes > 59 || seconds > 59) return undefined
  const total = (hours * 60 + minutes) * 60 + seconds
  return match[1] === '-' ? 0 - total : total
}

/** `GMT`, `GMT+1`, `GMT+1:30`; in full `GMT+01:00`. */
export function prefixedOffset(full: boolean): Step {
  const shape = full ? /^([+-])(\d\d):(\d\d)(?::(\d\d))?/ : /^([+-])(\d\d?)(?::(\d\d)(?::(\d\d))?)?/
  return (text, at, fields) => {
    if (!text.startsWith('GMT', at)) return -1
    const from = at + 3
    if (text[from] !== '+' && text[from] !== '-') return fields.set('offset', 0) ? from : -1
    const match = shape.exec(text.slice(from, from + 9))
    if (match === null) return -1
    const seconds = secondsOf(match)
    return seconds !== undefined && fields.set('offset', seconds) ? from + match[0].length : -1
  }
}

/** An identifier of a zone; with `names` also an abbreviation or a full name of one. */
export function zoneStep(names: 'none' | 'short' | 'long'): Step {
  return (text, at, fields) => {
    const fixed = fixedZone(text, at)
    if (fixed !== undefined) {
      fields.zone = fixed.zone ?? fields.zone
      return fixed.end
    }
    const found = zoneNameAt(text, at, names)
    if (found !== undefined) {
      fields.zone = found.zone
      return at + found.length
    }
    if (text[at] !== 'Z') return -1
    fields.zone = joda().ZoneId.of('Z')
    return at + 1
  }
}

/** `+01:00`, `UTC+01:00`, `GMT`: zones that are an offset. */
function fixedZone(text: string, at: number): { zone?: ZoneId; end: number } | undefined {
  const prefix = /^(?:UTC|UT|GMT0?|(?=[+-]))/.exec(text.slice(at, at + 4))?.[0]
  if (prefix === undefined) return undefined
  const from = at + prefix.length
  if (prefix === 'GMT0') return { zone: joda().ZoneId.of('GMT0'), end: from }
  const match = /^([+-])(\d\d):(\d\d)(?::(\d\d))?/.exec(text.slice(from, from + 9))
  if (match === null) return prefix === '' ? { end: -1 } : { zone: joda().ZoneId.of(prefix), end: from }
  try {
    const offset = match[0] === '-00:00' || match[0] === '+00:00' ? 'Z' : match[0]
    return {
      zone: joda().ZoneId.of(offset === 'Z' ? prefix || 'Z' : prefix + offset),
      end: from + match[0].length,
    }
  } catch {
    return { end: -1 }
  }
}
