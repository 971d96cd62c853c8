/** Highest code point. */
export const LAST = 0x10ffff

/** An immutable set of Unicode code points; lone surrogates count as code points. */
export class CodePoints {
  /** Bounds of the ranges in order, both included: [first, last, first, last, …], none adjacent. */
  readonly bounds: readonly number[]
  readonly #low = new Uint8Array(256)

  /** @param bounds sorted, neither overlapping nor adjacent */
  private constructor(bounds: readonly number[]) {
    this.bounds = bounds
    for (let at = 0; at < bounds.length && bounds[at]! < 256; at += 2) {
      this.#low.fill(1, bounds[at]!, Math.min(255, bounds[at + 1]!) + 1)
    }
  }

  /** The set of ranges in any order: [first, last, first, last, …]. */
  static of(...bounds: readonly number[]): CodePoints {
    const ranges: [number, number][] = []
    for (let at = 0; at < bounds.length; at += 2) ranges.push([bounds[at]!, bounds[at + 1]!])
    return CodePoints.ofRanges(ranges)
  }

  static ofRanges(ranges: [number, number][]): CodePoints {
    ranges.sort((a, b) => a[0] - b[0])
    const merged: number[] = []
    for (const [first, last] of ranges) {
      const end = merged.length - 1
      if (end > 0 && first <= merged[end]! + 1) merged[end] = Math.max(merged[end]!, last)
      else merged.push(first, last)
    }
    return new CodePoints(merged)
  }

  has(codePoint: number): boolean {
    if (codePoint < 256) return this.#low[codePoint] === 1
    const { bounds } = this
    let low = 0
    let high = bounds.length >> 1
    while (low < high) {
      const middle = (low + high) >> 1
      if (bounds[2 * middle + 1]! < codePoint) low = middle + 1
      else high = middle
    }
    return low < bounds.length >> 1 && bounds[2 * low]! <= codePoint
  }

  union(other: CodePoints): CodePoints {
    return CodePoints.of(...this.bounds, ...other.bounds)
  }

  negated(): CodePoints {
    const bounds: number[] = []
    let next = 0
    for (let at = 0; at < this.bounds.length; at += 2) {
      if (this.bounds[at]! > next) bounds.push(next, this.bounds[at]! - 1)
      next = this.bounds[at + 1]! + 1
    }
    if (next <= LAST) bounds.push(next, LAST)
    return new CodePoints(bounds)
  }

  intersection(other: CodePoints): CodePoints {
    return this.negated().union(other.negated()).negated()
  }

  minus(other: CodePoints): CodePoints {
    return this.negated().union(other).negated()
  }
}

export const ALL = CodePoints.of(0, LAST)
export const NONE = CodePoints.of()
