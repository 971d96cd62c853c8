import { isUtf8 } from 'node:buffer'

/*
 * One pass over the bytes of a JSON text (RFC 8259): validates all of it and notes where the members of a top-level
 * object lie. A leading UTF-8 byte order mark is skipped. Invalid UTF-8 and nesting beyond MAX_DEPTH are not JSON.
 *
 * tape, MEMBER entries a member:
 *   0 key start   1 key end   2 value start   3 value end   4 value kind, plus ODD_KEY
 * Positions are byte offsets; those of strings lie inside the quotes.
 */

/** Arrays and objects nested deeper than this are refused, which also bounds every recursion over values. */
export const MAX_DEPTH = 512

export const MEMBER = 5
export const KIND_MASK = 15
/** The key has escapes or characters beyond ASCII. */
export const ODD_KEY = 16

export const STRING = 0
/** A string with escapes or characters beyond ASCII. */
export const ODD_STRING = 1
export const INTEGER = 2
/** A number with a fraction or an exponent. */
export const FRACTION = 3
export const TRUE = 4
export const FALSE = 5
export const NULL = 6
export const ARRAY = 7
export const OBJECT = 8

/** What a scan found; one object for all scans, valid until the next one. */
export interface Scan {
  /** The bytes that the tape describes; undefined when they were not JSON. */
  owner: Uint8Array | undefined
  tape: Int32Array
  members: number
  hasOddKeys: boolean
  /** Kind and place of the whole value. */
  kind: number
  start: number
  end: number
  /** Byte offset of the first fault. */
  failedAt: number
  reason: string
}

export const scan: Scan = {
  owner: undefined,
  tape: new Int32Array(64 * MEMBER),
  members: 0,
  hasOddKeys: false,
  kind: NULL,
  start: 0,
  end: 0,
  failedAt: 0,
  reason: '',
}

/** The tape of texts that are read while a payload's members are still asked for. */
let spareTape: Int32Array = new Int32Array(64 * MEMBER)

/** Makes room for another scan; `putBack` then restores the present one. */
export function setAside(): Scan {
  const present = { ...scan }
  scan.tape = spareTape
  return present
}

export function putBack(present: Scan): void {
  spareTape = scan.tape
  Object.assign(scan, present)
}

const QUOTE = 34
const COMMA = 44
const COLON = 58
const BACKSLASH = 92
const OPEN_ARRAY = 91
const CLOSE_ARRAY = 93
const OPEN_OBJECT = 123
const CLOSE_OBJECT = 125

/** 1 for printable ASCII other than the quote and the backslash. */
const PLAIN = new Uint8Array(256)
for (let code = 32; code < 128; code++) PLAIN[code] = code === QUOTE || code === BACKSLASH ? 0 : 1

/** 1 where a nested container is an object, by depth. */
const nesting = new Uint8Array(MAX_DEPTH + 1)
let nonAscii = false
/** Levels that `scanContainer` may open: one less inside a top-level object, which it does not see. */
let levels = MAX_DEPTH

/** Scans a whole JSON text into `scan`; false when it is not JSON. */
export function scanJson(bytes: Uint8Array): boolean {
  const isJson = scanText(bytes)
  scan.owner = isJson ? bytes : undefined
  return isJson
}

/** Where and why bytes are not JSON; undefined when they are. Scans again: for messages to people. */
export function jsonFault(
  bytes: Uint8Array,
): { readonly offset: number; readonly reason: string } | undefined {
  return scanJson(bytes) ? undefined : { offset: scan.failedAt, reason: scan.reason }
}

function scanText(bytes: Uint8Array): boolean {
  nonAscii = false
  scan.members = 0
  scan.hasOddKeys = false
  let position = skipSpace(bytes, hasByteOrderMark(bytes) ? 3 : 0)
  if (position >= bytes.length) return fail(position, 'no value')
  scan.kind = kindOf(bytes[position]!)
  scan.start = position
  levels = scan.kind === OBJECT ? MAX_DEPTH - 1 : MAX_DEPTH
  position = scan.kind === OBJECT ? scanMembers(bytes, position + 1) : scanValue(bytes, position)
  if (position === 0) return false
  if (position < 0) {
    if (scan.kind === STRING) scan.kind = ODD_STRING
    else scan.kind = FRACTION
    position = -position
  }
  scan.end = position
  position = skipSpace(bytes, position)
  if (position < bytes.length) return fail(position, 'text after the value')
  return nonAscii && !isUtf8(bytes) ? fail(0, 'invalid UTF-8') : true
}

/** Position of the next byte that is no white space. */
export function skipSpace(bytes: Uint8Array, position: number): number {
  while (position < bytes.length) {
    const code = bytes[position]!
    if (code > 32 || (code !== 32 && code !== 10 && code !== 13 && code !== 9)) break
    position++
  }
  return position
}

/** Kind that a value's first byte announces; the scan of the value tells STRING from ODD_STRING and so on. */
export function kindOf(first: number): number {
  switch (first) {
    case QUOTE:
      return STRING
    case OPEN_OBJECT:
      return OBJECT
    case OPEN_ARRAY:
      return ARRAY
    case 116:
      return TRUE
    case 102:
      return FALSE
    case 110:
      return NULL
    default:
      return INTEGER
  }
}

/**
 * Position after the value that begins at `position`: negated for an ODD_STRING or a FRACTION, 0 when invalid.
 */
export function scanValue(bytes: Uint8Array, position: number): number {
  if (position >= bytes.length) return invalid(position, 'unexpected end')
  switch (bytes[position]!) {
    case QUOTE:
      return scanString(bytes, position + 1)
    case OPEN_OBJECT:
    case OPEN_ARRAY:
      return scanContainer(bytes, position)
    case 116:
      return scanLiteral(bytes, position, TRUE_BYTES)
    case 102:
      return scanLiteral(bytes, position, FALSE_BYTES)
    case 110:
      return scanLiteral(bytes, position, NULL_BYTES)
    default:
      return scanNumber(bytes, position)
  }
}

const TRUE_BYTES = [116, 114, 117, 101] as const
const FALSE_BYTES = [102, 97, 108, 115, 101] as const
const NULL_BYTES = [110, 117, 108, 108] as const

/** `position` is after the opening quote; returns the position after the closing one, negated for an odd string. */
export function scanString(bytes: Uint8Array, position: number): number {
  const end = bytes.length
  while (position < end && PLAIN[bytes[position]!] === 1) position++
  if (position < end && bytes[position] === QUOTE) return position + 1
  return scanOddString(bytes, position)
}

function scanOddString(bytes: Uint8Array, position: number): number {
  const end = bytes.length
  while (position < end) {
    const code = bytes[position]!
    if (PLAIN[code] === 1) position++
    else if (code === QUOTE) return -(position + 1)
    else if (code === BACKSLASH) {
      const length = escapeLength(bytes, position)
      if (length === 0) return invalid(position, 'invalid escape')
      position += length
    } else if (code >= 128) {
      nonAscii = true
      position++
    } else return invalid(position, 'control character in a string')
  }
  return invalid(end, 'unterminated string')
}

function escapeLength(bytes: Uint8Array, position: number): number {
  if (position + 1 >= bytes.length) return 0
  const code = bytes[position + 1]!
  if (code !== 117) return ESCAPES.includes(code) ? 2 : 0
  if (position + 6 > bytes.length) return 0
  for (let index = position + 2; index < position + 6; index++) {
    const digit = bytes[index]!
    const letter = digit | 32
    if (!((digit >= 48 && digit <= 57) || (letter >= 97 && letter <= 102))) return 0
  }
  return 6
}

const ESCAPES = Array.from('"\\/bfnrt', (character) => character.charCodeAt(0))

function scanNumber(bytes: Uint8Array, start: number): number {
  let position = bytes[start] === 45 ? start + 1 : start
  const first = position
  position = skipDigits(bytes, position)
  if (position === first) return invalid(position, 'unexpected character')
  if (bytes[first] === 48 && position > first + 1) return invalid(first, 'leading zero')
  const next = position < bytes.length ? bytes[position]! : 0
  if (next !== 46 && next !== 101 && next !== 69) return position
  return scanFraction(bytes, position)
}

function scanFraction(bytes: Uint8Array, position: number): number {
  if (bytes[position] === 46) {
    const first = position + 1
    position = skipDigits(bytes, first)
    if (position === first) return invalid(position, 'digit expected')
  }
  if (position < bytes.length && (bytes[position]! | 32) === 101) {
    position++
    if (position < bytes.length && (bytes[position] === 43 || bytes[position] === 45)) position++
    const first = position
    position = skipDigits(bytes, first)
    if (position === first) return invalid(position, 'digit expected')
  }
  return -position
}

function skipDigits(bytes: Uint8Array, position: number): number {
  const end = bytes.length
  while (position < end) {
    const code = bytes[position]!
    if (code < 48 || code > 57) break
    position++
  }
  return position
}

function scanLiteral(bytes: Uint8Array, position: number, literal: readonly number[]): number {
  if (position + literal.length > bytes.length) return invalid(position, 'unexpected character')
  for (let index = 0; index < literal.length; index++) {
    if (bytes[position + index] !== literal[index]) return invalid(position, 'unexpected character')
  }
  return position + literal.length
}

/** The members of the top-level object, from after its brace; each goes on the tape. */
function scanMembers(bytes: Uint8Array, position: number): number {
  const end = bytes.length
  position = skipSpace(bytes, position)
  if (position < end && bytes[position] === CLOSE_OBJECT) return position + 1
  for (;;) {
    if (position >= end || bytes[position] !== QUOTE) return invalid(position, 'key expected')
    const keyStart = position + 1
    let next = scanString(bytes, keyStart)
    if (next === 0) return 0
    const oddKey = next < 0 ? ODD_KEY : 0
    const keyEnd = (next < 0 ? -next : next) - 1
    position = skipSpace(bytes, keyEnd + 1)
    if (position >= end || bytes[position] !== COLON) return invalid(position, 'colon expected')
    position = skipSpace(bytes, position + 1)
    if (position >= end) return invalid(position, 'unexpected end')
    const kind = kindOf(bytes[position]!)
    next = scanValue(bytes, position)
    if (next === 0) return 0
    // The odd kinds follow the plain ones; only strings and numbers come back negated.
    note(keyStart, keyEnd, position, next < 0 ? -next : next, (next < 0 ? kind + 1 : kind) | oddKey)
    position = skipSpace(bytes, next < 0 ? -next : next)
    const separator = position < end ? bytes[position]! : 0
    if (separator === CLOSE_OBJECT) return position + 1
    if (separator !== COMMA) return invalid(position, 'comma or closing brace expected')
    position = skipSpace(bytes, position + 1)
  }
}

function note(keyStart: number, keyEnd: number, start: number, end: number, kind: number): void {
  let { tape } = scan
  const at = scan.members * MEMBER
  if (at === tape.length) {
    tape = new Int32Array(2 * at)
    tape.set(scan.tape)
    scan.tape = tape
  }
  tape[at] = keyStart
  tape[at + 1] = keyEnd
  tape[at + 2] = start
  tape[at + 3] = end
  tape[at + 4] = kind
  if (kind >= ODD_KEY) scan.hasOddKeys = true
  scan.members++
}

/** A nested array or object, without recursion; returns the position after it. */
function scanContainer(bytes: Uint8Array, position: number): number {
  const end = bytes.length
  let depth = 0
  for (;;) {
    // At a value.
    const code = position < end ? bytes[position]! : 0
    if (code === OPEN_OBJECT || code === OPEN_ARRAY) {
      if (++depth > levels) return invalid(position, 'nested too deeply')
      nesting[depth] = code === OPEN_OBJECT ? 1 : 0
      position = skipSpace(bytes, position + 1)
      const close = position < end ? bytes[position]! : 0
      if (close !== (code === OPEN_OBJECT ? CLOSE_OBJECT : CLOSE_ARRAY)) {
        if (code === OPEN_ARRAY) continue
        position = scanKey(bytes, position)
        if (position === 0) return 0
        continue
      }
      depth--
      position++
    } else {
      const next = scanValue(bytes, position)
      if (next === 0) return 0
      position = next < 0 ? -next : next
    }
    // After a value: close what ends here.
    for (;;) {
      if (depth === 0) return position
      position = skipSpace(bytes, position)
      const separator = position < end ? bytes[position]! : 0
      if (separator === COMMA) break
      if (separator !== (nesting[depth] === 1 ? CLOSE_OBJECT : CLOSE_ARRAY)) {
        return invalid(position, 'comma or closing bracket expected')
      }
      depth--
      position++
    }
    position = skipSpace(bytes, position + 1)
    if (nesting[depth] === 1) {
      position = scanKey(bytes, position)
      if (position === 0) return 0
    }
  }
}

/** A key and its colon; returns the position of the value. */
function scanKey(bytes: Uint8Array, position: number): number {
  if (position >= bytes.length || bytes[position] !== QUOTE) return invalid(position, 'key expected')
  const next = scanString(bytes, position + 1)
  if (next === 0) return 0
  position = skipSpace(bytes, next < 0 ? -next : next)
  if (position >= bytes.length || bytes[position] !== COLON) return invalid(position, 'colon expected')
  return skipSpace(bytes, position + 1)
}

function hasByteOrderMark(bytes: Uint8Array): boolean {
  return bytes.length >= 3 && bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf
}

function invalid(position: number, reason: string): 0 {
  scan.failedAt = position
  scan.reason = reason
  return 0
}

function fail(position: number, reason: string): false {
  scan.failedAt = position
  scan.reason = reason
  return false
}
