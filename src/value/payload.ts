import { JsonReader, type WholeDecimals } from './json-read.ts'
import * as json from './json-scan.ts'
import { type Value } from './value.ts'
import { spend } from './work.ts'

/** Up to this many members are looked through for each name; of more the places are kept by name. */
const FEW_MEMBERS = 32
/** Members that a search passes in about a unit of work. */
const PASSED = 3
/** Longer numbers are read once and kept. */
const SHORT_NUMBER = 32

/**
 * What a rule sees of a payload. A payload is JSON when all of it is one JSON text of any kind in UTF-8;
 * an empty payload is not. Values are made when they are asked for.
 */
export interface PayloadView {
  readonly isJson: boolean
  readonly bytes: Buffer
  /** Member of a top-level object; Undefined when there is none, or the payload is no object or not JSON. */
  get(key: string): Value
  /** The whole payload; Undefined when it is not JSON. */
  root(): Value
}

/** The bytes of one message with what has been read of them. Shared by all rules that the message passes through. */
export class Payload {
  readonly bytes: Buffer
  #isJson: boolean | undefined
  #scans = 0
  #refusals = 0
  #int: View | undefined
  #keep: View | undefined

  constructor(bytes: Buffer) {
    this.bytes = bytes
  }

  /** How a language version sees the payload: 2016-03-23 turns whole Decimals into Ints, 2015-10-08 keeps them. */
  view(wholeDecimals: WholeDecimals): PayloadView {
    return wholeDecimals === 'int'
      ? (this.#int ??= new View(this, wholeDecimals))
      : (this.#keep ??= new View(this, wholeDecimals))
  }

  /** How often the bytes have been read through: once for all rules, unless another message was read in between. */
  get scans(): number {
    return this.#scans
  }

  /** How often a value was asked of bytes that are not JSON. */
  get refusals(): number {
    return this.#refusals
  }

  get isJson(): boolean {
    return this.#isJson ?? this.#scan()
  }

  /**
   * Makes the one tape of all scans hold this payload's members; false when it is not JSON.
   * A second scan is needed only where something else was read in between, as around an await.
   */
  load(): boolean {
    if (json.scan.owner === this.bytes) return true
    if (this.#isJson !== false && this.#scan()) return true
    this.#refusals += 1
    return false
  }

  #scan(): boolean {
    this.#scans += 1
    return (this.#isJson = json.scanJson(this.bytes))
  }
}

class View implements PayloadView {
  readonly #payload: Payload
  readonly #wholeDecimals: WholeDecimals
  #reader: JsonReader | undefined
  #root: Value
  /** Arrays, objects and other values that cost more than a look at the bytes, by member. */
  #kept: Value[] | undefined
  /** Index of each member of a large object that was asked for, -1 where there is none. */
  #places: Map<string, number> | undefined

  constructor(payload: Payload, wholeDecimals: WholeDecimals) {
    this.#payload = payload
    this.#wholeDecimals = wholeDecimals
  }

  get isJson(): boolean {
    return this.#payload.isJson
  }

  get bytes(): Buffer {
    return this.#payload.bytes
  }

  get(key: string): Value {
    if (!this.#payload.load()) return undefined
    const index = this.#find(key)
    if (index < 0) return undefined
    const { tape } = json.scan
    const at = index * json.MEMBER
    const kind = tape[at + 4]! & json.KIND_MASK
    const start = tape[at + 2]!
    const end = tape[at + 3]!
    if (
      kind === json.STRING ||
      (kind < json.ARRAY && kind !== json.ODD_STRING && end - start <= SHORT_NUMBER)
    )
      return this.#read(kind, start, end)
    const kept = (this.#kept ??= [])[index]
    return kept !== undefined ? kept : (this.#kept[index] = this.#read(kind, start, end))
  }

  root(): Value {
    if (this.#root !== undefined || !this.#payload.load()) return this.#root
    return (this.#root = this.#read(json.scan.kind, json.scan.start, json.scan.end))
  }

  #read(kind: number, start: number, end: number): Value {
    this.#reader ??= new JsonReader(this.#payload.bytes, this.#wholeDecimals)
    return this.#reader.read(kind, start, end)
  }

  /** Index of the last member with the key, -1 without one. */
  #find(key: string): number {
    const { members } = json.scan
    if (members <= FEW_MEMBERS) return this.#search(key)
    const known = this.#places?.get(key)
    if (known !== undefined) return known
    if (!spend(members / PASSED)) return -1
    const place = this.#search(key)
    ;(this.#places ??= new Map<string, number>()).set(key, place)
    return place
  }

  #search(key: string): number {
    const { tape, members, hasOddKeys } = json.scan
    const { length } = key
    for (let index = members - 1; index >= 0; index--) {
      const start = tape[index * json.MEMBER]!
      const end = tape[index * json.MEMBER + 1]!
      if (hasOddKeys && tape[index * json.MEMBER + 4]! >= json.ODD_KEY) {
        if (this.#oddKey(start, end) === key) return index
      } else if (end - start === length && this.#matches(start, key)) return index
    }
    return -1
  }

  #matches(start: number, key: string): boolean {
    const { bytes } = this.#payload
    for (let index = 0; index < key.length; index++) {
      if (bytes[start + index] !== key.charCodeAt(index)) return false
    }
    return true
  }

  #oddKey(start: number, end: number): string {
    this.#reader ??= new JsonReader(this.#payload.bytes, this.#wholeDecimals)
    return this.#reader.readOddString(start, end)
  }
}
