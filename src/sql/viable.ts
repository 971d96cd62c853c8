import { type GrammarTable } from './grammar-table.ts'

/** Where to go on behind the rules that are open; shared by all readings of a text. */
class Stack {
  readonly #follow: number
  readonly #parent: Stack | undefined
  readonly #pushed = new Map<number, Stack>()
  /** What can be read next, by the state at the top; equal places of a text share it. */
  readonly next = new Map<number, Next>()

  constructor(follow: number, parent: Stack | undefined) {
    this.#follow = follow
    this.#parent = parent
  }

  push(follow: number): Stack {
    const known = this.#pushed.get(follow)
    if (known !== undefined) return known
    const stack = new Stack(follow, this)
    this.#pushed.set(follow, stack)
    return stack
  }

  pop(): Config | undefined {
    return this.#parent === undefined ? undefined : { state: this.#follow, stack: this.#parent }
  }
}

interface Config {
  readonly state: number
  readonly stack: Stack
}

/** Token types that fit, and the place behind each. */
type Next = ReadonlyMap<number, Place>

/** A place between two tokens: every reading of the text before it. */
export type Place = readonly Config[]

/**
 * Reads tokens by the grammar's automaton, all readings at once, and so says exactly which tokens fit at a place.
 * It builds no tree; the parser does that for correct texts. Time is linear in the tokens.
 */
export class Reader {
  readonly #table: GrammarTable
  readonly start: Place

  constructor(table: GrammarTable, state: number) {
    this.#table = table
    this.start = [{ state, stack: new Stack(-1, undefined) }]
  }

  /** The place behind a token of this type; undefined when it does not fit. */
  step(place: Place, type: number): Place | undefined {
    if (place.length === 1) return this.#next(place[0]!).get(type)
    const found = place.flatMap((config) => this.#next(config).get(type) ?? [])
    return found.length === 0 ? undefined : distinct(found)
  }

  /** Types of all tokens that fit. */
  expected(place: Place): Set<number> {
    return new Set(place.flatMap((config) => [...this.#next(config).keys()]))
  }

  #next(config: Config): Next {
    const known = config.stack.next.get(config.state)
    if (known !== undefined) return known
    const next = this.#explore(config)
    config.stack.next.set(config.state, next)
    return next
  }

  #explore(from: Config): Next {
    const next = new Map<number, Config[]>()
    const seen = new Map<Stack, Set<number>>()
    const open: Config[] = [from]
    for (let config = open.pop(); config !== undefined; config = open.pop()) {
      const { state, stack } = config
      const states = seen.get(stack) ?? new Set()
      if (states.has(state)) continue
      seen.set(stack, states.add(state))
      if (this.#table.ends[state] === true) {
        const below = stack.pop()
        if (below !== undefined) open.push(below)
      }
      for (const move of this.#table.moves[state]!) {
        if (move.kind === 'free') open.push({ state: move.to, stack })
        else if (move.kind === 'rule') open.push({ state: move.to, stack: stack.push(move.follow) })
        else for (const type of move.types) addTo(next, type, { state: move.to, stack })
      }
    }
    return new Map([...next].map(([type, configs]) => [type, distinct(configs)]))
  }
}

function addTo(next: Map<number, Config[]>, type: number, config: Config): void {
  const there = next.get(type)
  if (there === undefined) next.set(type, [config])
  else there.push(config)
}

function distinct(configs: readonly Config[]): Place {
  return configs.filter(
    ({ state, stack }, index) =>
      configs.findIndex((other) => other.state === state && other.stack === stack) === index,
  )
}
