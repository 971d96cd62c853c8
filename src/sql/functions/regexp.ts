import { type CallArgument, type CallProblem, type Preparation } from './spec.ts'
import { longestPattern } from './limits.ts'
import { quoteShort } from '../reasons/describe.ts'
import { type Refusal, Regexp } from '../regexp/index.ts'
import { spend, toText } from '../../value/index.ts'

export { type Regexp } from '../regexp/index.ts'

function compileRegexp(pattern: string): Regexp | undefined {
  const regexp = Regexp.compile(pattern)
  return regexp instanceof Regexp ? regexp : undefined
}

/** Units of compiling a pattern, for each of its characters and each step of its counted repetitions. */
const PER_CHARACTER = 20
const PER_REPETITION = 100

const cacheSize = 256
const cache = new Map<string, Regexp | undefined>()

/** The same for a pattern that a message brings: bounded in length, the latest ones kept. */
export function dynamicRegexp(pattern: string): Regexp | undefined {
  if (pattern.length > longestPattern) return undefined
  if (cache.has(pattern)) return cache.get(pattern)
  if (!spend(unitsToCompile(pattern))) return undefined
  if (cache.size >= cacheSize) cache.delete(cache.keys().next().value!)
  const regexp = compileRegexp(pattern)
  cache.set(pattern, regexp)
  return regexp
}

/** Counted repetitions are written out: a short pattern can make a large program. */
function unitsToCompile(pattern: string): number {
  let repetitions = 0
  for (const [, least, most] of pattern.matchAll(/\{(\d+)(?:,(\d*))?\}/g))
    repetitions += Math.max(Number(least), Number(most ?? 0))
  return PER_CHARACTER * pattern.length + PER_REPETITION * repetitions
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
  const regexp = Regexp.compile(text)
  if (regexp instanceof Regexp) return { evaluate: specialise(regexp) }
  return { problems: [problemOf(name, regexp)], evaluator: () => undefined }
}

function problemOf(name: string, refusal: Refusal): CallProblem {
  if ('malformed' in refusal) {
    const message = `The regular expression of ${name}() is malformed (${refusal.malformed}); the call is always Undefined.`
    return { code: 'SQL_REGEX_INVALID', severity: 'warning', message, argument: 1 }
  }
  const message = `The regular expression of ${name}() uses ${refusal.unsupported}, which an engine of linear time does not have.`
  return { code: 'SQL_REGEX_UNSUPPORTED', severity: 'error', message, argument: 1 }
}

/** Why a pattern cannot be run; undefined when it can. */
export function whyNoRegexp(pattern: string): string | undefined {
  if (pattern.length > longestPattern) return `the pattern has more than ${longestPattern} characters`
  const regexp = Regexp.compile(pattern)
  if (regexp instanceof Regexp) return undefined
  return 'malformed' in regexp
    ? `${quoteShort(pattern)} is no regular expression: ${regexp.malformed}`
    : `the pattern uses ${regexp.unsupported}, which an engine of linear time does not have`
}
