import { type SeenToken } from './syntax-hints.ts'

/**
 * A run of tokens that stands for one value, whatever is in it: a SELECT item, an argument, an operand of AND. A fault
 * inside says nothing about what is outside. `end` is the index of the token behind, which closes it.
 */
export interface Island {
  readonly start: number
  readonly end: number
  /** Type of a token that could stand in its place. */
  readonly filler: 'NAME' | 'SINGLE_QUOTED'
  readonly parent: Island | undefined
}

const closerOf: Readonly<Record<string, string>> = {
  LPAREN: 'RPAREN',
  LBRACKET: 'RBRACKET',
  LBRACE: 'RBRACE',
  CASE: 'END',
}
const closers = new Set(['RPAREN', 'RBRACKET', 'RBRACE'])

/** Signs and words after which a value follows, so that END is a name there. */
const beforeValue = new Set([
  ...['LPAREN', 'LBRACKET', 'LBRACE', 'CASE', 'WHEN', 'THEN', 'ELSE', 'DOT', 'COMMA', 'COLON', 'AS'],
  ...['PLUS', 'MINUS', 'SLASH', 'PERCENT', 'STAR', 'EQ', 'NE', 'LT', 'LE', 'GT', 'GE'],
  ...['AND', 'OR', 'NOT', 'IN', 'SELECT', 'FROM', 'WHERE'],
])

export type Brackets =
  /** By the index of an opening token, the index of the one that closes it. */
  | { readonly balanced: true; readonly pairs: ReadonlyMap<number, number> }
  /** The last opening token that is not closed before `at`, and the token that does not fit, or the end. */
  | { readonly balanced: false; readonly opened: number | undefined; readonly at: number }

/** Pairs brackets, and CASE with END. */
export function pairBrackets(tokens: readonly SeenToken[], end = tokens.length): Brackets {
  const open: number[] = []
  const pairs = new Map<number, number>()
  for (let at = 0; at < end; at += 1) {
    const { type } = tokens[at]!
    const before = tokens[at - 1]?.type ?? ''
    if (type === 'CASE' ? before !== 'DOT' && before !== 'AS' : closerOf[type] !== undefined) open.push(at)
    const top = open.at(-1)
    const closes = top !== undefined && closerOf[tokens[top]!.type] === type
    const isEnd = type === 'END' && !beforeValue.has(before)
    if (!closes && (isEnd || closers.has(type))) return { balanced: false, opened: top, at }
    if (!closes || (type === 'END' && !isEnd)) continue
    pairs.set(top, at)
    open.pop()
  }
  return open.length === 0 ? { balanced: true, pairs } : { balanced: false, opened: open.at(-1), at: end }
}

/** The islands of a statement or expression, inner ones behind outer ones; none when brackets do not pair. */
export function findIslands(tokens: readonly SeenToken[]): readonly Island[] {
  const brackets = pairBrackets(tokens)
  if (!brackets.balanced) return []
  const islands: Island[] = []
  new Mapper(tokens, brackets.pairs, islands).clauses(0, tokens.length - 1)
  return islands
}

/** The innermost island that `at` lies in, or that it closes. */
export function islandAt(islands: readonly Island[], at: number): Island | undefined {
  let found: Island | undefined
  for (const island of islands) {
    if (island.start > at) continue
    if (at <= island.end && (found === undefined || island.end - island.start <= found.end - found.start))
      found = island
  }
  return found
}

class Mapper {
  readonly #tokens: readonly SeenToken[]
  readonly #pairs: ReadonlyMap<number, number>
  readonly #islands: Island[]

  constructor(tokens: readonly SeenToken[], pairs: ReadonlyMap<number, number>, islands: Island[]) {
    this.#tokens = tokens
    this.#pairs = pairs
    this.#islands = islands
  }

  /** A statement, a nested SELECT or a single value between two indices. */
  clauses(start: number, end: number, parent?: Island): void {
    const bounds = this.#clauseBounds(start, end)
    if (bounds === 'none' && parent === undefined) return this.#value(start, end, parent)
    if (typeof bounds === 'string') return this.#inside(start, end, parent)
    const [select, from, where] = bounds
    if (select > start) {
      for (const [a, b] of this.#split(start + 1, select, ['COMMA'])) this.#assigned(a, b, parent)
    }
    for (const [a, b] of this.#split(select + 1, from, ['COMMA'])) this.#item(a, b, parent)
    if (from < where) this.#add({ start: from + 1, end: where, filler: fillerOf(parent), parent })
    if (where < end) this.#value(where + 1, end, parent)
  }

  /** Indices of SELECT, FROM (or where it would be) and WHERE, when they are each there once, in order. */
  #clauseBounds(start: number, end: number): readonly [number, number, number] | 'none' | 'unclear' {
    const found = new Map<string, number>()
    for (const at of this.#level(start, end)) {
      const { type } = this.#tokens[at]!
      if (!['SELECT', 'FROM', 'WHERE'].includes(type) || this.#isName(at)) continue
      if (found.has(type)) return 'unclear'
      found.set(type, at)
    }
    const select = found.get('SELECT')
    if (found.size === 0) return 'none'
    if (select === undefined || (select > start && this.#tokens[start]!.type !== 'SET')) return 'unclear'
    const where = found.get('WHERE') ?? end
    const from = found.get('FROM') ?? where
    return select < from && from <= where ? [select, from, where] : 'unclear'
  }

  /** After a dot every word is a name; after AS, SELECT is. */
  #isName(at: number): boolean {
    const before = this.#tokens[at - 1]?.type
    return before === 'DOT' || (before === 'AS' && this.#tokens[at]!.type === 'SELECT')
  }

  /** Indices between two others that are in no bracket of their own. */
  *#level(start: number, end: number): Generator<number> {
    for (let at = start; at < end; at += 1) {
      yield at
      at = this.#pairs.get(at) ?? at
    }
  }

  #split(start: number, end: number, types: readonly string[]): [number, number][] {
    const parts: [number, number][] = []
    let from = start
    for (const at of this.#level(start, end)) {
      if (!types.includes(this.#tokens[at]!.type) || this.#isName(at)) continue
      parts.push([from, at])
      from = at + 1
    }
    return [...parts, [from, end]]
  }

  #add(island: Island): Island {
    this.#islands.push(island)
    return island
  }

  /** VALUE is no name of a field where a SELECT begins: what comes before it belongs to it. */
  #item(start: number, end: number, parent: Island | undefined): void {
    const late = this.#split(start + 1, end, ['VALUE']).length > 1
    if (late) this.#inside(start, end, this.#add({ start, end, filler: 'NAME', parent }))
    else this.#value(start, end, parent)
  }

  #assigned(start: number, end: number, parent: Island | undefined): void {
    const [name, ...rest] = this.#split(start, end, ['EQ'])
    if (rest.length > 0) this.#value(name![1] + 1, end, parent)
  }

  #value(start: number, end: number, parent: Island | undefined): void {
    const island = this.#add({ start, end, filler: 'NAME', parent })
    if (start < end && this.#tokens[start]!.type === 'SELECT' && !this.#isName(start))
      return this.clauses(start, end, island)
    const operands = this.#split(start, end, ['AND', 'OR'])
    if (operands.length === 1 || this.#hasSelect(start, end)) return this.#inside(start, end, island)
    for (const [a, b] of operands)
      this.#inside(a, b, this.#add({ start: a, end: b, filler: 'NAME', parent: island }))
  }

  /** The brackets between two indices. */
  #inside(start: number, end: number, parent: Island | undefined): void {
    for (const at of this.#level(start, end)) {
      const close = this.#pairs.get(at)
      if (close === undefined) continue
      const { type } = this.#tokens[at]!
      if (type === 'CASE') this.#parts(at + 1, close, ['WHEN', 'THEN', 'ELSE'], parent)
      else if (type === 'LBRACE') this.#entries(at + 1, close, parent)
      else if (type === 'LBRACKET') this.#parts(at + 1, close, ['COMMA'], parent)
      else if (this.#tokens[at - 1]?.type === 'CAST')
        this.#inside(at + 1, close, this.#add({ start: at + 1, end: close, filler: 'NAME', parent }))
      else if (this.#isCall(at)) this.#parts(at + 1, close, ['COMMA'], parent)
      else this.#value(at + 1, close, parent)
    }
  }

  /** A cast has AS inside: only as a whole can it be left out. */
  #isCall(open: number): boolean {
    return this.#tokens[open - 1]?.type === 'NAME'
  }

  #parts(start: number, end: number, separators: readonly string[], parent: Island | undefined): void {
    if (start === end) return
    // The commas of a SELECT look like those around it.
    if (this.#hasSelect(start, end)) return this.#value(start, end, parent)
    for (const [a, b] of this.#split(start, end, separators)) this.#value(a, b, parent)
  }

  #hasSelect(start: number, end: number): boolean {
    return this.#split(start, end, ['SELECT']).length > 1
  }

  #entries(start: number, end: number, parent: Island | undefined): void {
    for (const [a, b] of this.#split(start, end, ['COMMA'])) {
      const [key, ...rest] = this.#split(a, b, ['COLON'])
      if (rest.length > 0) this.#value(key![1] + 1, b, parent)
    }
  }
}

/** At the top FROM takes a topic filter, inside a path. */
function fillerOf(parent: Island | undefined): 'NAME' | 'SINGLE_QUOTED' {
  return parent === undefined ? 'SINGLE_QUOTED' : 'NAME'
}
