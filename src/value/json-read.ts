import { Decimal, fromParts, type Numeric, SMALLEST_PLAIN } from './decimal.ts'
import * as json from './json-scan.ts'
import { wholeAsInt } from './rounding.ts'
import { type Value } from './value.ts'

/** How whole Decimals of a payload are read: as Ints (language version 2016-03-23) or as they are (2015-10-08). */
export type WholeDecimals = 'int' | 'keep'

/** Node's fast slices, which its type declarations leave out. */
type SliceableBuffer = Buffer & {
  latin1Slice(start?: number, end?: number): string
  utf8Slice(start: number, end: number): string
}

/** Result of `readJson`; `offset` counts UTF-16 units of the text. */
export type JsonResult =
  | { readonly ok: true; readonly value: Value }
  | { readonly ok: false; readonly reason: string; readonly offset: number }

/**
 * Reads a JSON text (RFC 8259) of any kind. Keys keep their order of first appearance and a repeated key takes its last
 * value; `__proto__` is a key like any other; numbers keep their text; escaped lone surrogates stay what they are, bare
 * ones become U+FFFD; a leading byte order mark is skipped; at most `MAX_DEPTH` levels.
 */
export function readJson(text: string): JsonResult {
  const bytes = Buffer.from(text) as SliceableBuffer
  const payload = json.setAside()
  try {
    if (!json.scanJson(bytes))
      return { ok: false, reason: json.scan.reason, offset: bytes.utf8Slice(0, json.scan.failedAt).length }
    const { kind, start, end } = json.scan
    return { ok: true, value: new JsonReader(bytes, 'keep').read(kind, start, end) }
  } finally {
    json.putBack(payload)
  }
}

/** Digits that fit in a double exactly; a number is read in two halves of that many. */
const HALF = 15
const MAX_HALVES = 2 * HALF
const POWERS = Array.from({ length: 16 }, (_, places) => 10 ** places)

/** Makes values from bytes that a scan has found to be JSON. */
export class JsonReader {
  readonly #bytes: SliceableBuffer
  readonly #wholeDecimals: WholeDecimals
  #text: string | undefined
  #position = 0

  constructor(bytes: Buffer, wholeDecimals: WholeDecimals) {
    this.#bytes = bytes as SliceableBuffer
    this.#wholeDecimals = wholeDecimals
  }

  /** The value of the given kind that lies between two offsets (quotes and brackets included). */
  read(kind: number, start: number, end: number): Value {
    switch (kind) {
      case json.STRING:
        return this.#plain(start + 1, end - 1)
      case json.ODD_STRING:
        return this.readOddString(start + 1, end - 1)
      case json.INTEGER:
        return this.#readInteger(start, end)
      case json.FRACTION:
        return this.#readFraction(start, end)
      case json.TRUE:
        return true
      case json.FALSE:
        return false
      case json.NULL:
        return null
      default:
        this.#position = start + 1
        return kind === json.ARRAY ? this.#readArray() : this.#readObject()
    }
  }

  /** A string between its quotes that has escapes or characters beyond ASCII. */
  readOddString(start: number, end: number): string {
    const bytes = this.#bytes
    const escape = bytes.indexOf(92, start)
    if (escape < 0 || escape >= end) return bytes.utf8Slice(start, end)
    return JSON.parse(bytes.utf8Slice(start - 1, end + 1)) as string
  }

  /** ASCII text between two offsets. All bytes become one Latin-1 string, in which offsets are the same. */
  #plain(start: number, end: number): string {
    return (this.#text ??= this.#bytes.latin1Slice()).substring(start, end)
  }

  #readInteger(start: number, end: number): Value {
    if (end - start > 15) return Decimal.parse(this.#plain(start, end))
    const bytes = this.#bytes
    const negative = bytes[start] === 45
    let value = 0
    for (let index = negative ? start + 1 : start; index < end; index++)
      value = value * 10 + (bytes[index]! - 48)
    return negative ? 0 - value : value
  }

  #readFraction(start: number, end: number): Value {
    const bytes = this.#bytes
    const negative = bytes[start] === 45
    let point = start
    let count = 0
    let high = 0
    let low = 0
    let lowUnit = 1
    for (let index = negative ? start + 1 : start; index < end; index++) {
      const code = bytes[index]!
      if (code === 46) point = index
      else if (code > 57 || count === MAX_HALVES) return this.#parse(start, end)
      else if (count++ < HALF) high = high * 10 + (code - 48)
      else {
        low = low * 10 + (code - 48)
        lowUnit *= 10
      }
    }
    const places = end - point - 1
    // At most 15 digits over a power of ten: the division rounds to the double that stands for the decimal.
    const value = count <= HALF ? high / POWERS[places]! : high / 10 ** (places - count + HALF)
    if (value < SMALLEST_PLAIN) return this.#parse(start, end)
    if (count <= HALF && bytes[end - 1] !== 48) return negative ? -value : value
    if (count <= HALF && this.#wholeDecimals === 'int' && Number.isInteger(value))
      return negative ? -value : value
    const digits = count <= HALF ? BigInt(high) : BigInt(high) * BigInt(lowUnit) + BigInt(low)
    return this.#whole(fromParts(negative ? -digits : digits, places))
  }

  /** Numbers with an exponent, very many digits, or close to zero. */
  #parse(start: number, end: number): Value {
    return this.#whole(Decimal.parse(this.#plain(start, end))!)
  }

  #whole(number: Numeric): Value {
    return this.#wholeDecimals === 'keep' ? number : wholeAsInt(number)
  }

  #readNext(): Value {
    const bytes = this.#bytes
    const start = this.#position
    let kind = json.kindOf(bytes[start]!)
    if (kind >= json.ARRAY) {
      this.#position++
      return kind === json.ARRAY ? this.#readArray() : this.#readObject()
    }
    let end = json.scanValue(bytes, start)
    if (end < 0) {
      end = -end
      kind++
    }
    this.#position = end
    return this.read(kind, start, end)
  }

  #readArray(): readonly Value[] {
    const bytes = this.#bytes
    const array: Value[] = []
    this.#position = json.skipSpace(bytes, this.#position)
    if (bytes[this.#position] === 93) {
      this.#position++
      return array
    }
    for (;;) {
      array.push(this.#readNext())
      if (this.#pastSeparator() === 93) return array
    }
  }

  #readObject(): ReadonlyMap<string, Value> {
    const bytes = this.#bytes
    const object = new Map<string, Value>()
    this.#position = json.skipSpace(bytes, this.#position)
    if (bytes[this.#position] === 125) {
      this.#position++
      return object
    }
    for (;;) {
      const start = this.#position + 1
      const end = json.scanString(bytes, start)
      const key = end < 0 ? this.readOddString(start, -end - 1) : this.#plain(start, end - 1)
      this.#position = json.skipSpace(bytes, json.skipSpace(bytes, end < 0 ? -end : end) + 1)
      object.set(key, this.#readNext())
      if (this.#pastSeparator() === 125) return object
    }
  }

  /** Passes the comma or bracket after a value, and returns it. */
  #pastSeparator(): number {
    const at = json.skipSpace(this.#bytes, this.#position)
    const separator = this.#bytes[at]!
    this.#position = separator === 44 ? json.skipSpace(this.#bytes, at + 1) : at + 1
    return separator
  }
}
