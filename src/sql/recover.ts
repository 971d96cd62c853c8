import { nearest } from '../nearest.ts'
import { findIslands, type Island, islandAt } from './islands.ts'
import { maxFindings } from './limits.ts'
import { type SeenToken } from './syntax-hints.ts'
import { type Place, type Reader } from './viable.ts'

/** A token that does not fit where it stands. */
export interface SyntaxFault {
  readonly at: number
  /** Types of all tokens that would fit. */
  readonly expected: ReadonlySet<string>
  /** The keyword that was most likely meant. */
  readonly meant: string | undefined
}

/** A run of tokens that one other token stands in for. */
export interface Hole {
  readonly start: number
  readonly end: number
  readonly type: string
}

export interface Recovery {
  readonly faults: readonly SyntaxFault[]
  /** The text with the faulty runs replaced, which the grammar takes; undefined when no such text was found. */
  readonly holes: readonly Hole[] | undefined
}

/**
 * Every independent fault of a text, first to last. After a fault, the smallest run of tokens around it that stands
 * for one value is taken for a correct one and reading goes on behind it; a misspelled keyword is taken for the one
 * meant. Where there is no such run, nothing more can be said and reading ends.
 */
export function readFaults(tokens: readonly SeenToken[], reader: Reader, vocabulary: Vocabulary): Recovery {
  return new Recovering(tokens, reader, vocabulary).run()
}

/** Token types by number and by name. */
export interface Vocabulary {
  nameOf(kind: number): string
  kindOf(name: string): number
}

class Recovering {
  readonly #tokens: SeenToken[]
  readonly #reader: Reader
  readonly #vocabulary: Vocabulary
  readonly #places: Place[] = []
  readonly #faults: SyntaxFault[] = []
  #holes: Hole[] = []
  #islands: readonly Island[] | undefined

  constructor(tokens: readonly SeenToken[], reader: Reader, vocabulary: Vocabulary) {
    this.#tokens = [...tokens]
    this.#reader = reader
    this.#vocabulary = vocabulary
  }

  run(): Recovery {
    let place: Place = this.#reader.start
    let resumedAt = -settled
    for (let at = 0; at < this.#tokens.length;) {
      this.#places[at] = place
      // Behind a fault, a keyword next to a dot is rather a name of a path that the fault broke.
      if (this.#faults.length > 0 && this.#isKeywordBesideDot(at)) return this.#end(false)
      const next = this.#reader.step(place, this.#tokens[at]!.kind)
      if (next !== undefined) {
        place = next
        at += 1
        continue
      }
      const fault = this.#fault(at, place)
      const clear = fault.meant !== undefined || at - resumedAt >= settled
      if (clear && !this.#mayFollow(at)) this.#faults.push(fault)
      if (this.#faults.length >= maxFindings) return this.#end(false)
      const resumed = this.#repair(fault, place) ?? this.#skip(at)
      if (resumed === undefined) return this.#end(false)
      ;[at, place] = resumed
      resumedAt = at
    }
    return this.#end(true)
  }

  #end(sound: boolean): Recovery {
    return { faults: this.#faults, holes: sound ? this.#holes : undefined }
  }

  #fault(at: number, place: Place): SyntaxFault {
    const expected = new Set([...this.#reader.expected(place)].map((kind) => this.#vocabulary.nameOf(kind)))
    return { at, expected, meant: this.#keywordMeant(at, place, expected) }
  }

  #keywordMeant(at: number, place: Place, expected: ReadonlySet<string>): string | undefined {
    const { type, text } = this.#tokens[at]!
    if (type !== 'NAME') return undefined
    const meant = nearest(
      text,
      keywords.filter((word) => expected.has(word)),
    )
    if (meant === undefined) return undefined
    const behind = this.#reader.step(place, this.#vocabulary.kindOf(meant))
    const next = this.#tokens[at + 1]
    if (behind === undefined || next === undefined || clauseEnds.has(next.type)) return undefined
    if (this.#comesLater(meant, at) || (meant === 'FROM' && !topicStarts.has(next.type))) return undefined
    return this.#reader.step(behind, next.kind) === undefined ? undefined : meant
  }

  /** True when the clause that a keyword begins follows anyway, so that it was hardly meant here. */
  #comesLater(keyword: string, at: number): boolean {
    if (!clauseEnds.has(keyword)) return false
    let open = 0
    for (let index = at + 1; index < this.#tokens.length && open >= 0; index += 1) {
      const { type } = this.#tokens[index]!
      if (['LPAREN', 'LBRACKET', 'LBRACE'].includes(type)) open += 1
      else if (['RPAREN', 'RBRACKET', 'RBRACE'].includes(type)) open -= 1
      else if (open === 0 && type === keyword && this.#tokens[index - 1]!.type !== 'DOT') return true
    }
    return false
  }

  /** True when what is reported already may be all that is wrong here. */
  #mayFollow(at: number): boolean {
    const island = this.#around(at)
    const { type } = this.#tokens[at]!
    // In brackets, AS belongs to a CAST that may have been misspelled.
    if (type === 'AS' && this.#faults.length > 0 && island?.end !== at) return true
    if (this.#isInFaultyCase(at)) return true
    // What stands before may have lost its bracket, or its place at the head of the list.
    if (this.#faults.length > 0 && (type === 'COLON' || this.#tokens[at - 1]?.type === 'VALUE')) return true
    const end = Math.min(island?.end ?? at, at)
    // A bracket behind such a sign may have been that of a call.
    for (let index = Math.max(0, (island?.start ?? 0) - 2); index <= end; index += 1) {
      if (this.#tokens[index]!.slip) return true
    }
    return false
  }

  #isKeywordBesideDot(at: number): boolean {
    return ['FROM', 'WHERE'].includes(this.#tokens[at]!.type) && this.#tokens[at + 1]?.type === 'DOT'
  }

  /** True at a word of a CASE that has a fault already: one WHEN too few or too many shifts all that follow. */
  #isInFaultyCase(at: number): boolean {
    if (![at - 1, at].some((each) => caseWords.has(this.#tokens[each]?.type ?? ''))) return false
    const fault = this.#faults.at(-1)?.at
    for (let index = at - 1; index >= 0; index -= 1) {
      if (index === fault || this.#tokens[index]!.slip) return true
      if (this.#tokens[index]!.type === 'CASE') return false
    }
    return false
  }

  /** Goes on as if the keyword had been written right. */
  #repair({ at, meant }: SyntaxFault, place: Place): [number, Place] | undefined {
    if (meant === undefined) return undefined
    const kind = this.#vocabulary.kindOf(meant)
    this.#tokens[at] = { ...this.#tokens[at]!, type: meant, kind }
    this.#islands = undefined
    this.#holes.push({ start: at, end: at + 1, type: meant })
    return [at + 1, this.#reader.step(place, kind)!]
  }

  /** Goes on behind the smallest island around the fault that makes sense when it is filled with something correct. */
  #skip(at: number): [number, Place] | undefined {
    // A SELECT without items: what follows FROM may be the items.
    if (this.#tokens[at]!.type === 'FROM' && this.#tokens[at - 1]?.type === 'SELECT') return undefined
    for (let island = this.#around(at); island !== undefined; island = island.parent) {
      const { start, end, filler } = island
      const before = this.#places[start]
      const filled =
        before === undefined ? undefined : this.#reader.step(before, this.#vocabulary.kindOf(filler))
      if (filled === undefined || this.#reader.step(filled, this.#tokens[end]!.kind) === undefined) continue
      this.#holes = [...this.#holes.filter((hole) => hole.start < start), { start, end, type: filler }]
      return [end, filled]
    }
    return undefined
  }

  /**
   * The smallest island that surely has the fault. An AS among arguments says that the call around them is none; an
   * AND without a first operand may stand for something else.
   */
  #around(at: number): Island | undefined {
    this.#islands ??= findIslands(this.#tokens)
    const island = islandAt(this.#islands, at)
    const { type } = this.#tokens[at]!
    const larger = type === 'AS' || (['AND', 'OR'].includes(type) && island?.start === island?.end)
    return larger ? (island?.parent ?? island) : island
  }
}

/** Tokens that must fit after a fault before another one is believed. */
const settled = 2

const caseWords = new Set(['WHEN', 'THEN', 'ELSE', 'END'])

const topicStarts = new Set(['SINGLE_QUOTED', 'DOUBLE_QUOTED', 'NAME', 'STAR', 'PLUS', 'HASH', 'DOLLAR'])

const clauseEnds = new Set(['SELECT', 'FROM', 'WHERE', 'EOF'])

const keywords = [
  'SET',
  'SELECT',
  'FROM',
  'WHERE',
  'AS',
  'AND',
  'OR',
  'NOT',
  'IN',
  'WHEN',
  'THEN',
  'ELSE',
  'END',
]
