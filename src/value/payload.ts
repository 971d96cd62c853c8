import { isAscii, isUtf8 } from 'node:buffer'
import { Decimal } from './decimal.ts'
import { readJson } from './json-read.ts'
import { KEY_ESCAPED, MEMBER, scan, type Scan, VALUE_ESCAPED, VALUE_STRING } from './scan.ts'
import { type Value } from './value.ts'
import { wholeToInt } from './whole.ts'

/** A payload as the expressions of one language version read it. */
export interface PayloadView {
  /** False for bytes that are no JSON text in UTF-8; then nothing can be read from them. An empty payload is no JSON. */
  readonly isJson: boolean
  readonly bytes: Buffer
  /** A member of the payload object; Undefined where there is none. */
  get(key: string): Value
  /** The whole payload. */
  root(): Value
}

/** Node's fast slices, which its type declarations leave out. */
type SliceableBuffer = Buffer & {
  latin1Slice(start: number, end: number): string
  utf8Slice(start: number, end: number): string
}

/**
 * The bytes of one message, scanned at most once however many rules read them. Values are made only of the members
 * that a rule asks for.
 */
export class Payload {
  readonly bytes: SliceableBuffer
  readonly #tape: number[] = []
  #kind: Scan | undefined
  #ascii = false
  #views: [PayloadView?, PayloadView?] = []

  constructor(bytes: Buffer) {
    this.bytes = bytes as SliceableBuffer
  }

  /** `int` turns whole Decimals into Ints (language version 2016-03-23), `keep` leaves them (2015-10-08). */
  view(wholeDecimals: 'int' | 'keep'): PayloadView {
    const slot = wholeDecimals === 'int' ? 0 : 1
    return (this.#views[slot] ??= new View(this, wholeDecimals === 'int'))
  }

  /** What the bytes are; the first call reads them. */
  kind(): Scan {
    if (this.#kind !== undefined) return this.#kind
    this.#ascii = isAscii(this.bytes)
    this.#kind = this.#ascii || isUtf8(this.bytes) ? scan(this.bytes, this.#tape) : 'invalid'
    return this.#kind
  }

  /** Index on the tape of the last member with this key, or -1. */
  find(key: string): number {
    if (this.kind() !== 'object') return -1
    const tape = this.#tape
    const { length } = key
    for (let at = tape.length - MEMBER; at >= 0; at -= MEMBER) {
      if ((tape[at + 4]! & KEY_ESCAPED) !== 0 || !this.#ascii) {
        if (this.#string(tape[at]!, tape[at + 1]!, (tape[at + 4]! & KEY_ESCAPED) !== 0) === key) return at
      } else if (tape[at + 1]! - tape[at]! === length && this.#isKey(tape[at]!, key)) return at
    }
    return -1
  }

  /** The value of a member on the tape. */
  value(at: number): Value {
    const start = this.#tape[at + 2]!
    const end = this.#tape[at + 3]!
    const flags = this.#tape[at + 4]!
    if ((flags & VALUE_STRING) !== 0) return this.#string(start, end, (flags & VALUE_ESCAPED) !== 0)
    const first = this.bytes[start]!
    if (first === 123 || first === 91) return read(this.#text(start, end))
    if (first === 116) return true
    if (first === 102) return false
    if (first === 110) return null
    return Decimal.parse(this.bytes.latin1Slice(start, end))
  }

  root(): Value {
    return this.kind() === 'invalid' ? undefined : read(this.#text(0, this.bytes.length))
  }

  #isKey(start: number, key: string): boolean {
    for (let index = 0; index < key.length; index += 1) {
      if (this.bytes[start + index] !== key.charCodeAt(index)) return false
    }
    return true
  }

  #text(start: number, end: number): string {
    return this.#ascii ? this.bytes.latin1Slice(start, end) : this.bytes.utf8Slice(start, end)
  }

  #string(start: number, end: number, hasEscapes: boolean): string {
    return hasEscapes ? (JSON.parse(`"${this.#text(start, end)}"`) as string) : this.#text(start, end)
  }
}

function read(text: string): Value {
  const result = readJson(text)
  return result.ok ? result.value : undefined
}

class View implements PayloadView {
  readonly #payload: Payload
  readonly #wholeToInt: boolean
  #members: Map<number, Value> | undefined
  #root: Value
  #rootRead = false

  constructor(payload: Payload, whole: boolean) {
    this.#payload = payload
    this.#wholeToInt = whole
  }

  get isJson(): boolean {
    return this.#payload.kind() !== 'invalid'
  }

  get bytes(): Buffer {
    return this.#payload.bytes
  }

  get(key: string): Value {
    const at = this.#payload.find(key)
    if (at < 0) return undefined
    const known = this.#members?.get(at)
    if (known !== undefined) return known
    const read = this.#payload.value(at)
    const value = this.#wholeToInt ? wholeToInt(read) : read
    // Scalars are as cheap to read as to remember.
    if (typeof value === 'object' && value !== null) (this.#members ??= new Map()).set(at, value)
    return value
  }

  root(): Value {
    if (this.#rootRead) return this.#root
    const value = this.#payload.root()
    this.#rootRead = true
    this.#root = this.#wholeToInt ? wholeToInt(value) : value
    return this.#root
  }
}
