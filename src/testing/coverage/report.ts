import { positionAt } from '../../sql/index.ts'
import { fieldOf, type StoredDocument } from '../../store/index.ts'
import { type Covered } from './collector.ts'
import { type Target } from './targets.ts'

/** What no test has seen, and where: line and column in the file, and inside the statement or template. */
export interface Uncovered {
  readonly kind: Target['kind']
  readonly message: string
  /** Path in the document. */
  readonly path: string
  readonly line?: number
  readonly column?: number
  readonly sqlLine?: number
  readonly sqlColumn?: number
  readonly sqlEndLine?: number
  readonly sqlEndColumn?: number
}

export interface RuleCoverage {
  readonly rule: string
  readonly file: string
  readonly cases: number
  readonly covered: number
  readonly total: number
  /** The whole document, for showing its lines. */
  readonly document: unknown
  /** Empty for a rule without cases: nothing of it is covered. */
  readonly uncovered: readonly Uncovered[]
}

export interface CoverageReport {
  readonly covered: number
  readonly total: number
  /** With one decimal, rounded down; 100 where there is nothing to cover. */
  readonly percent: number
  readonly rules: readonly RuleCoverage[]
}

/** What all tests together have seen of the rules. */
export function coverageReport(covered: readonly Covered[]): CoverageReport {
  const rules = covered.map(coverageOf)
  const sum = (key: 'covered' | 'total'): number => rules.reduce((all, rule) => all + rule[key], 0)
  return {
    covered: sum('covered'),
    total: sum('total'),
    percent: percentOf(sum('covered'), sum('total')),
    rules,
  }
}

/** Percent to one decimal, rounded down, so that 100 means all; 100 of nothing. */
export function percentOf(covered: number, total: number): number {
  return total === 0 ? 100 : Math.floor((1000 * covered) / total) / 10
}

function coverageOf({ rule, targets, seen, cases }: Covered): RuleCoverage {
  const stored = rule.stored!
  const missing = targets.filter(({ id }) => !seen.has(id))
  // A rule that has nothing to cover but its being run counts as one thing.
  const total = Math.max(targets.length, 1)
  const covered = targets.length === 0 ? Math.min(cases, 1) : targets.length - missing.length
  return {
    rule: rule.name,
    file: rule.file,
    cases,
    covered,
    total,
    document: stored.document,
    uncovered: cases === 0 ? [] : missing.map((target) => uncoveredOf(target, stored)),
  }
}

function uncoveredOf({ kind, missing, field, start, end }: Target, stored: StoredDocument): Uncovered {
  const path = `${prefixOf(stored.document)}${field}`
  const place = { kind, message: missing, path, ...stored.locate(path) }
  const text = fieldOf(stored.document, path)
  if (typeof text !== 'string' || end === 0) return place
  const { line: sqlLine, column: sqlColumn } = positionAt(text, start)
  const { line: sqlEndLine, column: sqlEndColumn } = positionAt(text, end)
  return { ...place, sqlLine, sqlColumn, sqlEndLine, sqlEndColumn }
}

/** Where the payload of a rule lies in its document. */
function prefixOf(document: unknown): string {
  const wrapper = ['topicRulePayload', 'rule'].find((key) => fieldOf(document, key) !== undefined)
  return wrapper === undefined ? '' : `${wrapper}.`
}
