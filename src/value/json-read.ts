import { Decimal } from './decimal.ts'
import { type SqlObject, type Value } from './value.ts'

/** Containers inside containers, at most. */
export const MAX_DEPTH = 256

export type JsonResult =
  | { readonly ok: true; readonly value: Value }
  | { readonly ok: false; readonly reason: string; readonly offset: number }

/**
 * Reads JSON text (RFC 8259) into values: keys in order, a duplicate key keeps its place and takes the last value,
 * `__proto__` is a key like any other, numbers keep their text. `offset` counts UTF-16 code units from 0.
 */
export function readJson(text: string, maxDepth = MAX_DEPTH): JsonResult {
  const reader = new Reader(text, maxDepth)
  const value = reader.document()
  return reader.reason === undefined
    ? { ok: true, value }
    : { ok: false, reason: reader.reason, offset: reader.at }
}

const NUMBER = /-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?/y
// eslint-disable-next-line no-control-regex -- RFC 8259 forbids unescaped control characters
const STRING = /"((?:[^"\\\u0000-\u001f]|\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4}))*)"/y
// eslint-disable-next-line no-control-regex
const PLAIN = /"([^"\\\u0000-\u001f]*)"/y

class Reader {
  reason: string | undefined
  at = 0
  readonly #text: string
  readonly #maxDepth: number

  constructor(text: string, maxDepth: number) {
    this.#text = text
    this.#maxDepth = maxDepth
  }

  document(): Value {
    const value = this.#value(0)
    this.#space()
    if (this.reason === undefined && this.at < this.#text.length)
      this.#fail('text after the end of the document')
    return value
  }

  #fail(reason: string): undefined {
    this.reason ??= reason
    return undefined
  }

  #space(): void {
    for (;;) {
      const code = this.#text.charCodeAt(this.at)
      if (code !== 32 && code !== 10 && code !== 13 && code !== 9) return
      this.at += 1
    }
  }

  #value(depth: number): Value {
    this.#space()
    switch (this.#text[this.at]) {
      case '{':
        return this.#object(depth + 1)
      case '[':
        return this.#array(depth + 1)
      case '"':
        return this.#string()
      case 't':
        return this.#word('true', true)
      case 'f':
        return this.#word('false', false)
      case 'n':
        return this.#word('null', null)
      default:
        return this.#number()
    }
  }

  #word<T extends Value>(word: string, value: T): T | undefined {
    if (!this.#text.startsWith(word, this.at)) return this.#fail('no JSON value')
    this.at += word.length
    return value
  }

  #number(): Value {
    NUMBER.lastIndex = this.at
    const match = NUMBER.exec(this.#text)
    if (match === null) return this.#fail('no JSON value')
    this.at = NUMBER.lastIndex
    return Decimal.parse(match[0])
  }

  #string(): string {
    PLAIN.lastIndex = this.at
    const plain = PLAIN.exec(this.#text)
    if (plain !== null) {
      this.at = PLAIN.lastIndex
      return plain[1]!
    }
    STRING.lastIndex = this.at
    const match = STRING.exec(this.#text)
    if (match === null) {
      this.#fail('a string that is not closed or holds a character that must be escaped')
      return ''
    }
    this.at = STRING.lastIndex
    return JSON.parse(match[0]) as string
  }

  #object(depth: number): SqlObject {
    const object = new Map<string, Value>()
    if (depth > this.#maxDepth) {
      this.#fail(`more than ${this.#maxDepth} levels`)
      return object
    }
    this.at += 1
    this.#space()
    if (this.#text[this.at] === '}') {
      this.at += 1
      return object
    }
    while (this.reason === undefined) {
      this.#space()
      if (this.#text[this.at] !== '"') this.#fail('a key in double quotes is missing')
      const key = this.reason === undefined ? this.#string() : ''
      this.#space()
      if (this.#text[this.at] !== ':') this.#fail('a colon is missing')
      if (this.reason !== undefined) break
      this.at += 1
      object.set(key, this.#value(depth))
      if (this.#endOf('}')) break
    }
    return object
  }

  #array(depth: number): Value[] {
    const array: Value[] = []
    if (depth > this.#maxDepth) {
      this.#fail(`more than ${this.#maxDepth} levels`)
      return array
    }
    this.at += 1
    this.#space()
    if (this.#text[this.at] === ']') {
      this.at += 1
      return array
    }
    while (this.reason === undefined) {
      array.push(this.#value(depth))
      if (this.#endOf(']')) break
    }
    return array
  }

  /** Steps over a comma (false) or the closing bracket (true). */
  #endOf(bracket: ']' | '}'): boolean {
    if (this.reason !== undefined) return true
    this.#space()
    const found = this.#text[this.at]
    if (found !== ',' && found !== bracket) {
      this.#fail(`"," or "${bracket}" is missing`)
      return true
    }
    this.at += 1
    return found === bracket
  }
}
