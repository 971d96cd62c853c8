import { type Position } from './positions.ts'

type Step = string | number

/** A member or an item: where its key, or else its value, and its value begin. */
interface Child {
  readonly at: number
  readonly value: number
}

const QUOTE = 0x22
const BACKSLASH = 0x5c
/** Keys may hold dots, such as bootstrap.servers: so many steps may be one key. */
const MOST_STEPS_OF_KEY = 8

/**
 * Finds the places of fields in a JSON text, which must be correct. Nothing is made of the text but lists of the members
 * of the objects and arrays on the way, so that plans of many megabytes cost little.
 */
export class JsonPlaces {
  readonly #text: string
  readonly #children = new Map<number, ReadonlyMap<string, Child>>()
  #lines: readonly number[] | undefined

  constructor(text: string) {
    this.#text = text
  }

  /** Where a field stands, or its nearest parent when it is absent; `above` lines precede the text. */
  locate(steps: readonly Step[], above: number): Position {
    let value = this.#blank(0)
    let at = value
    for (let index = 0; index < steps.length;) {
      const children = this.#childrenOf(value)
      const isObject = this.#text[value] === '{'
      let length = isObject ? Math.min(MOST_STEPS_OF_KEY, steps.length - index) : 1
      let child: Child | undefined
      for (; length > 0 && child === undefined; length -= 1)
        child = children.get(steps.slice(index, index + length).join('.'))
      if (child === undefined) break
      ;({ at, value } = child)
      index += length + 1
    }
    return this.#positionAt(at, above)
  }

  /** By key, or by index; none of what is no object and no array. */
  #childrenOf(start: number): ReadonlyMap<string, Child> {
    const known = this.#children.get(start)
    if (known !== undefined) return known
    const text = this.#text
    const children = new Map<string, Child>()
    this.#children.set(start, children)
    const isObject = text[start] === '{'
    if (!isObject && text[start] !== '[') return children
    let at = this.#blank(start + 1)
    for (let count = 0; text[at] !== '}' && text[at] !== ']'; count += 1) {
      const keyEnd = isObject ? this.#stringEnd(at) : at
      const value = isObject ? this.#blank(this.#blank(keyEnd) + 1) : at
      const name = isObject ? (JSON.parse(text.slice(at, keyEnd)) as string) : String(count)
      // Of a key that comes twice JSON.parse keeps the last.
      children.set(name, { at, value })
      at = this.#blank(this.#valueEnd(value))
      if (text[at] === ',') at = this.#blank(at + 1)
    }
    return children
  }

  /** The first offset from `at` on that is no white space. */
  #blank(at: number): number {
    let end = at
    while (' \t\r\n'.includes(this.#text[end] ?? 'x')) end += 1
    return end
  }

  #stringEnd(start: number): number {
    const text = this.#text
    for (let end = text.indexOf('"', start + 1); ; end = text.indexOf('"', end + 1)) {
      let slashes = 0
      while (text.charCodeAt(end - 1 - slashes) === BACKSLASH) slashes += 1
      if (slashes % 2 === 0) return end + 1
    }
  }

  #valueEnd(start: number): number {
    const text = this.#text
    let depth = 0
    for (let at = start; at < text.length; at += 1) {
      const character = text.charCodeAt(at)
      if (character === QUOTE) at = this.#stringEnd(at) - 1
      // { and [; } and ]
      else if (character === 0x7b || character === 0x5b) depth += 1
      else if (character === 0x7d || character === 0x5d) {
        if (depth === 0) return at
        depth -= 1
      } else if (depth > 0 || character !== 0x2c) continue
      if (character === 0x2c) return at
      if (depth === 0) return at + 1
    }
    return text.length
  }

  #positionAt(offset: number, above: number): Position {
    this.#lines ??= lineStarts(this.#text)
    let [low, high] = [0, this.#lines.length - 1]
    while (low < high) {
      const middle = Math.ceil((low + high) / 2)
      if (this.#lines[middle]! <= offset) low = middle
      else high = middle - 1
    }
    return { line: above + low + 1, column: offset - this.#lines[low]! + 1 }
  }
}

function lineStarts(text: string): number[] {
  const starts = [0]
  for (let end = text.indexOf('\n'); end !== -1; end = text.indexOf('\n', end + 1)) starts.push(end + 1)
  return starts
}
