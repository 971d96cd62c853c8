import { ALL, CodePoints, LAST } from './code-points.ts'

const known = new Map<string, CodePoints>()

/** The code points of a Unicode property as JavaScript spells it (`L`, `Script=Greek`); undefined when there is none. */
function unicode(property: string): CodePoints | undefined {
  const cached = known.get(property)
  if (cached !== undefined) return cached
  let shape: RegExp
  try {
    shape = new RegExp(`^\\p{${property}}$`, 'u')
  } catch {
    return undefined
  }
  const set = CodePoints.ofRanges(rangesOf((codePoint) => shape.test(String.fromCodePoint(codePoint))))
  known.set(property, set)
  return set
}

/** Planes 4 to 13 are unassigned, 15 and 16 for private use: their first code point speaks for them all. */
const blocks: readonly (readonly [first: number, last: number, uniform: boolean])[] = [
  [0, 0x3ffff, false],
  [0x40000, 0xdffff, true],
  [0xe0000, 0xe0fff, false],
  [0xe1000, 0xeffff, true],
  [0xf0000, 0xffffd, true],
  [0xffffe, 0xfffff, true],
  [0x100000, 0x10fffd, true],
  [0x10fffe, LAST, true],
]

function rangesOf(has: (codePoint: number) => boolean): [number, number][] {
  const ranges: [number, number][] = []
  for (const [first, last, uniform] of blocks) {
    if (uniform) {
      if (has(first)) ranges.push([first, last])
      continue
    }
    for (let codePoint = first; codePoint <= last; codePoint++) {
      if (!has(codePoint)) continue
      const begin = codePoint
      while (codePoint < last && has(codePoint + 1)) codePoint++
      ranges.push([begin, codePoint])
    }
  }
  return ranges
}

/** A property that is known to exist. */
const property = (name: string): CodePoints => unicode(name)!
const any = (...names: readonly string[]): CodePoints =>
  names.map(property).reduce((all, set) => all.union(set))

const upper = CodePoints.of(0x41, 0x5a)
const lower = CodePoints.of(0x61, 0x7a)
const alpha = upper.union(lower)
export const DIGITS = CodePoints.of(0x30, 0x39)
export const SPACES = CodePoints.of(9, 13, 32, 32)
export const WORD = alpha.union(DIGITS).union(CodePoints.of(0x5f, 0x5f))
export const HORIZONTAL = CodePoints.of(
  ...[9, 9, 32, 32, 0xa0, 0xa0, 0x1680, 0x1680, 0x180e, 0x180e],
  ...[0x2000, 0x200a, 0x202f, 0x202f, 0x205f, 0x205f, 0x3000, 0x3000],
)
export const VERTICAL = CodePoints.of(10, 13, 0x85, 0x85, 0x2028, 0x2029)
/** What `.` leaves out. */
export const TERMINATORS = CodePoints.of(10, 10, 13, 13, 0x85, 0x85, 0x2028, 0x2029)

const ascii: Readonly<Record<string, CodePoints>> = {
  ASCII: CodePoints.of(0, 127),
  Alnum: alpha.union(DIGITS),
  Alpha: alpha,
  Blank: CodePoints.of(9, 9, 32, 32),
  Cntrl: CodePoints.of(0, 31, 127, 127),
  Digit: DIGITS,
  Graph: CodePoints.of(0x21, 0x7e),
  Lower: lower,
  Print: CodePoints.of(0x20, 0x7e),
  Punct: CodePoints.of(0x21, 0x2f, 0x3a, 0x40, 0x5b, 0x60, 0x7b, 0x7e),
  Space: SPACES,
  Upper: upper,
  XDigit: DIGITS.union(CodePoints.of(0x41, 0x46, 0x61, 0x66)),
}

const categories = new Set(
  (
    'Cn Lu Ll Lt Lm Lo Mn Me Mc Nd Nl No Zs Zl Zp Cc Cf Co Cs Pd Ps Pe Pc Po Sm Sc Sk So Pi Pf ' +
    'L M N Z C P S LC'
  ).split(' '),
)

/** Sets that Java has beside the general categories, and those of the java.lang.Character.is… methods. */
const others: Readonly<Record<string, () => CodePoints>> = {
  LD: () => any('L', 'Nd'),
  L1: () => CodePoints.of(0, 255),
  all: () => ALL,
  javaLowerCase: () => property('Lowercase'),
  javaUpperCase: () => property('Uppercase'),
  javaTitleCase: () => property('Lt'),
  javaAlphabetic: () => property('Alphabetic'),
  javaIdeographic: () => property('Ideographic'),
  javaDigit: () => property('Nd'),
  javaDefined: () => property('Cn').negated(),
  javaLetter: () => property('L'),
  javaLetterOrDigit: () => any('L', 'Nd'),
  javaSpaceChar: () => property('Z'),
  javaWhitespace: () =>
    property('Z')
      .minus(CodePoints.of(0xa0, 0xa0, 0x2007, 0x2007, 0x202f, 0x202f))
      .union(CodePoints.of(9, 13, 0x1c, 0x1f)),
  javaISOControl: () => property('Cc'),
  javaMirrored: () => property('Bidi_Mirrored'),
}

/** Properties of `\p{IsName}`, and what the POSIX names stand for with the flag U. */
const unicodeProperties: Readonly<Record<string, () => CodePoints>> = {
  ALPHABETIC: () => property('Alphabetic'),
  LETTER: () => property('L'),
  IDEOGRAPHIC: () => property('Ideographic'),
  LOWERCASE: () => property('Lowercase'),
  UPPERCASE: () => property('Uppercase'),
  TITLECASE: () => property('Lt'),
  WHITE_SPACE: () => property('Z').union(CodePoints.of(9, 13, 0x85, 0x85)),
  CONTROL: () => property('Cc'),
  PUNCTUATION: () => property('P'),
  HEX_DIGIT: () =>
    property('Nd').union(CodePoints.of(0x41, 0x46, 0x61, 0x66, 0xff21, 0xff26, 0xff41, 0xff46)),
  ASSIGNED: () => property('Cn').negated(),
  NONCHARACTER_CODE_POINT: () => property('Noncharacter_Code_Point'),
  DIGIT: () => property('Nd'),
  ALNUM: () => any('Alphabetic', 'Nd'),
  BLANK: () => property('Zs').union(CodePoints.of(9, 9)),
  GRAPH: () => any('Z', 'Cc', 'Cs', 'Cn').negated(),
  PRINT: () => unicodeSet('GRAPH').union(unicodeSet('BLANK')).minus(property('Cc')),
  WORD: () => any('Alphabetic', 'M', 'Nd', 'Pc', 'Join_Control'),
  JOIN_CONTROL: () => property('Join_Control'),
}

const aliases: Readonly<Record<string, string>> = {
  WHITESPACE: 'WHITE_SPACE',
  HEXDIGIT: 'HEX_DIGIT',
  NONCHARACTERCODEPOINT: 'NONCHARACTER_CODE_POINT',
  JOINCONTROL: 'JOIN_CONTROL',
}

const posix: Readonly<Record<string, string>> = {
  ALPHA: 'ALPHABETIC',
  LOWER: 'LOWERCASE',
  UPPER: 'UPPERCASE',
  SPACE: 'WHITE_SPACE',
  PUNCT: 'PUNCTUATION',
  XDIGIT: 'HEX_DIGIT',
  CNTRL: 'CONTROL',
  ALNUM: 'ALNUM',
  DIGIT: 'DIGIT',
  BLANK: 'BLANK',
  GRAPH: 'GRAPH',
  PRINT: 'PRINT',
}

const made = new Map<() => CodePoints, CodePoints>()

function once(make: () => CodePoints): CodePoints {
  const set = made.get(make) ?? make()
  made.set(make, set)
  return set
}

/** A set that Java calls by one of the names of `unicodeProperties`, which must exist. */
export function unicodeSet(name: string): CodePoints {
  return once(unicodeProperties[name]!)
}

/** What `\p{IsName}` names first: a binary property. */
export function unicodeProperty(name: string, anyCase: boolean): CodePoints | undefined {
  const folded = name.toUpperCase()
  const key = Object.hasOwn(aliases, folded) ? aliases[folded]! : folded
  if (!Object.hasOwn(unicodeProperties, key)) return undefined
  if (anyCase && /^(LOWER|UPPER|TITLE)CASE$/.test(key)) return any('Lowercase', 'Uppercase', 'Lt')
  return unicodeSet(key)
}

/** What a POSIX name stands for with the flag U. */
export function posixProperty(name: string, anyCase: boolean): CodePoints | undefined {
  const key = name.toUpperCase()
  return Object.hasOwn(posix, key) ? unicodeProperty(posix[key]!, anyCase) : undefined
}

/** What `\p{Name}` names: a general category, a POSIX class of ASCII or a method of java.lang.Character. */
export function javaProperty(name: string, anyCase: boolean): CodePoints | undefined {
  if (anyCase && /^(Lower|Upper)$/.test(name)) return alpha
  if (anyCase && /^L[ult]$/.test(name)) return property('LC')
  if (anyCase && /^java(Lower|Upper|Title)Case$/.test(name)) return any('Lowercase', 'Uppercase', 'Lt')
  if (categories.has(name)) return unicode(name)
  if (Object.hasOwn(ascii, name)) return ascii[name]
  return Object.hasOwn(others, name) ? once(others[name]!) : undefined
}

/** The code points of a script, by its name or its code of four letters, in any case. */
export function scriptProperty(name: string): CodePoints | undefined {
  if (!/^[A-Za-z_]{3,40}$/.test(name)) return undefined
  const spelled = name.toLowerCase().replace(/(^|_)[a-z]/g, (begin) => begin.toUpperCase())
  return unicode(`Script=${spelled}`)
}
