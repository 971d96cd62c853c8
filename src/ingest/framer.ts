import { type SharedBudget } from './window.ts'
import { malformed, reason, type ProtocolFault } from './codec/reasons.ts'

/** What a framer hands its packets to. */
export interface PacketHandler {
  /**
   * One whole packet: `bytes` holds what follows the fixed header from `start` to `end` and may be a view of a
   * receive buffer.
   * @returns false to stop: the rest of the bytes is kept until `resume`
   */
  onPacket(first: number, bytes: Buffer, start: number, end: number): boolean
  /**
   * A packet above the maximum size.
   * @returns true to be given the beginning of it (`onOversized`), the rest being skipped; false to stop
   */
  wantsOversized(first: number, length: number): boolean
  /** The first bytes of a packet above the maximum size, enough for its topic name and packet identifier. */
  onOversized(first: number, bytes: Buffer, start: number, end: number): boolean
  /** The stream is not MQTT; nothing more is delivered. */
  onFault(fault: ProtocolFault): void
}

/** Longest topic name with its length, and the packet identifier. */
const OVERSIZED_PREFIX = 2 + 65_535 + 2
const FIRST_ALLOCATION = 4_096

const badLength: ProtocolFault = malformed('the remaining length has more than four bytes')
const tooManyPartial: ProtocolFault = {
  reason: reason.quotaExceeded,
  text: 'too many packets are arriving in pieces at a time',
}
const tooLarge: ProtocolFault = {
  reason: reason.packetTooLarge,
  text: 'the packet is above the maximum packet size',
}

/**
 * Cuts a byte stream into MQTT packets. A packet inside one chunk is handed on as a view of it; one that spans
 * chunks is assembled once, in a buffer that grows with what has arrived and never with what was announced.
 */
export class Framer {
  readonly #handler: PacketHandler
  readonly #maximum: number
  /** Bytes of packets that have not arrived whole, of all framers. */
  readonly #partial: SharedBudget
  /** Fixed header so far: first byte, then length bytes. */
  #headerBytes = 0
  #first = 0
  #length = 0
  /** Bytes of the current packet that are to be assembled; less than `#length` when the packet is oversized. */
  #wanted = 0
  #body: Buffer | undefined
  #filled = 0
  #skip = 0
  #rest: Buffer | undefined
  #stopped = false
  #closed = false

  /**
   * @param maximum largest packet in bytes, fixed header included
   * @param partial what all framers together may hold of packets that have not arrived whole
   */
  constructor(handler: PacketHandler, maximum: number, partial: SharedBudget) {
    this.#handler = handler
    this.#maximum = maximum
    this.#partial = partial
  }

  /** True while a handler's `false` keeps bytes back. */
  get stopped(): boolean {
    return this.#stopped
  }

  push(chunk: Buffer): void {
    if (this.#closed) return
    if (this.#stopped) {
      this.#rest = this.#rest === undefined ? chunk : Buffer.concat([this.#rest, chunk])
      return
    }
    const end = chunk.length
    let at = 0
    while (at < end) {
      if (this.#skip > 0) {
        const step = Math.min(this.#skip, end - at)
        this.#skip -= step
        at += step
        continue
      }
      if (this.#body === undefined) {
        at = this.#readHeader(chunk, at, end)
        if (at < 0) return
        if (this.#wanted < 0) continue
        if (end - at >= this.#wanted) {
          const start = at
          at += this.#wanted
          if (!this.#emit(chunk, start, at)) return this.#keep(chunk, at)
          continue
        }
        const size = Math.min(this.#wanted, Math.max(FIRST_ALLOCATION, end - at))
        if (!this.#reserve(size)) return
        this.#body = Buffer.allocUnsafe(size)
        this.#filled = 0
      }
      at = this.#assemble(chunk, at, end)
      if (at < 0) return
      if (this.#filled === this.#wanted) {
        const body = this.#body
        this.#release()
        if (!this.#emit(body, 0, this.#wanted)) return this.#keep(chunk, at)
      }
    }
  }

  /** Goes on with the bytes kept back. */
  resume(): void {
    if (!this.#stopped || this.#closed) return
    this.#stopped = false
    const rest = this.#rest
    this.#rest = undefined
    if (rest !== undefined && rest.length > 0) this.push(rest)
  }

  /** Drops everything and delivers nothing more. */
  close(): void {
    this.#closed = true
    this.#rest = undefined
    this.#release()
  }

  #keep(chunk: Buffer, at: number): void {
    if (this.#closed) return
    this.#stopped = true
    if (at < chunk.length) this.#rest = chunk.subarray(at)
  }

  /** @returns the position behind what was read, or -1 when the stream ends; `#wanted` is -1 while incomplete */
  #readHeader(chunk: Buffer, from: number, end: number): number {
    let at = from
    if (this.#headerBytes === 0) {
      this.#first = chunk[at++]!
      this.#length = 0
      this.#headerBytes = 1
    }
    this.#wanted = -1
    while (at < end) {
      const byte = chunk[at++]!
      this.#length += (byte & 0x7f) * 2 ** (7 * (this.#headerBytes - 1))
      this.#headerBytes++
      if (byte < 0x80) {
        if (byte === 0 && this.#headerBytes > 2) return this.#fail(badLength)
        return this.#startPacket(at)
      }
      if (this.#headerBytes === 5) return this.#fail(badLength)
    }
    return at
  }

  #startPacket(at: number): number {
    const size = this.#headerBytes + this.#length
    this.#headerBytes = 0
    this.#wanted = this.#length
    if (size <= this.#maximum) return at
    if (!this.#handler.wantsOversized(this.#first, this.#length)) return this.#fail(tooLarge)
    this.#wanted = Math.min(this.#length, OVERSIZED_PREFIX)
    return at
  }

  /** @returns the position behind what was taken, or -1 when the stream ends */
  #assemble(chunk: Buffer, at: number, end: number): number {
    const step = Math.min(this.#wanted - this.#filled, end - at)
    let body = this.#body!
    if (this.#filled + step > body.length) {
      const size = Math.min(this.#wanted, Math.max(body.length * 2, this.#filled + step))
      if (!this.#reserve(size - body.length)) return -1
      const larger = Buffer.allocUnsafe(size)
      body.copy(larger, 0, 0, this.#filled)
      body = this.#body = larger
    }
    chunk.copy(body, this.#filled, at, at + step)
    this.#filled += step
    return at + step
  }

  /** The first piece of a packet is always in order, or nobody could send anything. */
  #reserve(bytes: number): boolean {
    const partial = this.#partial
    const isFirst = this.#body === undefined && bytes <= FIRST_ALLOCATION
    if (!isFirst && partial.bytes + bytes > partial.limit) {
      this.#fail(tooManyPartial)
      return false
    }
    partial.bytes += bytes
    return true
  }

  #release(): void {
    this.#partial.bytes -= this.#body?.length ?? 0
    this.#body = undefined
  }

  #emit(bytes: Buffer, start: number, end: number): boolean {
    if (this.#wanted === this.#length && !this.#isOversized()) {
      return this.#handler.onPacket(this.#first, bytes, start, end)
    }
    this.#skip = this.#length - this.#wanted
    return this.#handler.onOversized(this.#first, bytes, start, end)
  }

  #isOversized(): boolean {
    const header = this.#length < 128 ? 2 : this.#length < 16_384 ? 3 : this.#length < 2_097_152 ? 4 : 5
    return header + this.#length > this.#maximum
  }

  #fail(fault: ProtocolFault): -1 {
    this.close()
    this.#handler.onFault(fault)
    return -1
  }
}
