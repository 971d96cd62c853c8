import { Decimal, isArray, isObject, numberText, quoted, type Value } from '../value/index.ts'

export interface Preview {
  readonly text: string
  /** False when something was left out. */
  readonly whole: boolean
}

/** The value as compact JSON of at most about `most` characters, at a cost bounded by that; `Undefined` for Undefined. */
export function previewOf(value: Value, most: number): Preview {
  if (value === undefined) return { text: 'Undefined', whole: true }
  const writer = new Writer(most)
  writer.write(value)
  return { text: writer.text, whole: writer.whole }
}

/** A text that is not a value, shortened. */
export function shortened(text: string, most: number): Preview {
  return text.length > most ? { text: `${text.slice(0, most - 1)}…`, whole: false } : { text, whole: true }
}

class Writer {
  text = ''
  whole = true
  readonly #most: number

  constructor(most: number) {
    this.#most = most
  }

  write(value: Value): void {
    if (typeof value === 'string') this.#string(value)
    else if (typeof value === 'number') this.text += numberText(value)
    else if (value instanceof Decimal) this.text += value.jsonText
    else if (isArray(value)) this.#array(value)
    else if (isObject(value)) this.#object(value)
    else this.text += value === undefined ? 'null' : String(value)
  }

  /** True, once for all, when there is no room for more. */
  get #isFull(): boolean {
    return this.text.length >= this.#most
  }

  #string(value: string): void {
    const room = Math.max(this.#most - this.text.length, 1)
    if (value.length <= room) {
      this.text += quoted(value)
      return
    }
    this.text += `${quoted(value.slice(0, room)).slice(0, -1)}…"`
    this.whole = false
  }

  #array(array: readonly Value[]): void {
    this.text += '['
    for (const [index, element] of array.entries()) {
      if (index > 0) this.text += ','
      if (this.#isFull) {
        this.#rest(array.length - index)
        break
      }
      this.write(element)
    }
    this.text += ']'
  }

  #object(object: ReadonlyMap<string, Value>): void {
    this.text += '{'
    let index = 0
    for (const [key, member] of object) {
      if (member === undefined) continue
      if (index > 0) this.text += ','
      if (this.#isFull) {
        this.#rest(object.size - index)
        break
      }
      this.#string(key)
      this.text += ':'
      this.write(member)
      index += 1
    }
    this.text += '}'
  }

  #rest(count: number): void {
    this.text += `… ${count} more`
    this.whole = false
  }
}
