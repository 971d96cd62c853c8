import { Decimal } from './decimal.ts'
import { quoted } from './json-write.ts'
import { type SqlObject, type Value } from './value.ts'
import { exceed, isExceeded, outputBound } from './work.ts'

/*
 * The bytes of `writeJson`, written straight into a pooled chunk: about twice as fast as making a string first.
 * Writing is synchronous and nothing else runs in between, so one set of variables serves all.
 */
const CHUNK = 64 * 1024
/** Up to this length a loop over the characters is faster than a call into native code. */
const SHORT = 64
const QUOTE = 34
const COMMA = 44
const POINT = 46
const SCALES = [1, 10, 100, 1000, 10_000]

/** Node's fast write, which its type declarations leave out. */
type WritableBuffer = Buffer & { utf8Write(text: string, offset: number): number }

let chunk = newChunk(CHUNK)
let start = 0
let at = 0

/**
 * Compact JSON as UTF-8 bytes, as `writeJson` words it; Undefined for Undefined, and for what is larger than the
 * evaluation may write.
 * The buffer is a part of a larger one, as those of `Buffer.from` are.
 */
export function encodeJson(value: Value): Buffer | undefined {
  if (value === undefined) return undefined
  start = at
  write(value)
  return written()
}

/** A key as `encodeMembers` takes it: `"key":` in bytes. */
export function encodeKey(key: string): Uint8Array {
  return Buffer.from(quoted(key) + ':')
}

/** Bytes of the object with these keys (all different, made by `encodeKey`) and values; Undefined ones are left out. */
export function encodeMembers(keys: readonly Uint8Array[], values: readonly Value[]): Buffer | undefined {
  start = at
  writeByte(123)
  let first = true
  for (let index = 0; index < keys.length; index++) {
    const value = values[index]
    if (value === undefined) continue
    if (!first) writeByte(COMMA)
    first = false
    writeBytes(keys[index]!)
    write(value)
  }
  writeByte(125)
  return written()
}

/** What has been written since `start`, unless it is too much. */
function written(): Buffer | undefined {
  if (at - start > outputBound()) exceed('outputSize')
  return isExceeded() ? undefined : chunk.subarray(start, at)
}

function newChunk(size: number): WritableBuffer {
  return Buffer.allocUnsafeSlow(size) as WritableBuffer
}

/** Makes room for `size` more bytes; what has been written moves along. */
function reserve(size: number): void {
  if (chunk.length - at >= size) return
  if (at - start > outputBound()) return overflow(size)
  const length = at - start
  const next = newChunk(Math.max(CHUNK, 2 * (length + size)))
  chunk.copy(next, 0, start, at)
  chunk = next
  start = 0
  at = length
}

/** The output is lost: what is still written goes nowhere, and its loops end. */
function overflow(size: number): void {
  exceed('outputSize')
  at = start
  if (chunk.length - at >= size) return
  chunk = newChunk(Math.max(CHUNK, size))
  start = at = 0
}

function write(value: Exclude<Value, undefined>): void {
  switch (typeof value) {
    case 'string':
      return writeString(value)
    case 'number':
      return writeNumber(value)
    case 'boolean':
      return writeAscii(value ? 'true' : 'false')
    default:
      if (value === null) return writeAscii('null')
      if (value instanceof Map) return writeObject(value as SqlObject)
      return value instanceof Decimal ? writeAscii(value.jsonText) : writeArray(value as readonly Value[])
  }
}

function writeObject(object: SqlObject): void {
  writeByte(123)
  let first = true
  for (const [key, value] of object) {
    if (value === undefined) continue
    if (isExceeded()) return
    if (!first) writeByte(COMMA)
    first = false
    writeString(key)
    writeByte(58)
    write(value)
  }
  writeByte(125)
}

function writeArray(array: readonly Value[]): void {
  writeByte(91)
  for (let index = 0; index < array.length; index++) {
    if (isExceeded()) return
    if (index > 0) writeByte(COMMA)
    write(array[index] ?? null)
  }
  writeByte(93)
}

function writeByte(byte: number): void {
  reserve(1)
  chunk[at++] = byte
}

function writeBytes(bytes: Uint8Array): void {
  const { length } = bytes
  reserve(length)
  for (let index = 0; index < length; index++) chunk[at + index] = bytes[index]!
  at += length
}

function writeString(text: string): void {
  const { length } = text
  if (length > outputBound()) return void exceed('outputSize')
  if (length > SHORT) return writeText(quoted(text))
  reserve(length + 2)
  const begin = at
  const target = chunk
  let position = at
  target[position++] = QUOTE
  for (let index = 0; index < length; index++) {
    const code = text.charCodeAt(index)
    if (code < 32 || code > 126 || code === QUOTE || code === 92) {
      at = begin
      return writeText(quoted(text))
    }
    target[position++] = code
  }
  target[position] = QUOTE
  at = position + 1
}

function writeText(text: string): void {
  reserve(3 * text.length)
  at += chunk.utf8Write(text, at)
}

/** Text of ASCII characters only: literals and numbers. */
function writeAscii(text: string): void {
  const { length } = text
  if (length > SHORT) return writeText(text)
  reserve(length)
  for (let index = 0; index < length; index++) chunk[at + index] = text.charCodeAt(index)
  at += length
}

function writeNumber(value: number): void {
  const magnitude = value < 0 ? -value : value
  for (let places = 0; places < SCALES.length; places++) {
    const scale = SCALES[places]!
    const scaled = Math.round(magnitude * scale)
    if (scaled > 0x3fffffff) break
    // Then the number's shortest text is `scaled` with a point, see scaled.ts.
    if (scaled / scale === magnitude) return writeScaled(value < 0, scaled, places)
  }
  if (Number.isSafeInteger(value)) {
    // Two halves of few enough digits, such as those of a time in milliseconds.
    const high = Math.floor(magnitude / 1e9)
    writeScaled(value < 0, high, 0)
    writePadded(magnitude - high * 1e9)
  } else writeAscii(String(value))
}

/** Nine digits of an integer below 10^9. */
function writePadded(value: number): void {
  reserve(9)
  let rest = value | 0
  for (let position = at + 8; position >= at; position--) {
    const quotient = (rest / 10) | 0
    chunk[position] = 48 + (rest - quotient * 10)
    rest = quotient
  }
  at += 9
}

/** Writes scaled × 10^-places; `scaled` is a small integer. */
function writeScaled(negative: boolean, scaled: number, places: number): void {
  let digits = places + 1
  for (let limit = SCALES[places]! * 10; digits < 10 && scaled >= limit; limit *= 10) digits++
  reserve(digits + 2)
  if (negative) chunk[at++] = 45
  const end = at + digits + (places > 0 ? 1 : 0)
  const point = places > 0 ? end - 1 - places : end
  let rest = scaled | 0
  for (let position = end - 1; position >= at; position--) {
    if (position === point) {
      chunk[position] = POINT
      continue
    }
    const quotient = (rest / 10) | 0
    chunk[position] = 48 + (rest - quotient * 10)
    rest = quotient
  }
  at = end
}
