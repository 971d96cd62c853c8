import { type Place } from './explanation.ts'

/** Finds line and column of offsets in one text without reading it again each time. */
export class Lines {
  readonly #starts: number[] = [0]

  constructor(text: string) {
    for (let at = text.indexOf('\n'); at !== -1; at = text.indexOf('\n', at + 1)) this.#starts.push(at + 1)
  }

  placeOf(start: number, end: number): Place {
    let low = 0
    let high = this.#starts.length - 1
    while (low < high) {
      const middle = Math.ceil((low + high) / 2)
      if (this.#starts[middle]! <= start) low = middle
      else high = middle - 1
    }
    return { start, end, line: low + 1, column: start - this.#starts[low]! + 1 }
  }
}
