import { MAX_DEPTH } from './json-read.ts'

/*
 * A validating scanner over JSON bytes. It finds the members of the outermost object and steps over everything
 * else without making values of it:
 *
 *   tape:  [ keyStart, keyEnd, valueStart, valueEnd, flags ] per member; positions exclude the quotes of strings
 */

export const MEMBER = 5
export const KEY_ESCAPED = 1
export const VALUE_ESCAPED = 2
export const VALUE_STRING = 4

const QUOTE = 34
const BACKSLASH = 92
/** What a byte means inside a string: 0 ordinary, 1 closing quote, 2 backslash, 3 forbidden. */
const inString = new Uint8Array(256)
inString.fill(3, 0, 32)
inString[QUOTE] = 1
inString[BACKSLASH] = 2
/** True for the bytes after which a backslash escape is complete. */
const escapes = new Uint8Array(256)
for (const letter of '"\\/bfnrt') escapes[letter.charCodeAt(0)] = 1
/** 1: digit. */
const digit = new Uint8Array(256)
digit.fill(1, 48, 58)
const hex = new Uint8Array(256)
for (const letter of '0123456789abcdefABCDEF') hex[letter.charCodeAt(0)] = 1

/** Set by `endOfString`: whether the string had an escape. The scanner runs to its end without giving way. */
let escaped = false

function skipSpace(bytes: Uint8Array, at: number): number {
  let byte = bytes[at]
  while (byte === 32 || byte === 10 || byte === 13 || byte === 9) byte = bytes[++at]
  return at
}

/** Position of the closing quote of the string whose first character is at `at`, or -1. */
function endOfString(bytes: Uint8Array, at: number): number {
  escaped = false
  const { length } = bytes
  while (at < length) {
    const kind = inString[bytes[at]!]!
    if (kind === 0) at += 1
    else if (kind === 1) return at
    else if (kind === 3) return -1
    else {
      escaped = true
      const next = bytes[at + 1]!
      if (escapes[next] === 1) at += 2
      else if (
        next === 117 &&
        hex[bytes[at + 2]!] === 1 &&
        hex[bytes[at + 3]!] === 1 &&
        hex[bytes[at + 4]!] === 1 &&
        hex[bytes[at + 5]!] === 1
      )
        at += 6
      else return -1
    }
  }
  return -1
}

/** Position behind the number at `at`, or -1. */
function endOfNumber(bytes: Uint8Array, at: number): number {
  if (bytes[at] === 45) at += 1
  if (bytes[at] === 48) at += 1
  else {
    if (digit[bytes[at]!] !== 1) return -1
    while (digit[bytes[at]!] === 1) at += 1
  }
  if (bytes[at] === 46) {
    at += 1
    if (digit[bytes[at]!] !== 1) return -1
    while (digit[bytes[at]!] === 1) at += 1
  }
  if (bytes[at] === 101 || bytes[at] === 69) {
    at += 1
    if (bytes[at] === 43 || bytes[at] === 45) at += 1
    if (digit[bytes[at]!] !== 1) return -1
    while (digit[bytes[at]!] === 1) at += 1
  }
  return at
}

function endOfWord(bytes: Uint8Array, at: number): number {
  const first = bytes[at]
  if (first === 116)
    return bytes[at + 1] === 114 && bytes[at + 2] === 117 && bytes[at + 3] === 101 ? at + 4 : -1
  if (first === 110)
    return bytes[at + 1] === 117 && bytes[at + 2] === 108 && bytes[at + 3] === 108 ? at + 4 : -1
  if (first !== 102) return -1
  return bytes[at + 1] === 97 && bytes[at + 2] === 108 && bytes[at + 3] === 115 && bytes[at + 4] === 101
    ? at + 5
    : -1
}

/** Position behind the value at `at` (no space before it), or -1. */
function endOfValue(bytes: Uint8Array, at: number, depth: number): number {
  const first = bytes[at]!
  if (first === QUOTE) {
    const end = endOfString(bytes, at + 1)
    return end < 0 ? -1 : end + 1
  }
  if (first === 123) return endOfObject(bytes, at, depth + 1, undefined)
  if (first === 91) return endOfArray(bytes, at, depth + 1)
  return first === 45 || digit[first] === 1 ? endOfNumber(bytes, at) : endOfWord(bytes, at)
}

function endOfArray(bytes: Uint8Array, at: number, depth: number): number {
  if (depth > MAX_DEPTH) return -1
  at = skipSpace(bytes, at + 1)
  if (bytes[at] === 93) return at + 1
  for (;;) {
    at = endOfValue(bytes, at, depth)
    if (at < 0) return -1
    at = skipSpace(bytes, at)
    if (bytes[at] === 93) return at + 1
    if (bytes[at] !== 44) return -1
    at = skipSpace(bytes, at + 1)
  }
}

/** Position behind the object at `at`, or -1; its members are written to `tape` where one is given. */
function endOfObject(bytes: Uint8Array, at: number, depth: number, tape: number[] | undefined): number {
  if (depth > MAX_DEPTH) return -1
  at = skipSpace(bytes, at + 1)
  if (bytes[at] === 125) return at + 1
  for (;;) {
    if (bytes[at] !== QUOTE) return -1
    const keyStart = at + 1
    const keyEnd = endOfString(bytes, keyStart)
    if (keyEnd < 0) return -1
    const keyFlag = escaped ? KEY_ESCAPED : 0
    at = skipSpace(bytes, keyEnd + 1)
    if (bytes[at] !== 58) return -1
    const valueStart = skipSpace(bytes, at + 1)
    at = endOfValue(bytes, valueStart, depth)
    if (at < 0) return -1
    if (tape !== undefined) {
      if (bytes[valueStart] === QUOTE)
        tape.push(
          keyStart,
          keyEnd,
          valueStart + 1,
          at - 1,
          keyFlag | VALUE_STRING | (escaped ? VALUE_ESCAPED : 0),
        )
      else tape.push(keyStart, keyEnd, valueStart, at, keyFlag)
    }
    at = skipSpace(bytes, at)
    if (bytes[at] === 125) return at + 1
    if (bytes[at] !== 44) return -1
    at = skipSpace(bytes, at + 1)
  }
}

/** What the bytes are: no JSON, a JSON object with its members on the tape, or another JSON value. */
export type Scan = 'invalid' | 'object' | 'other'

/** Validates the whole text; members of an outermost object are appended to `tape`. */
export function scan(bytes: Uint8Array, tape: number[]): Scan {
  const start = skipSpace(bytes, 0)
  const object = bytes[start] === 123
  const end = object
    ? endOfObject(bytes, start, 1, tape)
    : start < bytes.length
      ? endOfValue(bytes, start, 0)
      : -1
  if (end < 0 || skipSpace(bytes, end) !== bytes.length) return 'invalid'
  return object ? 'object' : 'other'
}
