const NEWLINE = 10
const BYTE_ORDER_MARK = Buffer.from([0xef, 0xbb, 0xbf])

/**
 * Cuts chunks into lines and holds at most `most` bytes of one that is not whole yet. A byte-order mark before the
 * first line, as some editors and shells write it, is no part of it.
 */
export class LineSplitter {
  readonly #most: number
  #held: Buffer[] = []
  #size = 0
  #tooLong = false
  #isFirst = true

  constructor(most: number) {
    this.#most = most
  }

  /** The lines that a chunk ends, without their line feeds; undefined for one that was too long. */
  *push(chunk: Buffer): Generator<Buffer | undefined> {
    let start = 0
    for (;;) {
      const end = chunk.indexOf(NEWLINE, start)
      if (end === -1) break
      yield this.#take(chunk.subarray(start, end))
      start = end + 1
    }
    if (start < chunk.length) this.#hold(chunk.subarray(start))
  }

  /** The last line, when no line feed ends it. */
  *end(): Generator<Buffer | undefined> {
    if (this.#size > 0 || this.#tooLong) yield this.#take(Buffer.alloc(0))
  }

  #hold(part: Buffer): void {
    this.#size += part.length
    if (this.#size > this.#most) {
      this.#tooLong = true
      this.#held = []
    } else if (!this.#tooLong) this.#held.push(part)
  }

  #take(part: Buffer): Buffer | undefined {
    this.#hold(part)
    const line = this.#tooLong ? undefined : this.#held.length === 1 ? part : Buffer.concat(this.#held)
    this.#held = []
    this.#size = 0
    this.#tooLong = false
    if (!this.#isFirst) return line
    this.#isFirst = false
    return line?.subarray(0, 3).equals(BYTE_ORDER_MARK) === true ? line.subarray(3) : line
  }
}
