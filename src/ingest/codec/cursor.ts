import { malformed, type ProtocolFault } from './reasons.ts'
import { readText } from './text.ts'

const tooShort = malformed('the packet ends inside a field')
const badLength = malformed('a variable byte integer has more than four bytes or more bytes than needed')
const badText = malformed('a string is not well-formed UTF-8 or contains U+0000')

/**
 * Reads the fields of one packet. The first fault sticks: later reads give zero or empty values, so callers read a
 * whole structure and look at `fault` once.
 */
export class Cursor {
  readonly bytes: Buffer
  at: number
  end: number
  fault: ProtocolFault | undefined

  constructor(bytes: Buffer, start: number, end: number) {
    this.bytes = bytes
    this.at = start
    this.end = end
  }

  get remaining(): number {
    return this.end - this.at
  }

  fail(fault: ProtocolFault): void {
    this.fault ??= fault
    this.at = this.end
  }

  byte(): number {
    if (!this.#has(1)) return 0
    return this.bytes[this.at++]!
  }

  uint16(): number {
    if (!this.#has(2)) return 0
    this.at += 2
    return this.bytes.readUInt16BE(this.at - 2)
  }

  uint32(): number {
    if (!this.#has(4)) return 0
    this.at += 4
    return this.bytes.readUInt32BE(this.at - 4)
  }

  /** Variable byte integer, in its shortest form as MQTT-1.5.5-1 demands. */
  varint(): number {
    let value = 0
    for (let shift = 0; shift < 28; shift += 7) {
      if (!this.#has(1)) return 0
      const byte = this.bytes[this.at++]!
      value += (byte & 0x7f) * 2 ** shift
      if (byte < 0x80) {
        if (byte === 0 && shift > 0) break
        return value
      }
    }
    this.fail(badLength)
    return 0
  }

  text(): string {
    const length = this.uint16()
    if (!this.#has(length)) return ''
    const start = this.at
    this.at += length
    const text = readText(this.bytes, start, this.at)
    if (text !== undefined) return text
    this.fail(badText)
    return ''
  }

  /** Binary data as a view of the packet. */
  binary(): Buffer {
    const length = this.uint16()
    if (!this.#has(length)) return Buffer.alloc(0)
    this.at += length
    return this.bytes.subarray(this.at - length, this.at)
  }

  #has(count: number): boolean {
    if (this.fault === undefined && this.end - this.at >= count) return true
    this.fail(tooShort)
    return false
  }
}
