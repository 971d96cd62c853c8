import { CodePoints } from './code-points.ts'
import { type Flags } from './flags.ts'
import { anyCaseOf, anyCaseOfRange } from './letter-case.ts'
import {
  DIGITS,
  HORIZONTAL,
  javaProperty,
  posixProperty,
  scriptProperty,
  SPACES,
  unicodeProperty,
  unicodeSet,
  VERTICAL,
  WORD,
} from './properties.ts'
import { hexValue, isDigit, isLetter, type PatternReader } from './reader.ts'
import { RegexpError } from './tree.ts'

const char = (text: string): number => text.charCodeAt(0)
const deepest = 100

/** Reads what stands for a set of code points: classes in brackets, properties and escapes. */
export class CharacterClasses {
  readonly #reader: PatternReader
  readonly #flags: () => Flags
  #depth = 0

  constructor(reader: PatternReader, flags: () => Flags) {
    this.#reader = reader
    this.#flags = flags
  }

  /** A code point as the flags in force have it. */
  single(point: number): CodePoints {
    const { anyCase, unicodeCase } = this.#flags()
    return anyCase ? anyCaseOf(point, unicodeCase) : CodePoints.of(point, point)
  }

  /** The escape at the position, outside a class. */
  escaped(): CodePoints {
    const found = this.#escape(false)
    return typeof found === 'number' ? this.single(found) : found
  }

  /** The class in brackets at the position. */
  read(): CodePoints {
    return this.#class(true)
  }

  /** As java.util.regex.Pattern.clazz, so that its treatment of `&&` and of odd brackets is the same. */
  #class(brackets: boolean): CodePoints {
    const reader = this.#reader
    if (++this.#depth > deepest) {
      throw new RegexpError({ unsupported: `more than ${deepest} character classes within each other` })
    }
    let all: CodePoints | undefined
    let singles: [number, number][] = []
    let negated = false
    let current: CodePoints | undefined
    const settle = (): void => {
      if (singles.length === 0) return
      const set = CodePoints.ofRanges(singles)
      all = all === undefined ? set : all.union(set)
      singles = []
    }
    let point = reader.next()
    for (;;) {
      if (reader.ended) reader.fail('unclosed character class')
      if (point === char('^') && reader.raw(-1) === char('[')) {
        point = reader.next()
        negated = true
        continue
      }
      if (point === char('[')) {
        current = this.#class(true)
        all = all === undefined ? current : all.union(current)
        point = reader.peek()
        continue
      }
      if (point === char('&')) {
        point = reader.next()
        if (point === char('&')) {
          const right = this.#right()
          if (singles.length > 0 && all === undefined && right === undefined) current = undefined
          settle()
          if (right !== undefined) current = right
          if (all === undefined) {
            if (right === undefined) reader.fail('bad class syntax')
            all = right
          } else if (current !== undefined) {
            all = all.intersection(current)
          }
          point = reader.peek()
          continue
        }
        reader.at -= 1
      } else if (point === char(']') && (all !== undefined || singles.length > 0)) {
        if (brackets) reader.next()
        settle()
        this.#depth -= 1
        return negated ? all!.negated() : all!
      }
      const range = this.#range()
      if (range instanceof CodePoints) {
        current = range
        all = all === undefined ? range : all.union(range)
      } else {
        current = undefined
        for (let at = 0; at < range.length; at += 2) singles.push([range[at]!, range[at + 1]!])
      }
      point = reader.peek()
    }
  }

  /** The right side of `&&`. */
  #right(): CodePoints | undefined {
    const reader = this.#reader
    let right: CodePoints | undefined
    let point = reader.next()
    while (point !== char(']') && point !== char('&')) {
      if (reader.ended) reader.fail('unclosed character class')
      if (point === char('[')) {
        const set = this.#class(true)
        right = right === undefined ? set : right.union(set)
      } else {
        reader.at -= 1
        const set = this.#class(false)
        right = right === undefined ? set : right.union(set)
      }
      point = reader.peek()
    }
    return right
  }

  /** A set, or the bounds of a single code point in its cases. */
  #range(): CodePoints | readonly number[] {
    const reader = this.#reader
    const { anyCase, unicodeCase } = this.#flags()
    let first = reader.peek()
    if (first === char('\\')) {
      const found = this.#escape(true)
      if (typeof found !== 'number') return found
      first = found
    } else {
      reader.next()
    }
    if (reader.peek() !== char('-')) return this.single(first).bounds
    const after = reader.raw(1)
    if (after === char('[') || after === char(']')) return this.single(first).bounds
    reader.next()
    let last = reader.peek()
    if (last === char('\\')) {
      const found = this.#escape(true, true)
      last = typeof found === 'number' ? found : -1
    } else {
      if (reader.ended) reader.fail('unclosed character class')
      reader.next()
    }
    if (last < first) reader.fail('an illegal character range')
    return anyCase ? anyCaseOfRange(first, last, unicodeCase) : CodePoints.of(first, last)
  }

  /** The escape at the position: a code point, or a set. */
  #escape(inClass: boolean, endOfRange = false): number | CodePoints {
    const reader = this.#reader
    const point = reader.raw(1)
    if (reader.at + 1 >= reader.length) reader.fail('an unfinished escape')
    reader.at += 2
    const letter = String.fromCodePoint(point)
    if ((letter === 'p' || letter === 'P') && !endOfRange) return this.#property(letter === 'P')
    const isRange = endOfRange || (inClass && reader.raw() === char('-'))
    if (letter === 'v' && isRange) return 11
    const set = this.#predefined(letter)
    if (set !== undefined) return set
    const simple = { a: 7, e: 27, f: 12, n: 10, r: 13, t: 9 }[letter]
    if (simple !== undefined) return simple
    if (letter === '0') return this.#octal()
    if (letter === 'x') return this.#hex()
    if (letter === 'u') return this.#utf16()
    if (letter === 'N') throw new RegexpError({ unsupported: 'a character by its name' })
    if (letter === 'c') return this.#control()
    if (isLetter(point) || isDigit(point)) reader.fail(`an unknown escape \\${letter}`)
    return point
  }

  #predefined(letter: string): CodePoints | undefined {
    const unicode = this.#flags().unicodeClasses
    switch (letter) {
      case 'd':
      case 'D':
        return sign(unicode ? unicodeSet('DIGIT') : DIGITS, letter === 'D')
      case 's':
      case 'S':
        return sign(unicode ? unicodeSet('WHITE_SPACE') : SPACES, letter === 'S')
      case 'w':
      case 'W':
        return sign(unicode ? unicodeSet('WORD') : WORD, letter === 'W')
      case 'h':
      case 'H':
        return sign(HORIZONTAL, letter === 'H')
      case 'v':
      case 'V':
        return sign(VERTICAL, letter === 'V')
      default:
        return undefined
    }
  }

  #octal(): number {
    const reader = this.#reader
    const octal = (distance: number): number => {
      const value = reader.raw(distance) - 0x30
      return value >= 0 && value < 8 ? value : -1
    }
    if (octal(0) < 0) reader.fail('an illegal octal escape')
    const most = octal(0) <= 3 ? 3 : 2
    let value = 0
    for (let count = 0; count < most && octal(0) >= 0; count++) value = value * 8 + reader.readRaw() - 0x30
    return value
  }

  #hex(): number {
    const reader = this.#reader
    if (reader.raw() !== char('{')) return this.#hexDigits(2)
    reader.at += 1
    let value = 0
    let count = 0
    for (; hexValue(reader.raw()) >= 0; count++) {
      value = value * 16 + hexValue(reader.readRaw())
      if (value > 0x10ffff) reader.fail('a code point that is too large')
    }
    if (count === 0 || reader.readRaw() !== char('}')) reader.fail('an unclosed hexadecimal escape')
    return value
  }

  #utf16(): number {
    const reader = this.#reader
    const unit = this.#hexDigits(4)
    if ((unit & 0xfc00) !== 0xd800 || reader.raw() !== char('\\') || reader.raw(1) !== char('u')) return unit
    const before = reader.at
    reader.at += 2
    const low = this.#hexDigits(4)
    if ((low & 0xfc00) === 0xdc00) return 0x10000 + ((unit & 0x3ff) << 10) + (low & 0x3ff)
    reader.at = before
    return unit
  }

  #hexDigits(count: number): number {
    let value = 0
    for (let digit = 0; digit < count; digit++) {
      const hex = hexValue(this.#reader.readRaw())
      if (hex < 0) this.#reader.fail('an illegal hexadecimal escape')
      value = value * 16 + hex
    }
    return value
  }

  #control(): number {
    const reader = this.#reader
    if (reader.ended) reader.fail('an illegal control escape')
    return reader.read() ^ 64
  }

  /** `p{Name}` or `pN`, the position being behind the p. */
  #property(negated: boolean): CodePoints {
    const reader = this.#reader
    let name = ''
    if (reader.peek() !== char('{')) {
      name = String.fromCodePoint(reader.raw())
      reader.read()
    } else {
      reader.next()
      while (!reader.ended && reader.raw() !== char('}')) name += String.fromCodePoint(reader.readRaw())
      if (reader.ended) reader.fail('an unclosed property')
      reader.next()
    }
    return sign(this.#named(name), negated)
  }

  #named(name: string): CodePoints {
    const { anyCase, unicodeClasses } = this.#flags()
    const equals = name.indexOf('=')
    let set: CodePoints | undefined
    if (equals !== -1) {
      const [kind, value] = [name.slice(0, equals).toLowerCase(), name.slice(equals + 1)]
      if (kind === 'sc' || kind === 'script') set = scriptProperty(value)
      if (kind === 'gc' || kind === 'general_category') set = javaProperty(value, anyCase)
      if (kind === 'blk' || kind === 'block') throw new RegexpError({ unsupported: 'a Unicode block' })
    } else if (name.startsWith('In')) {
      throw new RegexpError({ unsupported: 'a Unicode block' })
    } else if (name.startsWith('Is')) {
      const short = name.slice(2)
      set =
        unicodeProperty(short, anyCase) ??
        posixProperty(short, anyCase) ??
        javaProperty(short, anyCase) ??
        scriptProperty(short)
    } else {
      set = (unicodeClasses ? posixProperty(name, anyCase) : undefined) ?? javaProperty(name, anyCase)
    }
    return set ?? this.#reader.fail(`an unknown property ${name}`)
  }
}

function sign(set: CodePoints, negated: boolean): CodePoints {
  return negated ? set.negated() : set
}
