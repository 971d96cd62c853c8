import { spend } from '../../value/index.ts'
import { Machine } from './machine.ts'
import { parseRegexp } from './parse.ts'
import { type Program, programOf } from './program.ts'
import { Re2 } from './re2.ts'
import { type Refusal, RegexpError, type Tree } from './tree.ts'

export { type Machine } from './machine.ts'
export { type Refusal } from './tree.ts'

/** Characters times instructions that RE2 passes in about a unit of work. */
const PER_UNIT = 2

/** A compiled regular expression of Java; runs in time linear in the text. */
export class Regexp {
  readonly #tree: Tree
  readonly #program: Program
  #re2: Re2 | null | undefined

  private constructor(tree: Tree) {
    this.#tree = tree
    this.#program = programOf(tree)
  }

  /** Compiles a pattern, or says why it is refused. */
  static compile(pattern: string): Regexp | Refusal {
    try {
      return new Regexp(parseRegexp(pattern))
    } catch (error) {
      if (error instanceof RegexpError) return error.refusal
      throw error
    }
  }

  get groupCount(): number {
    return this.#tree.groupCount
  }

  get groupNames(): ReadonlyMap<string, number> {
    return this.#tree.groupNames
  }

  /** True when it matches somewhere in the text; undefined when that takes too many steps. */
  test(text: string): boolean | undefined {
    const re2 = this.#re2Of(text)
    if (re2 !== undefined) return this.#affords(text) ? re2.test(text) : undefined
    const machine = this.search(text)
    const found = machine.find() !== undefined
    return machine.gaveUp ? undefined : found
  }

  /** The first match in the text; undefined without one, or when that takes too many steps. */
  first(text: string): string | undefined {
    const re2 = this.#re2Of(text)
    if (re2 !== undefined) return this.#affords(text) ? re2.first(text) : undefined
    const machine = this.search(text)
    const match = machine.find()
    return match === undefined || machine.gaveUp ? undefined : text.slice(match[0], match[1])
  }

  /** Searches a text for one match after the other. */
  search(text: string): Machine {
    return new Machine(this.#program, text)
  }

  /** RE2 passes characters times instructions, at most. */
  #affords(text: string): boolean {
    return spend((text.length * this.#program.code.length) / PER_UNIT)
  }

  #re2Of(text: string): Re2 | undefined {
    if (this.#re2 === undefined) this.#re2 = Re2.of(this.#tree) ?? null
    return this.#re2?.takes(text) === true ? this.#re2 : undefined
  }
}
