import { dayNames, monthNames, shortNames, splitPattern } from './calendar.ts'
import { ParsedFields, type TimeField } from './java-fields.ts'
import {
  literal,
  type NumberShape,
  numberStep,
  offsetStep,
  padded,
  prefixedOffset,
  type Step,
  textStep,
  zoneStep,
} from './java-steps.ts'

/** Parses a text into fields; undefined when it does not follow the pattern to its end. */
export type TimeParser = (text: string) => ParsedFields | undefined

/**
 * Compiles a java.time pattern; undefined when it is malformed or uses a letter that is not read here (B, F, v).
 * Source: https://docs.oracle.com/en/java/javase/17/docs/api/java.base/java/time/format/DateTimeFormatter.html
 */
export function compileJavaPattern(pattern: string): TimeParser | undefined {
  const steps = compileSteps(pattern)
  if (steps === undefined) return undefined
  return (text) => {
    const fields = new ParsedFields()
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

/** What a part of a pattern reads. */
type Part =
  | { readonly open: true }
  | { readonly close: true }
  | { readonly number: NumberShape; readonly pad: number }
  | { readonly step: Step }

function compileSteps(pattern: string): readonly Step[] | undefined {
  const parts = partsOf(pattern)
  if (parts === undefined) return undefined
  const levels: Step[][] = [[]]
  for (const [index, part] of parts.entries()) {
    if ('open' in part) levels.push([])
    else if ('close' in part) {
      if (!closeOptional(levels)) return undefined
    } else if ('step' in part) levels.at(-1)!.push(part.step)
    else {
      const later = laterDigits(parts, index)
      if (part.pad > 0 && isBeforeNumber(parts, index)) return undefined
      const step = numberStep(part.number, later)
      levels.at(-1)!.push(part.pad > 0 ? padded(step, part.pad) : step)
    }
  }
  while (levels.length > 1) closeOptional(levels)
  return levels[0]
}

function closeOptional(levels: Step[][]): boolean {
  if (levels.length === 1) return false
  const steps = levels.pop()!
  levels.at(-1)!.push((text, at, fields) => {
    const attempt = new ParsedFields(fields)
    const end = run(steps, text, at, attempt)
    if (end === -1) return at
    for (const [field, value] of attempt.values) fields.values.set(field, value)
    fields.zone = attempt.zone
    return end
  })
  return true
}

/** Digits of the numbers of fixed width right behind a number that has none (adjacent values, `yyyyMMdd`). */
function laterDigits(parts: readonly Part[], index: number): number {
  const isFixed = (part: Part | undefined): part is Extract<Part, { number: NumberShape }> =>
    part !== undefined &&
    'number' in part &&
    part.number.min === part.number.max &&
    part.number.sign === 'never'
  if (isFixed(parts[index]) && index > 0 && 'number' in parts[index - 1]!) return 0
  let later = 0
  for (let next = index + 1; isFixed(parts[next]); next++) {
    later += (parts[next] as Extract<Part, { number: NumberShape }>).number.max
  }
  return later
}

/** Java has no way to read a padded number with another number right behind it. */
function isBeforeNumber(parts: readonly Part[], index: number): boolean {
  const next = parts[index + 1]
  return next !== undefined && 'number' in next && !(index > 0 && 'number' in parts[index - 1]!)
}

function partsOf(pattern: string): readonly Part[] | undefined {
  const split = splitPattern(pattern)
  if (split === undefined) return undefined
  const parts: Part[] = []
  let pad = 0
  for (const part of split) {
    if (part.letters === undefined) {
      if (pad > 0 || (!part.quoted && '{}#'.includes(part.text))) return undefined
      if (!part.quoted && part.text === '[') parts.push({ open: true })
      else if (!part.quoted && part.text === ']') parts.push({ close: true })
      else parts.push({ step: literal(part.text) })
    } else if (part.letters.startsWith('p') && pad === 0) {
      pad = part.letters.length
    } else {
      const number = numberShape(part.letters)
      const step = number === undefined ? letterStep(part.letters) : undefined
      if (number !== undefined) parts.push({ number, pad })
      else if (step === undefined) return undefined
      else parts.push({ step: pad > 0 ? padded(step, pad) : step })
      pad = 0
    }
  }
  return pad > 0 ? undefined : parts
}

/** Letters of one or two digits. */
const shortNumbers: Readonly<Record<string, TimeField>> = {
  Q: 'quarter',
  q: 'quarter',
  M: 'month',
  L: 'month',
  d: 'day',
  h: 'clockHourOfHalfDay',
  K: 'hourOfHalfDay',
  k: 'clockHour',
  H: 'hour',
  m: 'minute',
  s: 'second',
}

/** Letters of as many digits as there are, at least as many as letters. */
const longNumbers: Readonly<Record<string, TimeField>> = {
  A: 'milliOfDay',
  n: 'nano',
  N: 'nanoOfDay',
}

const years: Readonly<Record<string, TimeField>> = { u: 'year', y: 'yearOfEra', Y: 'weekYear' }

function numberShape(letters: string): NumberShape | undefined {
  const [letter, count] = [letters[0]!, letters.length]
  const fixed = (field: TimeField, width: number): NumberShape => ({
    field,
    min: width,
    max: width,
    sign: 'never',
  })
  if (letter in years) {
    const field = years[letter]!
    if (count === 2) return { ...fixed(field, 2), kind: 'reduced' }
    return count > 19 ? undefined : { field, min: count, max: 19, sign: count < 4 ? 'normal' : 'exceeds' }
  }
  if (letter in shortNumbers && count <= 2) {
    const field = shortNumbers[letter]!
    return count === 2 ? fixed(field, 2) : { field, min: 1, max: 19, sign: 'normal' }
  }
  if (letter in longNumbers && count <= 19)
    return { field: longNumbers[letter]!, min: count, max: 19, sign: 'never' }
  switch (letter) {
    case 'D':
      if (count === 1) return { field: 'dayOfYear', min: 1, max: 19, sign: 'normal' }
      return count <= 3 ? { field: 'dayOfYear', min: count, max: 3, sign: 'never' } : undefined
    case 'S':
      return count <= 9 ? { ...fixed('nano', count), kind: 'fraction' } : undefined
    case 'W':
      return count === 1 ? fixed('weekOfMonth', 1) : undefined
    case 'w':
      return count <= 2 ? { field: 'week', min: count, max: 2, sign: 'never' } : undefined
    case 'e':
      return count <= 2 ? fixed('localDayOfWeek', count) : undefined
    case 'c':
      return count === 1 ? fixed('localDayOfWeek', 1) : undefined
    case 'g':
      return count <= 19 ? { field: 'julianDay', min: count, max: 19, sign: 'normal' } : undefined
    default:
      return undefined
  }
}

type Names = readonly (readonly [string, number])[]

const numbered = (names: readonly string[], from: number): Names =>
  names.map((name, index) => [name, index + from])

/** Names by three, four and five letters. Of several names of one letter the last is read. */
function styles(names: readonly string[]): readonly [Names, Names, Names] {
  const initials = new Map(names.map((name, index) => [name[0]!, index + 1]))
  return [numbered(shortNames(names), 1), numbered(names, 1), [...initials]]
}

const months = styles(monthNames)
const days = styles(dayNames)
const quarters: readonly [Names, Names, Names] = [
  numbered(['Q1', 'Q2', 'Q3', 'Q4'], 1),
  numbered(['1st quarter', '2nd quarter', '3rd quarter', '4th quarter'], 1),
  numbered(['1', '2', '3', '4'], 1),
]
const eras: readonly [Names, Names, Names] = [
  numbered(['BC', 'AD'], 0),
  numbered(['Before Christ', 'Anno Domini'], 0),
  numbered(['B', 'A'], 0),
]

/** Letters that read text. */
function letterStep(letters: string): Step | undefined {
  const [letter, count] = [letters[0]!, letters.length]
  const style = <T>(of: readonly T[]): T | undefined => of[Math.max(count, 3) - 3]
  const named = (field: TimeField, names: Names | undefined): Step | undefined =>
    names === undefined ? undefined : textStep(field, names)
  switch (letter) {
    case 'G':
      return named('era', style(eras))
    case 'M':
    case 'L':
      return named('month', style(months))
    case 'Q':
    case 'q':
      return named('quarter', style(quarters))
    case 'c':
      return count === 2 ? undefined : named('dayOfWeek', style(days))
    case 'E':
    case 'e':
      return named('dayOfWeek', style(days))
    case 'a':
      return count === 1 ? textStep('halfDay', numbered(['AM', 'PM'], 0)) : undefined
    default:
      return zoneLetterStep(letter, count)
  }
}

function zoneLetterStep(letter: string, count: number): Step | undefined {
  switch (letter) {
    case 'V':
      return count === 2 ? zoneStep('none') : undefined
    case 'z':
      return count <= 4 ? zoneStep(count === 4 ? 'long' : 'short') : undefined
    case 'O':
      return count === 1 || count === 4 ? prefixedOffset(count === 4) : undefined
    case 'X':
      return count <= 5 ? offsetStep(count, 'Z') : undefined
    case 'x':
      return count <= 5
        ? offsetStep(count, count === 1 ? '+00' : count % 2 === 0 ? '+0000' : '+00:00')
        : undefined
    case 'Z':
      if (count > 5) return undefined
      return count === 4 ? prefixedOffset(true) : count === 5 ? offsetStep(5, 'Z') : offsetStep(2, '+0000')
    default:
      return undefined
  }
}
