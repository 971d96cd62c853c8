import { RE2JS } from 're2js'
import { type CallArgument, type CallProblem, type Preparation } from './spec.ts'
import { longestPattern } from './limits.ts'
import { toText } from '../../value/index.ts'
import { quoteShort } from '../reasons/describe.ts'

/** A compiled regular expression; runs in time linear in the text. */
export type Regexp = RE2JS

/**
 * Compiles a Java regular expression; undefined when it is malformed or uses what only a backtracking engine has.
 * Where the two dialects differ in silence RE2 decides: `$` and `\Z` match at the very end alone, not before a last
 * line break, and `.` leaves out the line feed alone.
 */
export function compileRegexp(pattern: string): Regexp | undefined {
  if (unsupportedConstruct(pattern) !== undefined) return undefined
  try {
    return RE2JS.compile(translate(pattern))
  } catch {
    return undefined
  }
}

const cacheSize = 256
const cache = new Map<string, Regexp | undefined>()

/** The same for a pattern that a message brings: bounded in length, the latest ones kept. */
export function dynamicRegexp(pattern: string): Regexp | undefined {
  if (pattern.length > longestPattern) return undefined
  if (cache.has(pattern)) return cache.get(pattern)
  if (cache.size >= cacheSize) cache.delete(cache.keys().next().value!)
  const regexp = compileRegexp(pattern)
  cache.set(pattern, regexp)
  return regexp
}

/**
 * Prepares a call whose second argument is its pattern: a constant one is compiled once and handed to `specialise`.
 * A constant pattern that is malformed makes the call Undefined; one that would need backtracking refuses the rule.
 */
export function prepareRegexp(
  name: string,
  pattern: CallArgument | undefined,
  specialise: (regexp: Regexp) => Preparation['evaluate'],
): Preparation | undefined {
  if (pattern?.constant !== true) return undefined
  const text = toText(pattern.value)
  if (text === undefined) return undefined
  const regexp = compileRegexp(text)
  if (regexp !== undefined) return { evaluate: specialise(regexp) }
  return { problems: [problemOf(name, text)], evaluator: () => undefined }
}

function problemOf(name: string, pattern: string): CallProblem {
  const construct = unsupportedConstruct(pattern)
  if (construct === undefined) {
    const message = `The regular expression of ${name}() is malformed; the call is always Undefined.`
    return { code: 'SQL_REGEX_INVALID', severity: 'warning', message, argument: 1 }
  }
  const message = `The regular expression of ${name}() uses ${construct}, which an engine of linear time does not have.`
  return { code: 'SQL_REGEX_UNSUPPORTED', severity: 'error', message, argument: 1 }
}

/** Why a pattern cannot be run; undefined when it can. */
export function whyNoRegexp(pattern: string): string | undefined {
  if (pattern.length > longestPattern) return `the pattern has more than ${longestPattern} characters`
  const construct = unsupportedConstruct(pattern)
  if (construct !== undefined)
    return `the pattern uses ${construct}, which an engine of linear time does not have`
  return compileRegexp(pattern) === undefined ? `${quoteShort(pattern)} is no regular expression` : undefined
}

type Shapes = readonly (readonly [RegExp, string])[]

const unsupported: Shapes = [
  [/^\\[1-9]/, 'a back-reference'],
  [/^\\k</, 'a back-reference by name'],
  [/^\(\?[=!]/, 'a lookahead'],
  [/^\(\?<[=!]/, 'a lookbehind'],
  [/^\(\?>/, 'an atomic group'],
  [/^\(\?[a-zA-Z-]*[xdu]/, 'the flag x, d or u'],
  [/^(?:[*+?]|\{\d+(?:,\d*)?\})\+/, 'a possessive quantifier'],
  [/^\\G/, 'the anchor \\G'],
]

const unsupportedInClass: Shapes = [
  [/^&&/, 'an intersection of character classes'],
  [/^\[(?!:)/, 'a character class inside another'],
]

/** The first construct of a pattern that RE2 has not, in words. */
function unsupportedConstruct(pattern: string): string | undefined {
  for (const { token, rest, inClass } of tokens(pattern)) {
    if (token.startsWith('\\Q')) continue
    const shapes = inClass ? unsupportedInClass : unsupported
    const found = shapes.find(([shape]) => shape.test(rest))
    if (found !== undefined) return found[1]
  }
  return undefined
}

/** Java constructs that RE2 spells in another way. */
const spellings: readonly (readonly [RegExp, string, string])[] = [
  [
    /^\\h/,
    '[ \\t\\xA0\\x{1680}\\x{2000}-\\x{200A}\\x{202F}\\x{205F}\\x{3000}]',
    ' \\t\\xA0\\x{1680}\\x{2000}-\\x{200A}',
  ],
  [/^\\R/, '(?:\\r\\n|[\\n-\\r\\x{85}\\x{2028}\\x{2029}])', ''],
  [/^\\Z/, '\\z', ''],
  [/^\\e/, '\\x1B', '\\x1B'],
  [/^\\p\{(?:Is)?Alpha\}/, '[a-zA-Z]', 'a-zA-Z'],
  [/^\\p\{(?:Is)?Digit\}/, '[0-9]', '0-9'],
  [/^\\p\{(?:Is)?Alnum\}/, '[a-zA-Z0-9]', 'a-zA-Z0-9'],
  [/^\\p\{Upper\}/, '[A-Z]', 'A-Z'],
  [/^\\p\{Lower\}/, '[a-z]', 'a-z'],
  [/^\\p\{XDigit\}/, '[0-9a-fA-F]', '0-9a-fA-F'],
  [/^\\p\{Punct\}/, '[[:punct:]]', '[:punct:]'],
  [/^\\p\{Space\}/, '[\\t\\n\\x0B\\f\\r ]', '\\t\\n\\x0B\\f\\r '],
  [/^\\p\{Blank\}/, '[\\t ]', '\\t '],
  [/^\\p\{Is(?=[A-Z])/, '\\p{', '\\p{'],
]

function translate(pattern: string): string {
  let translated = ''
  for (const { token, rest, inClass } of tokens(pattern)) {
    const unicode = /^\\u([0-9a-fA-F]{4})/.exec(rest)
    const spelling = spellings.find(([shape]) => shape.test(rest))
    if (unicode !== null && token.length === 6) translated += `\\x{${unicode[1]}}`
    else if (spelling === undefined) translated += token
    else translated += (inClass ? spelling[2] : spelling[1]) + token.slice(spelling[0].exec(rest)![0].length)
  }
  return translated
}

interface Token {
  readonly token: string
  /** The pattern from this token on. */
  readonly rest: string
  readonly inClass: boolean
}

/** Splits a pattern into escapes, quotations and single characters; a class's own brackets count as outside it. */
function* tokens(pattern: string): Generator<Token> {
  const shape = /\\Q[\s\S]*?(?:\\E|$)|\\u[0-9a-fA-F]{4}|\\[pP]\{[^}]*\}|\\[\s\S]|[\s\S]/g
  let inClass = false
  for (const match of pattern.matchAll(shape)) {
    const token = match[0]
    if (token === ']') inClass = false
    yield { token, rest: pattern.slice(match.index, match.index + 40), inClass }
    if (token === '[') inClass = true
  }
}
