import { dayNames, monthNames, shortNames, splitPattern } from './calendar.ts'
import { type ParsedFields } from './java-parse.ts'
import { zoneOfName } from './time-zones.ts'

/** Reads fields from the text at a position; returns the position behind them, or -1. */
type Step = (text: string, at: number, fields: ParsedFields) => number

/** Parses a text into fields; undefined when it does not follow the pattern to its end. */
export type TimeParser = (text: string) => ParsedFields | undefined

type NumberField = {
  [K in keyof ParsedFields]-?: NonNullable<ParsedFields[K]> extends number ? K : never
}[keyof ParsedFields]

/** Compiles a java.time pattern; undefined when it is malformed or uses a letter that cannot be read back. */
export function compileJavaPattern(pattern: string): TimeParser | undefined {
  const steps = compileSteps(pattern)
  if (steps === undefined || steps.length === 0) return undefined
  return (text) => {
    const fields: ParsedFields = {}
    return run(steps, text, 0, fields) === text.length ? fields : undefined
  }
}

function run(steps: readonly Step[], text: string, start: number, fields: ParsedFields): number {
  let at = start
  for (const step of steps) {
    at = step(text, at, fields)
    if (at === -1) return -1
  }
  return at
}

/** A numeric field: its width in digits, and what it sets. */
interface NumberShape {
  readonly min: number
  readonly max: number
  readonly set: (fields: ParsedFields, value: number) => void
}

function compileSteps(pattern: string): readonly Step[] | undefined {
  const parts = splitPattern(pattern)
  if (parts === undefined) return undefined
  const levels: Step[][] = [[]]
  for (const [index, part] of parts.entries()) {
    if (part.letters === undefined && !part.quoted && '[]{}#'.includes(part.text)) {
      if (!bracket(levels, part.text)) return undefined
      continue
    }
    const step =
      part.letters === undefined ? literal(part.text) : letterStep(part.letters, reservedAfter(parts, index))
    if (step === undefined) return undefined
    levels.at(-1)!.push(step)
  }
  while (levels.length > 1) bracket(levels, ']')
  return levels[0]
}

function bracket(levels: Step[][], text: string): boolean {
  if (text === '[') return levels.push([]) > 0
  if (text !== ']' || levels.length === 1) return false
  const steps = levels.pop()!
  levels.at(-1)!.push((input, at, fields) => {
    const attempt: ParsedFields = {}
    const end = run(steps, input, at, attempt)
    if (end === -1) return at
    Object.assign(fields, attempt)
    return end
  })
  return true
}

function literal(expected: string): Step {
  return (text, at) => (text.startsWith(expected, at) ? at + expected.length : -1)
}

/** Digits that the fixed-width numbers right behind a part need (adjacent value parsing, `yyyyMMdd`). */
function reservedAfter(parts: NonNullable<ReturnType<typeof splitPattern>>, index: number): number {
  let reserved = 0
  for (const { letters } of parts.slice(index + 1)) {
    const shape = letters === undefined ? undefined : numberShape(letters)
    const fixed =
      letters?.startsWith('S') === true ? letters.length : shape?.min === shape?.max ? shape?.max : undefined
    if (fixed === undefined) break
    reserved += fixed
  }
  return reserved
}

function letterStep(letters: string, reserved: number): Step | undefined {
  const shape = numberShape(letters)
  return shape === undefined ? textSteps[letters[0]!]?.(letters.length) : numberStep(shape, reserved)
}

function numberStep({ min, max, set }: NumberShape, reserved: number): Step {
  return (text, at, fields) => {
    const signed = max > min && (text[at] === '-' || text[at] === '+') ? 1 : 0
    const from = at + signed
    const limit = min === max ? max : Math.max(min, Math.min(max, digitsAt(text, from) - reserved))
    const end = from + Math.min(limit, digitsAt(text, from))
    if (end - from < min) return -1
    set(fields, Number(text.slice(at, end)))
    return end
  }
}

function digitsAt(text: string, at: number): number {
  let end = at
  while (end - at < 19 && text.charCodeAt(end) >= 0x30 && text.charCodeAt(end) <= 0x39) end += 1
  return end - at
}

const to =
  (field: NumberField, adjust: (value: number) => number = (value) => value) =>
  (fields: ParsedFields, value: number): void => {
    Object.assign(fields, { [field]: adjust(value) })
  }

const setters: Readonly<Record<string, NumberShape['set']>> = {
  u: to('year'),
  y: to('yearOfEra'),
  D: to('dayOfYear'),
  M: to('month'),
  L: to('month'),
  d: to('day'),
  h: to('hourOfHalfDay', (value) => value % 12),
  K: to('hourOfHalfDay'),
  k: to('hour', (value) => value % 24),
  H: to('hour'),
  m: to('minute'),
  s: to('second'),
  A: to('milliOfDay'),
  n: to('nano'),
  N: to('milliOfDay', (value) => Math.floor(value / 1_000_000)),
}

/** Most letters of each numeric field; a pattern with more is malformed. */
const mostLetters: Readonly<Record<string, number>> = {
  D: 3,
  M: 2,
  L: 2,
  d: 2,
  h: 2,
  K: 2,
  k: 2,
  H: 2,
  m: 2,
  s: 2,
}

function numberShape(letters: string): NumberShape | undefined {
  const [letter, count] = [letters[0]!, letters.length]
  const set = setters[letter]
  if (set === undefined || count > (mostLetters[letter] ?? 19)) return undefined
  if (letter === 'u' || letter === 'y') {
    if (count === 2) return { min: 2, max: 2, set: (fields, value) => set(fields, 2000 + value) }
    return { min: count, max: 19, set }
  }
  return count === 1 ? { min: 1, max: 19, set } : { min: count, max: letter in mostLetters ? count : 19, set }
}

const eras = ['BC', 'AD']
const halfDays = ['AM', 'PM']

/** Letters that read text, by their count. */
const textSteps: Readonly<Record<string, (count: number) => Step | undefined>> = {
  G: (count) => (count <= 3 ? oneOf(eras, (fields, index) => (fields.era = index as 0 | 1)) : undefined),
  M: monthStep,
  L: monthStep,
  E: (count) =>
    count <= 4 ? oneOf(named(dayNames, count), (fields, index) => (fields.dayOfWeek = index + 1)) : undefined,
  a: (count) =>
    count === 1 ? oneOf(halfDays, (fields, index) => (fields.halfDay = index as 0 | 1)) : undefined,
  S: (count) => (count <= 9 ? fraction(count) : undefined),
  V: (count) => (count === 2 ? zoneStep : undefined),
  z: (count) => (count <= 4 ? zoneStep : undefined),
  O: (count) => (count === 1 || count === 4 ? prefixedOffset : undefined),
  X: (count) => (count <= 5 ? offsetStep(count, true) : undefined),
  x: (count) => (count <= 5 ? offsetStep(count, false) : undefined),
  Z: (count) =>
    count <= 3
      ? offsetStep(4, false)
      : count === 4
        ? prefixedOffset
        : count === 5
          ? offsetStep(5, true)
          : undefined,
}

function monthStep(count: number): Step | undefined {
  return count === 3 || count === 4
    ? oneOf(named(monthNames, count), (fields, index) => (fields.month = index + 1))
    : undefined
}

function named(names: readonly string[], count: number): readonly string[] {
  return count === 4 ? names : shortNames(names)
}

function oneOf(names: readonly string[], set: (fields: ParsedFields, index: number) => void): Step {
  return (text, at, fields) => {
    const index = names.findIndex((name) => text.startsWith(name, at))
    if (index === -1) return -1
    set(fields, index)
    return at + names[index]!.length
  }
}

function fraction(count: number): Step {
  return (text, at, fields) => {
    if (digitsAt(text, at) < count) return -1
    fields.nano = Number(text.slice(at, at + count).padEnd(9, '0'))
    return at + count
  }
}

const zoneStep: Step = (text, at, fields) => {
  const name = /^[A-Za-z0-9+\-:/_~.]+/.exec(text.slice(at, at + 64))?.[0]
  const zone = name === undefined ? undefined : zoneOfName(name)
  if (zone === undefined) return -1
  fields.zone = zone
  return at + name!.length
}

/** ISO offsets by letter count: `+01`, `+0130`, `+01:30`, `+013015`, `+01:30:15`; `Z` where it stands for zero. */
function offsetStep(count: number, zuluIsZero: boolean): Step {
  const shape = [
    /^([+-])(\d\d)(?:(\d\d))?/,
    /^([+-])(\d\d)(\d\d)/,
    /^([+-])(\d\d):(\d\d)/,
    /^([+-])(\d\d)(\d\d)(?:(\d\d))?/,
    /^([+-])(\d\d):(\d\d)(?::(\d\d))?/,
  ][count - 1]!
  return (text, at, fields) => {
    if (zuluIsZero && text[at] === 'Z') {
      fields.offset = 0
      return at + 1
    }
    const match = shape.exec(text.slice(at, at + 9))
    if (match === null) return -1
    const [all, sign, hours, minutes = '0', seconds = '0'] = match
    const total = (Number(hours) * 60 + Number(minutes)) * 60 + Number(seconds)
    if (total > 18 * 3600) return -1
    fields.offset = sign === '-' ? -total : total
    return at + all.length
  }
}

/** `GMT`, `GMT+1`, `GMT+01:00`. */
const prefixedOffset: Step = (text, at, fields) => {
  const match = /^GMT(?:([+-])(\d\d?)(?::(\d\d))?(?::(\d\d))?)?/.exec(text.slice(at, at + 13))
  if (match === null) return -1
  const [all, sign = '+', hours = '0', minutes = '0', seconds = '0'] = match
  const total = (Number(hours) * 60 + Number(minutes)) * 60 + Number(seconds)
  fields.offset = sign === '-' ? -total : total
  return at + all.length
}
