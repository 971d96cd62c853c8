import { javaProperty, unicodeSet } from './properties.ts'
import { type Assertion } from './tree.ts'

/** Whether an assertion holds between two code units, as java.util.regex.Pattern's nodes of the same kind decide. */
export function holds(assertion: Assertion, text: string, at: number, lastEnd: number): boolean {
  const { length } = text
  switch (assertion) {
    case 'begin':
      return at === 0
    case 'end':
      return at === length
    case 'lastMatchEnd':
      return at === lastEnd
    case 'lineBegin':
      return at < length && (at === 0 || isLineBegin(text, at))
    case 'unixLineBegin':
      return at < length && (at === 0 || text.charCodeAt(at - 1) === 10)
    case 'lineEnd':
      return at === length || isLineEnd(text, at)
    case 'unixLineEnd':
      return at === length || text.charCodeAt(at) === 10
    case 'lastLineEnd':
      return at === length || isLastLineEnd(text, at)
    case 'lastUnixLineEnd':
      return at === length || (at === length - 1 && text.charCodeAt(at) === 10)
    case 'wordBoundary':
      return isBoundary(text, at, isWord)
    case 'noWordBoundary':
      return !isBoundary(text, at, isWord)
    case 'unicodeWordBoundary':
      return isBoundary(text, at, isUnicodeWord)
    case 'noUnicodeWordBoundary':
      return !isBoundary(text, at, isUnicodeWord)
  }
}

export function isTerminator(unit: number): boolean {
  return unit === 10 || unit === 13 || unit === 0x85 || (unit | 1) === 0x2029
}

function isLineBegin(text: string, at: number): boolean {
  const before = text.charCodeAt(at - 1)
  return isTerminator(before) && !(before === 13 && text.charCodeAt(at) === 10)
}

function isLineEnd(text: string, at: number): boolean {
  const unit = text.charCodeAt(at)
  return isTerminator(unit) && !(unit === 10 && at > 0 && text.charCodeAt(at - 1) === 13)
}

function isLastLineEnd(text: string, at: number): boolean {
  if (at === text.length - 1) return isLineEnd(text, at)
  return at === text.length - 2 && text.charCodeAt(at) === 13 && text.charCodeAt(at + 1) === 10
}

type IsWord = (codePoint: number) => boolean

const isWord: IsWord = (point) => {
  if (point >= 128) return javaProperty('LD', false)!.has(point)
  return point === 0x5f || (point >= 0x30 && point <= 0x39) || ((point | 32) >= 0x61 && (point | 32) <= 0x7a)
}

const isUnicodeWord: IsWord = (point) => unicodeSet('WORD').has(point)

function isBoundary(text: string, at: number, isPart: IsWord): boolean {
  const left = at > 0 && isWordBefore(text, at, isPart)
  const right = at < text.length && isWordAt(text, text.codePointAt(at)!, at, isPart)
  return left !== right
}

function isWordBefore(text: string, at: number, isPart: IsWord): boolean {
  const start = beforeCodePoint(text, at)
  return isWordAt(text, text.codePointAt(start)!, start, isPart)
}

function isWordAt(text: string, point: number, at: number, isPart: IsWord): boolean {
  return isPart(point) || (isMark(point) && hasBase(text, at))
}

function isMark(point: number): boolean {
  return point >= 0x300 && javaProperty('Mn', false)!.has(point)
}

/** Most combining marks that are passed on the way back to their letter. */
const MOST_MARKS = 64

function hasBase(text: string, mark: number): boolean {
  const letters = javaProperty('LD', false)!
  let at = mark
  for (let passed = 0; passed < MOST_MARKS && at > 0; passed++) {
    at = beforeCodePoint(text, at)
    const point = text.codePointAt(at)!
    if (letters.has(point)) return true
    if (!isMark(point)) return false
  }
  return false
}

function beforeCodePoint(text: string, at: number): number {
  const isPair =
    at > 1 && (text.charCodeAt(at - 1) & 0xfc00) === 0xdc00 && (text.charCodeAt(at - 2) & 0xfc00) === 0xd800
  return at - (isPair ? 2 : 1)
}
