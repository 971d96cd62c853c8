import { type Chance } from './chance.ts'
import { type Case } from './decimal-cases.ts'

/** Regular expressions: pattern, text and replacement, drawn from a grammar, written by hand, and broken at random. */
export function regexpCases(chance: Chance): Case[] {
  const drawn = chance.times(3600, () => pattern(chance))
  const broken = chance.times(700, () => mutated(chance, pattern(chance)))
  return [...byHand, ...drawn, ...broken].map((each) => {
    const [source, text] = typeof each === 'string' ? [each, textFor(chance, each)] : each
    return ['regexp', source, text, chance.pick(replacements)]
  })
}

const replacements = [
  ...['X', '<$0>', '<$1>', '[$1|$2]', '${n}', '\\$', '$2', '$12', '', '\\\\', 'a\\b', '$0$0'],
  ...['$', '\\', '${n', '${1}', '${nosuch}', '$x', '$3', '${n}$1'],
]

const byHand: readonly (readonly [string, string])[] = [
  ...[
    '',
    'a',
    '\n',
    'a\n',
    'a\r\n',
    'a\r',
    'a\u0085',
    'a\u2028',
    'a\n\n',
    'a\r\n\r\n',
    '\na',
    'a\nb',
    'a\r\nb\r\n',
  ].flatMap((text): [string, string][] => [
    ['$', text],
    ['a$', text],
    ['a\\Z', text],
    ['(?m)$', text],
    ['(?m)^', text],
    ['(?m)^.*$', text],
    ['(?d)a$', text],
    ['(?md)^.?$', text],
    ['.', text],
    ['a.', text],
    ['(?d)a.', text],
    ['a\\z', text],
    ['$\\n?', text],
    ['\\R', text],
    ['^', text],
  ]),
  ...[
    'a',
    'A',
    'k',
    'K',
    '\u212a',
    's',
    '\u017f',
    'é',
    'É',
    'ß',
    'ẞ',
    'i',
    'I',
    'İ',
    'ı',
    'σ',
    'ς',
    'Σ',
    'µ',
    'μ',
    'ÿ',
    'Ÿ',
  ].flatMap((text): [string, string][] => [
    ['(?i)a|k|s|é|ß|i|σ|µ|ÿ', text],
    ['(?iu)a|k|s|é|ß|i|σ|µ|ÿ', text],
    ['(?i)[a-z]', text],
    ['(?iu)[a-z]', text],
    ['(?iu)[A-Z]', text],
    ['(?iu)[à-ÿ]', text],
    ['(?iu)[Σ-Ω]', text],
    ['(?iu)[kséßiσµÿ]', text],
    ['(?i)\\p{Lower}', text],
    ['(?i)\\p{Lu}', text],
    ['(?U)\\w\\b', text],
    ['(?i)[^k]', text],
    ['\\b', text],
    ['\\p{javaUpperCase}', text],
  ]),
  ...(
    '[]a] [^]a] [a-] [-a] [a-\\d] [\\d-a] [a&&b] [a-z&&[^b]] [a&&] [&&a] [a&b] [a&&&&b] [a-c&&b-d&&c] [^a[b]] [[a]b] ' +
    '[a[^b]] [^[^a]] [a-z&&[aeiou]x] [abc&&[b]c] [] [^] [[] [a [a\\] [z-a] [\\w&&[^\\d]] [^a-c&&[b-d]] [a-f[x-z]&&[^c]] ' +
    '[\\Qa-z\\E] [\\x41-\\x43] [\\u0041] [\\p{L}&&[^a]] [é-ü&&[^é]] [\\v-\\r] [\\t-a] [^\\W] [a^] [\\^a] [a-b-c] [&] [&&] [a&&[]] ' +
    '{ } ] a{ a{} a{2 a{2} a{2}{2} a{,2} a{2,} a{2,1} a{1,2}? a{1,2}+ a** a*+ a*? a?+ a++ a?? +a *a ?a (*) (+a) a|* ^* $* \\b+ ' +
    '( ) () (a (?a) (?:a (?i (?i) (?i)A (?-i)a (?i:A)a (?i-s:A)a a(?i)b|c ((?i)a)b (?ii)a (?<n>a) (?<n>a)(?<n>b) (?<1>a) (?<n>a ' +
    '(?=a) (?!a) (?<=a) (?<!a) (?>a) (a)\\1 \\k<n> (?c)a (?z)a (?x)a\\ b (?U)\\w (?u)a (?d). ' +
    '\\ \\a \\b \\c \\cA \\d \\e \\f \\g \\h \\i \\j \\k \\l \\m \\n \\o \\p \\q \\r \\s \\t \\u \\v \\w \\x \\y \\z ' +
    '\\A \\B \\C \\D \\E \\F \\G \\H \\I \\J \\K \\L \\M \\N \\O \\P \\Q \\R \\S \\T \\U \\V \\W \\X \\Y \\Z \\0 \\07 \\012 \\0377 \\0400 \\08 ' +
    '\\x4 \\x41 \\x{41} \\x{1F600} \\x{110000} \\x{} \\u004 \\u0041 \\uD83D\\uDE00 \\_ \\- \\# \\< \\{ ' +
    '\\Qa.b\\E \\Q[a\\E+ \\Qa \\Q\\E a\\Q+\\E+ \\E \\Q\\Q\\E \\x\\Q41\\E (?x)\\Qa_b\\E ' +
    '\\pL \\PL \\p{L} \\P{L} \\p{Lu} \\p{IsL} \\p{IsLatin} \\p{IsGreek} \\p{IsAlphabetic} \\p{IsWhite_Space} \\p{script=Greek} ' +
    '\\p{sc=latn} \\p{gc=Lu} \\p{InGreek} \\p{blk=Greek} \\p{Alpha} \\p{IsAlpha} \\p{alpha} \\p{Foo} \\p{} \\p{L \\pX \\p{javaLowerCase} ' +
    '\\p{javaWhitespace} \\p{L1} \\p{LD} \\p{LC} \\p{all} \\p{ASCII} \\p{IsHan} \\p{IsDigit} \\p{IsPunctuation} \\p{Punct} \\p{IsEmoji} ' +
    '\\p{IsPunct} \\p{IsSpace} \\p{IsLower} \\p{IsUpper} \\p{IsXDigit} \\p{IsCntrl} \\p{IsASCII} \\p{IsAlnum} \\p{IsGraph} \\p{IsBlank} ' +
    '(?>a|ab)c (?>ab)c (?>a+) (?:ab)*+c (ab)*+ (?>a*)b (?:ab){2}+c ^?+a (?:a|ab)?+b \\b{g} \\b{2}a a(?:b|bc)++ \\b{} \\b{x}'
  )
    .split(' ')
    .flatMap((source): [string, string][] =>
      ['aab&c-]^[', 'A1 é\tΩ{a}a\u0301\n'].map((text) => [source, text]),
    ),
  ...[
    '(a*)*',
    '(a*)+',
    '(a|b*)*',
    '(?:a?)*?',
    '(|a)*',
    '(|a)+',
    '(a?){3}',
    '((a)|b)*',
    '(a)?b',
    '(a|ab)(c|bcd)(d*)',
    '()*',
    '(a*){2,3}',
    '(a??)*',
    '((a*)b?)*',
  ].flatMap((source): [string, string][] =>
    ['', 'a', 'aab', 'abcd', 'b', 'baab'].map((text) => [source, text]),
  ),
  ['(?x) a b # c\n d', 'abd'],
  ['(?x)[a b]', 'a b'],
  ['(?x)[a#b]', '#'],
  ['(?x)a {2}', 'aa'],
  ['(?x)a + +', 'aa'],
  ['(?x)(? :a)', 'a'],
  ['(?x)a{1 ,2}', 'aa'],
  ['(?xd)a#\u0085b\nc', 'ac'],
  ['x*', '😀'],
  ['.', '😀'],
  ['[😀-😂]', '😁'],
  ['\\ud83d', '😀'],
  ['[^a]', '😀'],
  ['^.$', '\ud83d'],
  ['\\b', 'a\u0301b \u0301'],
  ['\\B', 'a\u0301b \u0301'],
  ['\\w+', 'é_1'],
  ['\\Ga', 'aab'],
  ['\\G\\w', 'ab c'],
]

/** A pattern of the grammar below. */
function pattern(chance: Chance): string {
  const flags = chance.maybe(0.2)
    ? chance.pick(['(?i)', '(?s)', '(?m)', '(?x)', '(?iu)', '(?u)', '(?d)', '(?im)', '(?U)', '(?i-s)'])
    : ''
  return flags + alternatives(chance, 3)
}

function alternatives(chance: Chance, depth: number): string {
  return chance.times(chance.maybe(0.2) ? chance.int(2, 3) : 1, () => sequence(chance, depth)).join('|')
}

function sequence(chance: Chance, depth: number): string {
  return chance.times(chance.int(chance.maybe(0.1) ? 0 : 1, 4), () => quantified(chance, depth)).join('')
}

function quantified(chance: Chance, depth: number): string {
  const item = atom(chance, depth)
  if (chance.maybe(0.55)) return item
  const count = chance.pick(['*', '+', '?', '*', '+', '{2}', '{1,}', '{0,2}', '{1,3}', '{0}'])
  return item + count + (chance.maybe(0.3) ? chance.pick(['?', '?', '+']) : '')
}

const letters = ['a', 'b', 'c', 'A', '1', '2', ' ', '-', '_', ',', 'é', 'Σ', 'ſ', '😀', '\n', '#', '/']
const escapes = [
  ...[
    '\\d',
    '\\w',
    '\\s',
    '\\D',
    '\\W',
    '\\S',
    '\\h',
    '\\v',
    '\\H',
    '\\t',
    '\\n',
    '\\x41',
    '\\u0061',
    '\\0101',
    '\\.',
    '\\\\',
  ],
  ...[
    '\\p{Alpha}',
    '\\p{L}',
    '\\p{Lu}',
    '\\P{L}',
    '\\p{IsLatin}',
    '\\pN',
    '\\p{Punct}',
    '\\p{Space}',
    '\\p{Upper}',
    '\\p{IsAlphabetic}',
  ],
]
const anchors = ['^', '$', '\\b', '\\B', '\\A', '\\z', '\\Z', '\\G']
const unlikely = [
  '(?=a)',
  '(?!b)',
  '(?<=a)',
  '(?<!c)',
  '\\1',
  '(?>a*)',
  '(?>ab)',
  '\\R',
  '\\Qa+b\\E',
  '\\k<n>',
  '\\X',
]

function atom(chance: Chance, depth: number): string {
  const roll = chance.next()
  if (roll < 0.38) return chance.pick(letters)
  if (roll < 0.52) return chance.pick(escapes)
  if (roll < 0.59) return '.'
  if (roll < 0.69) return chance.pick(anchors)
  if (roll < 0.72) return chance.pick(unlikely)
  if (roll < 0.85 || depth === 0) return characterClass(chance, 2)
  const open = chance.pick(['(', '(', '(', '(?:', '(?:', '(?<n>', '(?i:', '(?s:', '(?-i:', '(?m:'])
  return `${open}${alternatives(chance, depth - 1)})`
}

function characterClass(chance: Chance, depth: number): string {
  const items = chance.times(chance.int(1, 3), () => classItem(chance, depth)).join('')
  const meet = chance.maybe(0.15)
    ? `&&${chance.maybe(0.5) ? characterClass(chance, 0) : classItem(chance, 0)}`
    : ''
  return `[${chance.maybe(0.25) ? '^' : ''}${items}${meet}]`
}

function classItem(chance: Chance, depth: number): string {
  const roll = chance.next()
  if (roll < 0.35) return chance.pick(letters)
  if (roll < 0.6) return chance.pick(['a-c', 'b-z', 'A-Z', '0-9', 'a-zA-Z', 'à-ÿ', 'Α-Ω', ' -~'])
  if (roll < 0.8 || depth === 0) return chance.pick(escapes)
  return characterClass(chance, depth - 1)
}

function mutated(chance: Chance, source: string): string {
  const at = chance.int(0, source.length)
  const odd = chance.pick([
    '',
    '(',
    ')',
    '[',
    ']',
    '{',
    '}',
    '*',
    '+',
    '?',
    '\\',
    '|',
    '&&',
    '-',
    '^',
    '(?',
    '\\Q',
    '\\E',
    ',',
  ])
  return source.slice(0, at) + odd + source.slice(at + chance.int(0, 2))
}

const texts = [
  ...[
    'a',
    'b',
    'c',
    'aa',
    'ab',
    'abc',
    'A',
    'B',
    'C',
    '1',
    '12',
    ' ',
    '-',
    '_',
    ',',
    '\n',
    '\r\n',
    '\r',
    '\u0085',
    '\u2028',
    '\t',
  ],
  ...[
    'é',
    'É',
    'σ',
    'Σ',
    's',
    'ſ',
    '\u212a',
    '😀',
    'a\u0301',
    '#',
    '/',
    '.',
    '\\',
    'a+b',
    'z',
    '\u00a0',
    '٣',
  ],
]

/** A text of pieces that patterns speak of, partly taken from the pattern itself. */
function textFor(chance: Chance, source: string): string {
  const pieces = chance.times(chance.int(0, 7), () => chance.pick(texts))
  const own = source.replace(/[\\()[\]{}*+?|^$&]|\(\?\w*:?/g, '')
  if (own !== '' && chance.maybe(0.3)) pieces.push(own.slice(chance.int(0, own.length)))
  return pieces.join('') + (chance.maybe(0.15) ? chance.pick(['\n', '\r\n', '\r', '\u0085', '\u2029']) : '')
}
