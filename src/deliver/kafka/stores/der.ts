import { corrupt } from './refusal.ts'

const MAX_DEPTH = 32
const MAX_CHILDREN = 4096

export const INTEGER = 0x02
const OBJECT_IDENTIFIER = 0x06
export const SEQUENCE = 0x30
export const SET = 0x31

/**
 * One element of BER: DER, and what older software writes besides it, indefinite lengths and strings in pieces.
 * Everything is bounded by the bytes at hand; what does not parse throws a `StoreRefusal`. X.690.
 */
export class Der {
  readonly tag: number
  readonly content: Buffer
  readonly #depth: number

  private constructor(tag: number, content: Buffer, depth: number) {
    this.tag = tag
    this.content = content
    this.#depth = depth
  }

  /** The element at the start of `bytes`; what follows it is ignored. */
  static parse(bytes: Buffer): Der {
    return Der.#read(bytes, 0, 0).element
  }

  /** Length of the element at the start of `bytes`, with its tag and length. */
  static lengthOf(bytes: Buffer): number {
    return Der.#read(bytes, 0, 0).end
  }

  /** Elements inside a constructed one. */
  children(): Der[] {
    if ((this.tag & 0x20) === 0) throw corrupt()
    const children: Der[] = []
    for (let at = 0; at < this.content.length;) {
      const { element, end } = Der.#read(this.content, at, this.#depth + 1)
      children.push(element)
      if (children.length > MAX_CHILDREN) throw corrupt()
      at = end
    }
    return children
  }

  /** Elements inside, when this has the tag given. */
  inside(tag: number): Der[] {
    if (this.tag !== tag) throw corrupt()
    return this.children()
  }

  /** Bytes of an OCTET STRING, or of an implicitly tagged one, put together when it comes in pieces. */
  octets(): Buffer {
    return (this.tag & 0x20) === 0
      ? this.content
      : Buffer.concat(this.children().map((child) => child.octets()))
  }

  /** The element with its tag and length, in DER. */
  encoded(): Buffer {
    const length = this.content.length
    const header =
      length < 0x80
        ? [length]
        : length < 0x100
          ? [0x81, length]
          : length < 0x10000
            ? [0x82, length >> 8, length & 0xff]
            : [0x83, length >> 16, (length >> 8) & 0xff, length & 0xff]
    return Buffer.concat([Buffer.from([this.tag, ...header]), this.content])
  }

  /** A non-negative INTEGER that fits 48 bits. */
  integer(): number {
    if (this.tag !== INTEGER || this.content.length === 0) throw corrupt()
    const digits = this.content[0] === 0 ? this.content.subarray(1) : this.content
    if ((this.content[0]! & 0x80) !== 0 || digits.length > 6) throw corrupt()
    return digits.length === 0 ? 0 : digits.readUIntBE(0, digits.length)
  }

  /** An OBJECT IDENTIFIER in dots. */
  oid(): string {
    if (this.tag !== OBJECT_IDENTIFIER || this.content.length === 0 || this.content.length > 64)
      throw corrupt()
    const numbers: number[] = []
    let value = 0
    for (const byte of this.content) {
      value = value * 128 + (byte & 0x7f)
      if ((byte & 0x80) !== 0) continue
      numbers.push(value)
      value = 0
    }
    const first = Math.min(Math.floor((numbers[0] ?? 0) / 40), 2)
    return [first, (numbers[0] ?? 0) - first * 40, ...numbers.slice(1)].join('.')
  }

  static #read(bytes: Buffer, at: number, depth: number): { element: Der; end: number } {
    if (depth > MAX_DEPTH || at + 2 > bytes.length) throw corrupt()
    const tag = bytes[at]!
    const first = bytes[at + 1]!
    if ((tag & 0x1f) === 0x1f) throw corrupt()
    if (first === 0x80) return Der.#readIndefinite(bytes, at, tag, depth)
    let start = at + 2
    let length = first
    if (first > 0x80) {
      const size = first & 0x7f
      if (size > 4 || start + size > bytes.length) throw corrupt()
      length = bytes.readUIntBE(start, size)
      start += size
    }
    if (start + length > bytes.length) throw corrupt()
    return { element: new Der(tag, bytes.subarray(start, start + length), depth), end: start + length }
  }

  static #readIndefinite(
    bytes: Buffer,
    at: number,
    tag: number,
    depth: number,
  ): { element: Der; end: number } {
    let end = at + 2
    for (let count = 0; count < MAX_CHILDREN; count += 1) {
      if (end + 2 > bytes.length) throw corrupt()
      if (bytes[end] === 0 && bytes[end + 1] === 0) {
        return { element: new Der(tag, bytes.subarray(at + 2, end), depth), end: end + 2 }
      }
      end = Der.#read(bytes, end, depth + 1).end
    }
    throw corrupt()
  }
}

/** AlgorithmIdentifier ::= SEQUENCE { algorithm OBJECT IDENTIFIER, parameters ANY OPTIONAL }. */
export function algorithmOf(element: Der | undefined): {
  readonly oid: string
  readonly parameters: Der | undefined
} {
  const [oid, parameters] = required(element).inside(SEQUENCE)
  return { oid: required(oid).oid(), parameters }
}

/** The element itself; refuses the store when it is missing. */
export function required(element: Der | undefined): Der {
  if (element === undefined) throw corrupt()
  return element
}
