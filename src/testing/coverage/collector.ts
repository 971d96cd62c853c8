import { type ActionExplanation, type ExplainedNode, type Explanation } from '../../explain/index.ts'
import { toBoolean } from '../../value/index.ts'
import { type TestedRule } from '../rules.ts'
import { type CaseResult } from '../run-case.ts'
import { keyOf, type Target, targetsOf } from './targets.ts'

/** A rule with what its tests have seen of it. */
export interface Covered {
  readonly rule: TestedRule
  readonly targets: readonly Target[]
  readonly seen: ReadonlySet<string>
  /** Tags that were rendered, if only as empty text. */
  readonly cases: number
}

interface Entry extends Covered {
  readonly seen: Set<string>
  cases: number
}

/** Gathers what tests see of rules, from the explanations of their cases. */
export class CoverageCollector {
  readonly #entries = new Map<string, Entry>()

  /** Makes a rule count even if no case is for it. */
  add(rule: TestedRule): void {
    if (rule.stored !== undefined) this.#entryOf(rule)
  }

  observe({ testCase, trial, explanation }: CaseResult): void {
    const { rule } = testCase
    if (rule.stored === undefined || trial === undefined || explanation === undefined) return
    const entry = this.#entryOf(rule)
    entry.cases += 1
    if (trial.selected) entry.seen.add('select')
    if (trial.errorAction !== undefined) entry.seen.add('errorAction')
    seeStatement(explanation, entry.seen)
    for (const action of explanation.actions ?? []) {
      seeAction(action, `actions[${action.index}].${action.kind}`, entry.seen)
    }
    const { errorAction } = explanation
    if (trial.errorAction !== undefined && errorAction !== undefined) {
      seeAction(errorAction, `errorAction.${errorAction.kind}`, entry.seen)
    }
  }

  get rules(): readonly Covered[] {
    return [...this.#entries.values()]
  }

  #entryOf(rule: TestedRule): Entry {
    const { source } = rule.stored!
    const known = this.#entries.get(source)
    if (known !== undefined) return known
    const targets = rule.rule === undefined ? [] : targetsOf(rule.rule.compiled)
    const entry: Entry = { rule, targets, seen: new Set(), cases: 0 }
    this.#entries.set(source, entry)
    return entry
  }
}

function seeStatement({ set = [], where, select }: Explanation, seen: Set<string>): void {
  const roots = [...set.map(({ node }) => node), ...(select?.items ?? []).map(({ node }) => node)]
  for (const root of roots) seeNode(root, 'sql', seen)
  if (where !== undefined) seeNode(where.node, 'sql', seen)
}

function seeAction({ templates }: ActionExplanation, prefix: string, seen: Set<string>): void {
  for (const { field, tags } of templates) {
    for (const [index, { rendered, node }] of tags.entries()) {
      if (rendered !== undefined) seen.add(`${prefix}.${field} tag ${index}`)
      seeNode(node, `${prefix}.${field}`, seen)
    }
  }
}

/** Notes what a sub-expression came to; it depends on where it stands whether that is of interest. */
function seeNode(root: ExplainedNode, field: string, seen: Set<string>): void {
  const open = [root]
  for (let node = open.pop(); node !== undefined; node = open.pop()) {
    open.push(...node.children)
    if (node.type === undefined || node.kind === 'element') continue
    const key = keyOf(field, node.kind, node.span.start, node.span.end)
    seen.add(`${key} taken`)
    seen.add(`${key} ${toBoolean(node.value) === true ? 'true' : 'not true'}`)
  }
}
