import { exceed, isExceeded, spend } from '../../value/index.ts'
import { holds } from './assertions.ts'
import { type Program } from './program.ts'

/** Steps that all searches of one text may take; what takes more is given up, on every machine alike. */
const MOST_STEPS = 20_000_000

/** Threads in the order of their preference, each at one instruction, with what it has saved. */
class Threads {
  readonly at: Int32Array
  readonly #place: Int32Array
  readonly saved: Int32Array
  count = 0

  constructor(size: number, slots: number) {
    this.at = new Int32Array(size)
    this.#place = new Int32Array(size)
    this.saved = new Int32Array(size * slots)
  }

  /** Takes an instruction unless it is there. */
  take(instruction: number): boolean {
    const place = this.#place[instruction]!
    if (place < this.count && this.at[place] === instruction) return false
    this.#place[instruction] = this.count
    this.at[this.count++] = instruction
    return true
  }
}

/**
 * Searches one text for the matches of a program, all ways through it at once (Pike's machine), so that the time of a
 * search is linear in the text. Prefers what backtracking would try first.
 */
export class Machine {
  readonly #program: Program
  readonly #text: string
  readonly #working: Int32Array
  readonly #open: number[] = []
  #now: Threads
  #then: Threads
  #from = 0
  #lastEnd = 0
  #steps = MOST_STEPS
  /** What was left when steps were last counted as work of the evaluation. */
  #counted = MOST_STEPS

  constructor(program: Program, text: string) {
    this.#program = program
    this.#text = text
    spend((program.code.length * program.slots) >> 3)
    this.#working = new Int32Array(program.slots)
    this.#now = new Threads(program.code.length, program.slots)
    this.#then = new Threads(program.code.length, program.slots)
  }

  /** True when the searches took too many steps: what `find` gave last is no answer. */
  get gaveUp(): boolean {
    return this.#steps < 0 || isExceeded()
  }

  /** Begin and end of the next match and of its groups, -1 for a group that took no part; undefined without a match. */
  find(): Int32Array | undefined {
    if (this.#from > this.#text.length) return undefined
    const match = this.#search()
    if (match === undefined) return undefined
    const end = match[1]!
    this.#lastEnd = end
    this.#from = end > match[0]! ? end : end + this.#widthAt(end)
    return match
  }

  #widthAt(at: number): number {
    return at < this.#text.length && this.#text.codePointAt(at)! > 0xffff ? 2 : 1
  }

  #search(): Int32Array | undefined {
    const { begin } = this.#program
    let match: Int32Array | undefined
    this.#now.count = 0
    for (let at = this.#from; ;) {
      if (match === undefined) {
        if (this.#now.count === 0 && begin !== undefined) {
          at = this.#skipTo(at)
          if (at === -1) return undefined
        }
        this.#working.fill(-1)
        this.#working[0] = at
        this.#follow(this.#now, 0, at)
      }
      if (this.#now.count === 0 || !this.#mayGoOn()) return match
      const width = this.#widthAt(at)
      match = this.#step(at, width) ?? match
      if (at >= this.#text.length || (match !== undefined && this.#then.count === 0)) return match
      const done = this.#now
      this.#now = this.#then
      this.#then = done
      at += width
    }
  }

  /** A step is a unit of work. */
  #mayGoOn(): boolean {
    const taken = this.#counted - this.#steps
    this.#counted = this.#steps
    return this.#steps < 0 ? exceed('work') : spend(taken)
  }

  /** The next place where a match can begin, or -1. */
  #skipTo(from: number): number {
    const begin = this.#program.begin!
    for (let at = from; at < this.#text.length;) {
      const point = this.#text.codePointAt(at)!
      if (begin.has(point)) return at
      at += point > 0xffff ? 2 : 1
    }
    return -1
  }

  /** Moves all threads over the code point at a position; gives what the preferred thread that is through has saved. */
  #step(at: number, width: number): Int32Array | undefined {
    const { code, slots } = this.#program
    const now = this.#now
    const point = at < this.#text.length ? this.#text.codePointAt(at)! : -1
    this.#then.count = 0
    for (let index = 0; index < now.count; index++) {
      const place = now.at[index]!
      const instruction = code[place]!
      if (instruction.op === 'match') {
        const match = now.saved.slice(index * slots, (index + 1) * slots)
        match[1] = at
        return match
      }
      if (instruction.op !== 'set' || point === -1 || !instruction.set.has(point)) continue
      for (let slot = 0; slot < slots; slot++) this.#working[slot] = now.saved[index * slots + slot]!
      this.#follow(this.#then, place + 1, at + width)
    }
    return undefined
  }

  /** Adds the threads that an instruction leads to without a code point, the preferred ones first. */
  #follow(threads: Threads, first: number, at: number): void {
    const { code, slots } = this.#program
    const open = this.#open
    open.push(first, 0)
    while (open.length > 0) {
      const old = open.pop()!
      const place = open.pop()!
      if (place < 0) {
        this.#working[-1 - place] = old
        continue
      }
      const instruction = code[place]!
      this.#steps -= 1
      if (!threads.take(place)) continue
      switch (instruction.op) {
        case 'split':
          open.push(instruction.second, 0, instruction.first, 0)
          break
        case 'save':
          open.push(-1 - instruction.slot, this.#working[instruction.slot]!, place + 1, 0)
          this.#working[instruction.slot] = at
          break
        case 'assert':
          if (holds(instruction.assertion, this.#text, at, this.#lastEnd)) open.push(place + 1, 0)
          break
        case 'notNext':
          if (at >= this.#text.length || !instruction.set.has(this.#text.codePointAt(at)!))
            open.push(place + 1, 0)
          break
        default: {
          const base = (threads.count - 1) * slots
          for (let slot = 0; slot < slots; slot++) threads.saved[base + slot] = this.#working[slot]!
          this.#steps -= slots >> 2
        }
      }
    }
  }
}
