import { type Diagnostic } from '../../errors.ts'
import { compileRule } from '../../rule/index.ts'
import { type RuleSettings } from '../rule-settings.ts'
import { type RuleSource } from '../sources/index.ts'

/** One entry of `check --format json`. */
export interface Checked {
  readonly file: string
  /** Counts from 0 in the file. */
  readonly index: number
  /** Null where the document has no name, or cannot be read. */
  readonly rule: string | null
  /** AWS would create it. */
  readonly accepted: boolean
  /** This product runs all of its actions. */
  readonly deliverable: boolean
  readonly diagnostics: readonly Diagnostic[]
}

/** An entry and its diagnostics as text. */
export interface Result {
  readonly checked: Checked
  readonly texts: readonly string[]
}

/** AWS takes a rule's name apart from its document, so one without is checked all the same. */
const PLACEHOLDER = 'rule'

const nameMissing: Diagnostic = {
  code: 'RULE_NAME_REQUIRED',
  severity: 'warning',
  message: 'The rule has no name and the file gives it none, so it cannot be loaded from here.',
  path: 'ruleName',
  hint: 'Add ruleName beside topicRulePayload.',
}

/** What AWS takes, and a server of this product where a service is configured for it. */
const TAKEN_BY_AWS: ReadonlySet<string> = new Set(['SQL_FUNCTION_UNAVAILABLE'])
/** What a server of this product takes and AWS does not. */
const REFUSED_BY_AWS: ReadonlySet<string> = new Set(['KAFKA_DESTINATION_OMITTED', 'KAFKA_DESTINATION_ARN'])

/** How a rule is checked. */
export interface CheckOptions {
  readonly settings: RuleSettings
  /** Without a server's configuration AWS alone decides which documents are accepted. */
  readonly forAws: boolean
}

/** Checks one rule, in all of its variants. */
export function checkRule(source: RuleSource, options: CheckOptions): Result {
  const { name, file, index } = source
  const results = [source, ...source.variants].map((variant) => checkVariant(variant, options))
  const entries = withoutRepeats(results.flatMap((result) => result.entries))
  return {
    checked: {
      file,
      index,
      rule: name ?? null,
      accepted: results.every(({ accepted }) => accepted),
      deliverable: results.every(({ deliverable }) => deliverable),
      diagnostics: entries.map(({ placed }) => placed),
    },
    texts: entries.map(({ text }) => text),
  }
}

/** A diagnostic with its place in the file, and as text. */
interface Entry {
  readonly placed: Diagnostic
  readonly text: string
}

interface CheckedVariant extends Pick<Checked, 'accepted' | 'deliverable'> {
  readonly entries: readonly Entry[]
}

function checkVariant(source: RuleSource, { settings, forAws }: CheckOptions): CheckedVariant {
  const { name, file } = source
  const result = compileRule(source.document, { ...settings, name: name ?? PLACEHOLDER })
  const unnamed = name === undefined && file !== '-' ? [nameMissing] : []
  const found = (result.ok ? result.warnings : result.diagnostics)
    .map((each) => asJudged(each, forAws))
    .flatMap((each) => softened(each, source))
  return {
    accepted: found.every(({ severity }) => severity !== 'error'),
    deliverable: result.ok && result.rule.deliverable && unnamed.length === 0,
    entries: [...unnamed, ...source.diagnostics, ...found].map((diagnostic) => ({
      placed: source.place(diagnostic),
      text: source.render(diagnostic),
    })),
  }
}

/** An error is what AWS refuses; what this product merely cannot run is a warning. */
function asJudged(diagnostic: Diagnostic, forAws: boolean): Diagnostic {
  if (forAws && TAKEN_BY_AWS.has(diagnostic.code)) return { ...diagnostic, severity: 'warning' }
  return forAws && REFUSED_BY_AWS.has(diagnostic.code) ? { ...diagnostic, severity: 'error' } : diagnostic
}

/** By position; what several variants have is there once. */
function withoutRepeats(entries: readonly Entry[]): Entry[] {
  const known = new Map(entries.map((entry) => [entry.text, entry]))
  return [...known.values()].sort((a, b) => byPosition(a.placed, b.placed))
}

/** What is found where a stand-in lies says little: nothing of the field itself, a warning of a text with stand-ins. */
function softened(diagnostic: Diagnostic, source: RuleSource): Diagnostic[] {
  const { path, severity, sqlLine } = diagnostic
  if (severity !== 'error' || path === undefined || !source.isDeferred(path)) return [diagnostic]
  return sqlLine === undefined ? [] : [{ ...diagnostic, severity: 'warning' }]
}

function byPosition(a: Diagnostic, b: Diagnostic): number {
  return (a.line ?? 0) - (b.line ?? 0) || (a.column ?? 0) - (b.column ?? 0)
}
