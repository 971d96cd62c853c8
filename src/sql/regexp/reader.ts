import { RegexpError } from './tree.ts'

const BACKSLASH = 0x5c

/**
 * The code points of a pattern with a position, read as java.util.regex.Pattern reads them: with the flag x white space
 * and comments are passed over, but not everywhere.
 */
export class PatternReader {
  readonly #points: readonly number[]
  at = 0
  comments = false
  unixLines = false

  constructor(pattern: string) {
    this.#points = unquoted(Array.from(pattern, (char) => char.codePointAt(0)!))
  }

  get ended(): boolean {
    return this.at >= this.#points.length
  }

  get length(): number {
    return this.#points.length
  }

  /** The code point at a distance from the position, 0 past the end. */
  raw(distance = 0): number {
    return this.#points[this.at + distance] ?? 0
  }

  /** The code point at the position. */
  peek(): number {
    if (this.comments) this.#passBlank()
    return this.raw()
  }

  /** Moves on and gives the code point there. */
  next(): number {
    this.at += 1
    return this.peek()
  }

  /** Moves on and gives the code point there, white space or not. */
  nextRaw(): number {
    this.at += 1
    return this.raw()
  }

  /** Gives the code point at the position and moves past it. */
  read(): number {
    const point = this.peek()
    this.at += 1
    return point
  }

  /** Gives the code point at the position and moves past it, white space or not. */
  readRaw(): number {
    this.at += 1
    return this.raw(-1)
  }

  fail(message: string): never {
    throw new RegexpError({ malformed: message })
  }

  #passBlank(): void {
    for (;;) {
      while (isSpace(this.raw()) && !this.ended) this.at += 1
      if (this.raw() !== 0x23) return
      while (!this.ended && !this.#isLineEnd(this.raw())) this.at += 1
    }
  }

  #isLineEnd(point: number): boolean {
    if (this.unixLines) return point === 10
    return point === 10 || point === 13 || point === 0x85 || (point | 1) === 0x2029
  }
}

function isSpace(point: number): boolean {
  return point === 32 || (point >= 9 && point <= 13)
}

export function isDigit(point: number): boolean {
  return point >= 0x30 && point <= 0x39
}

export function isLetter(point: number): boolean {
  return (point >= 0x41 && point <= 0x5a) || (point >= 0x61 && point <= 0x7a)
}

export function hexValue(point: number): number {
  if (isDigit(point)) return point - 0x30
  const letter = (point | 32) - 0x61
  return point < 128 && letter >= 0 && letter < 6 ? letter + 10 : -1
}

/** Writes what stands between `\Q` and `\E` with escapes, as java.util.regex.Pattern does before it parses. */
function unquoted(points: readonly number[]): readonly number[] {
  const begin = firstQuotation(points)
  if (begin === -1) return points
  const written = points.slice(0, begin)
  let at = begin + 2
  let quoting = true
  let first = true
  while (at < points.length) {
    const point = points[at++]!
    if (point >= 128 || isLetter(point)) {
      written.push(point)
    } else if (isDigit(point)) {
      // An unfinished escape may stand before the quotation.
      if (first) written.push(BACKSLASH, 0x78, 0x33)
      written.push(point)
    } else if (point !== BACKSLASH) {
      if (quoting) written.push(BACKSLASH)
      written.push(point)
    } else if (quoting) {
      if (points[at] === 0x45) {
        at += 1
        quoting = false
      } else {
        written.push(BACKSLASH, BACKSLASH)
      }
    } else if (points[at] === 0x51) {
      at += 1
      quoting = true
      first = true
      continue
    } else {
      written.push(point)
      if (at < points.length) written.push(points[at++]!)
    }
    first = false
  }
  return written
}

function firstQuotation(points: readonly number[]): number {
  for (let at = 0; at < points.length - 1; at += points[at] === BACKSLASH ? 2 : 1) {
    if (points[at] === BACKSLASH && points[at + 1] === 0x51) return at
  }
  return -1
}
