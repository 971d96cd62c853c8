import { CharacterClasses } from './classes.ts'
import { type Flags, flagsOf, NO_FLAGS } from './flags.ts'
import { isDigit, isLetter, PatternReader } from './reader.ts'
import { ALL, CodePoints } from './code-points.ts'
import { TERMINATORS } from './properties.ts'
import { possessive, withoutAtomic } from './atomic.ts'
import { type Assertion, EMPTY, type Node, RegexpError, type Tree } from './tree.ts'

/** Groups within groups; Java's own limit is its stack. */
const deepest = 250

const char = (text: string): number => text.charCodeAt(0)

/**
 * Parses a regular expression as java.util.regex.Pattern does: what it refuses is refused as malformed, what it has and
 * an engine of linear time has not is refused by name. Throws a RegexpError.
 * Source: https://docs.oracle.com/en/java/javase/17/docs/api/java.base/java/util/regex/Pattern.html
 */
export function parseRegexp(pattern: string): Tree {
  return new Parser(pattern).parse()
}

class Parser {
  readonly #reader: PatternReader
  readonly #classes: CharacterClasses
  readonly #names = new Map<string, number>()
  #flags: Flags = NO_FLAGS
  #groups = 0
  #depth = 0

  constructor(pattern: string) {
    this.#reader = new PatternReader(pattern)
    this.#classes = new CharacterClasses(this.#reader, () => this.#flags)
  }

  parse(): Tree {
    const root = this.#choice()
    if (!this.#reader.ended) this.#reader.fail('unmatched closing parenthesis')
    return { root: withoutAtomic(root, true), groupCount: this.#groups, groupNames: this.#names }
  }

  #choice(): Node {
    const options = [this.#sequence()]
    while (this.#reader.peek() === char('|') && !this.#reader.ended) {
      this.#reader.next()
      options.push(this.#sequence())
    }
    return options.length === 1 ? options[0]! : { type: 'choice', options }
  }

  #sequence(): Node {
    const items: Node[] = []
    for (;;) {
      const point = this.#reader.peek()
      if (this.#reader.ended || point === char('|') || point === char(')')) break
      if (point === char('*') || point === char('+') || point === char('?'))
        this.#reader.fail('dangling quantifier')
      const node = point === char('(') ? this.#group() : this.#atom(point)
      if (node !== undefined) items.push(this.#quantified(node))
    }
    return items.length === 1 ? items[0]! : { type: 'sequence', items }
  }

  #atom(point: number): Node {
    const reader = this.#reader
    const { multiline, unixLines, dotAll } = this.#flags
    switch (point) {
      case char('['):
        return { type: 'set', set: this.#classes.read() }
      case char('^'):
        reader.next()
        return assertion(multiline ? (unixLines ? 'unixLineBegin' : 'lineBegin') : 'begin')
      case char('$'):
        reader.next()
        return assertion(multiline ? (unixLines ? 'unixLineEnd' : 'lineEnd') : this.#lastLineEnd())
      case char('.'):
        reader.next()
        return { type: 'set', set: dotAll ? ALL : this.#dot() }
      case char('{'):
        // A counted quantifier of nothing; anything else behind the brace is refused there.
        return EMPTY
      case char('\\'):
        return this.#escape()
      default:
        reader.next()
        return { type: 'set', set: this.#classes.single(point) }
    }
  }

  #dot(): CodePoints {
    return this.#flags.unixLines ? CodePoints.of(10, 10).negated() : TERMINATORS.negated()
  }

  #lastLineEnd(): Assertion {
    return this.#flags.unixLines ? 'lastUnixLineEnd' : 'lastLineEnd'
  }

  #escape(): Node {
    const reader = this.#reader
    const letter = String.fromCodePoint(reader.raw(1))
    const unicode = this.#flags.unicodeClasses
    const node: Node | undefined = {
      A: assertion('begin'),
      z: assertion('end'),
      Z: assertion(this.#lastLineEnd()),
      G: assertion('lastMatchEnd'),
      b: assertion(unicode ? 'unicodeWordBoundary' : 'wordBoundary'),
      B: assertion(unicode ? 'noUnicodeWordBoundary' : 'noWordBoundary'),
      R: LINE_BREAK,
    }[letter]
    if (node !== undefined) {
      reader.at += 2
      if (letter === 'b' && reader.raw() === char('{') && reader.raw(1) === char('g'))
        unsupported('the boundary \\b{g}')
      return node
    }
    if (letter === 'k') unsupported('a back-reference by name')
    if (/[1-9]/.test(letter)) unsupported('a back-reference')
    if (letter === 'X') unsupported('the grapheme cluster \\X')
    return { type: 'set', set: this.#classes.escaped() }
  }

  #group(): Node | undefined {
    const reader = this.#reader
    const saved = this.#flags
    if (++this.#depth > deepest) unsupported(`more than ${deepest} groups within each other`)
    let index: number | undefined
    let atomic = false
    if (reader.next() !== char('?')) {
      index = ++this.#groups
    } else {
      const kind = reader.nextRaw()
      if (kind === char(':') || kind === char('>')) {
        atomic = kind === char('>')
        reader.next()
      } else if (kind === char('<') && isLetter(reader.raw(1))) {
        reader.at += 1
        index = this.#named()
      } else {
        this.#refuseLookaround(kind)
        if (!this.#inlineFlags()) {
          this.#depth -= 1
          return undefined
        }
      }
    }
    const body = this.#choice()
    if (reader.peek() !== char(')') || reader.ended) reader.fail('unclosed group')
    this.#setFlags(saved)
    reader.next()
    this.#depth -= 1
    if (atomic) return { type: 'atomic', body, construct: 'an atomic group' }
    return index === undefined ? body : { type: 'group', index, body }
  }

  #named(): number {
    const reader = this.#reader
    let name = ''
    while (isLetter(reader.raw()) || isDigit(reader.raw())) name += String.fromCodePoint(reader.readRaw())
    if (reader.raw() !== char('>')) reader.fail('a group name without its closing angle bracket')
    if (this.#names.has(name)) reader.fail('two groups of one name')
    reader.next()
    this.#groups += 1
    this.#names.set(name, this.#groups)
    return this.#groups
  }

  #refuseLookaround(kind: number): void {
    if (kind === char('=') || kind === char('!')) unsupported('a lookahead')
    if (kind !== char('<')) return
    const direction = this.#reader.raw(1)
    if (direction === char('=') || direction === char('!')) unsupported('a lookbehind')
    this.#reader.fail('an unknown look-behind group')
  }

  /** Reads `i-m:` or `i-m)`; true when a group follows. The flags hold to the end of the group they stand in. */
  #inlineFlags(): boolean {
    const reader = this.#reader
    let flags = this.#flags
    let on = true
    for (; ; reader.next()) {
      const letter = String.fromCodePoint(reader.peek())
      if (letter === '-' && on) on = false
      else {
        const changed = flagsOf(flags, letter, on)
        if (changed === undefined) break
        flags = changed
        this.#setFlags(flags)
      }
    }
    const end = reader.read()
    if (end === char('c')) unsupported('the flag c')
    if (end !== char(')') && end !== char(':')) reader.fail('an unknown flag')
    return end === char(':')
  }

  #setFlags(flags: Flags): void {
    this.#flags = flags
    this.#reader.comments = flags.comments
    this.#reader.unixLines = flags.unixLines
  }

  #quantified(body: Node): Node {
    const reader = this.#reader
    const counts = this.#counts()
    if (counts === undefined) return body
    const [min, max] = counts
    const kind = reader.peek()
    if (kind === char('?')) {
      reader.next()
      return { type: 'repeat', body, min, max, greedy: false }
    }
    if (kind !== char('+')) return { type: 'repeat', body, min, max, greedy: true }
    reader.next()
    return possessive(body, min, max)
  }

  #counts(): readonly [min: number, max: number] | undefined {
    const reader = this.#reader
    const kind = reader.peek()
    if (kind === char('{')) return this.#counted()
    const counts = { '?': [0, 1], '*': [0, Infinity], '+': [1, Infinity] }[String.fromCodePoint(kind)]
    if (counts === undefined || reader.ended) return undefined
    reader.next()
    return counts as [number, number]
  }

  #counted(): readonly [min: number, max: number] {
    const reader = this.#reader
    if (!isDigit(reader.raw(1))) reader.fail('an illegal repetition')
    reader.at += 1
    const min = this.#count()
    let max = min
    if (reader.peek() === char(',')) {
      reader.next()
      max = reader.peek() === char('}') ? Infinity : this.#count()
    }
    if (reader.peek() !== char('}')) reader.fail('an unclosed counted quantifier')
    if (max < min) reader.fail('an illegal repetition range')
    reader.next()
    return [min, max]
  }

  #count(): number {
    const reader = this.#reader
    let count = 0
    for (; isDigit(reader.peek()); reader.next()) count = count * 10 + reader.peek() - 0x30
    if (count > 0x7fffffff) reader.fail('an illegal repetition range')
    return count
  }
}

const LINE_BREAK: Node = {
  type: 'choice',
  options: [
    {
      type: 'sequence',
      items: [
        { type: 'set', set: CodePoints.of(13, 13) },
        { type: 'set', set: CodePoints.of(10, 10) },
      ],
    },
    { type: 'set', set: CodePoints.of(10, 13, 0x85, 0x85, 0x2028, 0x2029) },
  ],
}

function assertion(name: Assertion): Node {
  return { type: 'assertion', assertion: name }
}

function unsupported(construct: string): never {
  throw new RegexpError({ unsupported: construct })
}
