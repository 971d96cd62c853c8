import { type Duplex } from 'node:stream'
import { ACKNOWLEDGEMENT_SIZE, writeAcknowledgement } from './codec/write.ts'
import { type ProtocolVersion } from './codec/publish.ts'

const FIRST_SIZE = 64

/** Flushes all outboxes that were written to in one turn of the event loop, once, after the turn. */
export class Flusher {
  #dirty: Outbox[] = []
  #scheduled = false
  readonly #run = (): void => this.#flush()

  add(outbox: Outbox): void {
    this.#dirty.push(outbox)
    if (this.#scheduled) return
    this.#scheduled = true
    setImmediate(this.#run)
  }

  #flush(): void {
    const dirty = this.#dirty
    this.#dirty = []
    this.#scheduled = false
    for (const outbox of dirty) outbox.flush()
  }
}

/** Collects what one connection is to be sent, so that the acknowledgements of a delivery batch take one write. */
export class Outbox {
  readonly #stream: Duplex
  readonly #flusher: Flusher
  readonly #limit: number
  readonly #onSlow: () => void
  #bytes: Buffer | undefined
  #used = 0
  #lastUsed = FIRST_SIZE
  #dirty = false

  /**
   * @param limit bytes that may wait for a client that does not read
   * @param onSlow called when they are more
   */
  constructor(stream: Duplex, flusher: Flusher, limit: number, onSlow: () => void) {
    this.#stream = stream
    this.#flusher = flusher
    this.#limit = limit
    this.#onSlow = onSlow
  }

  acknowledge(first: number, packetId: number, code: number, version: ProtocolVersion): void {
    const bytes = this.#reserve(ACKNOWLEDGEMENT_SIZE)
    this.#used = writeAcknowledgement(bytes, this.#used, first, packetId, code, version)
  }

  packet(packet: Buffer): void {
    const bytes = this.#reserve(packet.length)
    packet.copy(bytes, this.#used)
    this.#used += packet.length
  }

  flush(): void {
    this.#dirty = false
    if (this.#used === 0 || this.#bytes === undefined) return
    const bytes = this.#bytes.subarray(0, this.#used)
    this.#lastUsed = this.#used
    this.#bytes = undefined
    this.#used = 0
    if (!this.#stream.writable) return
    this.#stream.write(bytes)
    if (this.#stream.writableLength > this.#limit) this.#onSlow()
  }

  #reserve(size: number): Buffer {
    if (!this.#dirty) {
      this.#dirty = true
      this.#flusher.add(this)
    }
    const bytes = this.#bytes
    if (bytes !== undefined && this.#used + size <= bytes.length) return bytes
    const larger = Buffer.allocUnsafe(
      Math.max(FIRST_SIZE, this.#lastUsed, (bytes?.length ?? 0) * 2, this.#used + size),
    )
    bytes?.copy(larger, 0, 0, this.#used)
    return (this.#bytes = larger)
  }
}
