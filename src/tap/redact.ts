import { MASK } from '../access/index.ts'
import { isArray, isObject, readJson, type SqlObject, type Value, writeJson } from '../value/index.ts'

/** Masks parts of payloads, by paths such as `user.name`, `cards.number` (of each element) or `cards.0.number`. */
export class Redaction {
  readonly #paths: readonly (readonly string[])[]

  constructor(paths: readonly string[]) {
    this.#paths = paths.map((path) => path.split('.'))
  }

  /**
   * The payload with the values at the paths masked, numbers as they were written. What is no JSON text is masked as a
   * whole: nobody can say what it holds.
   */
  apply(payload: Buffer): string {
    const read = readJson(payload.toString('utf8'))
    if (!read.ok) return MASK
    return writeJson(this.#paths.reduce((value, path) => masked(value, path, 0), read.value)) ?? MASK
  }
}

/** Texts that hold JSON are not looked into; a name applies to every element of an array. */
function masked(value: Value, path: readonly string[], at: number): Value {
  const name = path[at]
  if (name === undefined) return MASK
  if (isArray(value)) {
    const isIndex = /^\d+$/.test(name)
    return value.map((item, index) => {
      if (!isIndex) return masked(item, path, at)
      return index === Number(name) ? masked(item, path, at + 1) : item
    })
  }
  if (!isObject(value) || !value.has(name)) return value
  const copy = new Map(value as SqlObject)
  copy.set(name, masked(value.get(name), path, at + 1))
  return copy
}
