import { readdirSync, readFileSync } from 'node:fs'
import { type Diagnostic } from '../../src/errors.ts'
import {
  compileExpression,
  compileStatement,
  findTags,
  parseExpression,
  parseStatement,
  type SqlVersion,
} from '../../src/sql/index.ts'

/** Longest CPU time in milliseconds that reading and compiling one text may take. */
const MOST_MS = 100
const REPORT_EVERY = 100_000
const VERSIONS: readonly SqlVersion[] = ['2016-03-23', '2015-10-08']

/** What a run has found; every fault names the seed and the number with which it comes again. */
export interface SqlFuzzResult {
  readonly accepted: number
  readonly refused: number
  readonly slowest: { readonly ms: number; readonly text: string }
  readonly faults: readonly string[]
}

export interface SqlFuzzOptions {
  readonly count: number
  readonly seed: number
  /** Statements to begin with; `corpus()` reads those of the conformance cases. */
  readonly corpus: readonly string[]
  readonly report?: (line: string) => void
}

/**
 * Reads and compiles random and mutated statements, expressions and templates. A fault is a crash, a refusal without a
 * position inside the text, or more than 100 ms of CPU time for one text, three times over.
 */
export function fuzzSql({ count, seed, corpus, report }: SqlFuzzOptions): SqlFuzzResult {
  const faults: string[] = []
  let [accepted, refused] = [0, 0]
  let slowest = { ms: 0, text: '' }
  for (let number = 0; number < count; number += 1) {
    const text = textOf(seed, number, corpus)
    const checked = check(text, number)
    if (checked.fault !== undefined)
      faults.push(`seed ${seed}, number ${number}: ${checked.fault}\n  ${JSON.stringify(text.slice(0, 500))}`)
    if (checked.accepted) accepted += 1
    else refused += 1
    if (checked.ms > slowest.ms) slowest = { ms: checked.ms, text }
    if ((number + 1) % REPORT_EVERY === 0)
      report?.(
        `${number + 1} texts: ${accepted} accepted, ${refused} refused, slowest ${slowest.ms.toFixed(1)} ms, ${faults.length} faults`,
      )
  }
  return { accepted, refused, slowest, faults }
}

/** The statements and templates of all conformance files of a directory. */
export function corpusOf(directory: string): string[] {
  const found = new Set<string>()
  for (const file of readdirSync(directory).filter((name) => name.endsWith('.json')))
    collect(JSON.parse(readFileSync(`${directory}/${file}`, 'utf8')), found)
  return [...found]
}

function collect(node: unknown, found: Set<string>): void {
  if (typeof node === 'string') {
    if (/\bselect\b/i.test(node) || node.includes('${')) found.add(node)
  } else if (typeof node === 'object' && node !== null) {
    for (const each of Object.values(node)) collect(each, found)
  }
}

// ---- checks

interface Checked {
  readonly accepted: boolean
  readonly ms: number
  readonly fault: string | undefined
}

function check(text: string, number: number): Checked {
  let result = timed(text, number)
  // Once may be the machine's own delay.
  for (let again = 0; again < 2 && result.ms > MOST_MS; again += 1) {
    const next = timed(text, number)
    if (next.ms < result.ms) result = next
  }
  if (result.fault === undefined && result.ms > MOST_MS)
    return { ...result, fault: `took ${result.ms.toFixed(0)} ms` }
  return result
}

function timed(text: string, number: number): Checked {
  const started = process.cpuUsage()
  try {
    const diagnostics = diagnose(text, number)
    const ms = cpuSince(started)
    return {
      accepted: diagnostics === undefined,
      ms,
      fault: diagnostics && withoutPosition(diagnostics, text),
    }
  } catch (error) {
    const fault = error instanceof Error ? (error.stack ?? error.message) : String(error)
    return { accepted: false, ms: cpuSince(started), fault: fault.slice(0, 1000) }
  }
}

/** Milliseconds of CPU time: what other processes take does not count. */
function cpuSince(started: NodeJS.CpuUsage): number {
  const { user, system } = process.cpuUsage(started)
  return (user + system) / 1000
}

/** Why the text is refused; undefined when it is not. One text in eight is an expression or a template. */
function diagnose(text: string, number: number): readonly Diagnostic[] | undefined {
  const version = VERSIONS[number % 3 === 0 ? 1 : 0]!
  if (number % 16 === 0) {
    const found = findTags(text)
    return found.ok ? undefined : found.diagnostics
  }
  if (number % 16 === 8) {
    const parsed = parseExpression(text)
    if (!parsed.ok) return parsed.diagnostics
    const compiled = compileExpression(parsed.expression, version)
    return compiled.ok ? undefined : compiled.diagnostics
  }
  const parsed = parseStatement(text)
  if (!parsed.ok) return parsed.diagnostics
  const compiled = compileStatement(parsed.statement, version)
  return compiled.ok ? undefined : compiled.diagnostics
}

function withoutPosition(diagnostics: readonly Diagnostic[], text: string): string | undefined {
  if (diagnostics.length === 0) return 'refused without a diagnostic'
  const lines = text.split('\n')
  const astray = diagnostics.find(({ sqlLine = 0, sqlColumn = 0 }) => {
    const line = lines[sqlLine - 1]
    return line === undefined || sqlColumn < 1 || sqlColumn > line.length + 1
  })
  return astray && `no position in the text: ${JSON.stringify(astray)}`
}

// ---- texts

const words =
  "SELECT VALUE FROM WHERE AS AND OR NOT IN EXISTS CASE WHEN THEN ELSE END CAST SET TRUE FALSE NULL ( ) [ ] { } , . : * / % + - < <= <> >= > = == != && || ! 'a/b' 'x' \"y\" 0 1 2.5 1e5 9e9999 @v a b.c o.k *.a upper( get( topic( concat( regexp_matches( nope( String Int # $ ${ -- /* ; ` ' \" \\ \u0000 \ud800 \ufeff \u00a0 é 温 😀 ’".split(
    ' ',
  )

/** A generator of whole numbers below a bound: mulberry32, so that a text depends on seed and number alone. */
type Dice = (below: number) => number

function diceOf(seed: number, number: number): Dice {
  let state = Math.imul(seed ^ 0x9e3779b9, 0x85ebca6b) ^ Math.imul(number + 1, 0xc2b2ae35)
  return (below) => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) % below
  }
}

/** The text with this seed and number. */
export function textOf(seed: number, number: number, corpus: readonly string[]): string {
  const dice = diceOf(seed, number)
  const pick = <Item>(items: readonly Item[]): Item => items[dice(items.length)]!
  if (dice(10) === 0) {
    const soup = Array.from({ length: 1 + dice(40) }, () => pick(words)).join(dice(3) === 0 ? '' : ' ')
    return dice(2) === 0 ? `SELECT ${soup}` : soup
  }
  let text = pick(corpus)
  for (let edits = 1 + dice(4); edits > 0; edits -= 1) text = edited(text, dice, pick, corpus)
  return text
}

function edited(
  text: string,
  dice: Dice,
  pick: <Item>(items: readonly Item[]) => Item,
  corpus: readonly string[],
): string {
  const at = dice(text.length + 1)
  const to = Math.min(text.length, at + dice(12))
  switch (dice(9)) {
    case 0:
      return text.slice(0, at) + text.slice(to)
    case 1:
      return text.slice(0, to) + text.slice(at)
    case 2:
      return `${text.slice(0, at)} ${pick(words)} ${text.slice(at)}`
    case 3:
      return text.slice(0, at) + pick(words) + text.slice(to)
    case 4:
      return text.slice(0, at) + String.fromCharCode(dice(dice(4) === 0 ? 0x10000 : 128)) + text.slice(at)
    case 5: {
      const other = pick(corpus)
      return text.slice(0, at) + other.slice(dice(other.length + 1))
    }
    case 6: {
      const tokens = text.split(/\b/)
      const [first, second] = [dice(tokens.length), dice(tokens.length)]
      ;[tokens[first], tokens[second]] = [tokens[second]!, tokens[first]!]
      return tokens.join('')
    }
    case 7: {
      const [open, close] = pick([
        ['(', ')'],
        ['[', ']'],
        ['upper(', ')'],
        ['CASE a WHEN ', ' THEN 1 END'],
        ["{'a': ", '}'],
        ['-', ''],
        [' NOT ', ''],
        ['(SELECT * FROM ', ')'],
      ] as const)
      const times = dice(dice(20) === 0 ? 200 : 6)
      return (
        text.slice(0, at) + open.repeat(times) + text.slice(at, to) + close.repeat(times) + text.slice(to)
      )
    }
    default:
      return dice(50) === 0
        ? `${text.slice(0, at)}${text.slice(at, to).repeat(dice(300))}${text.slice(to)}`
        : text.slice(at)
  }
}
