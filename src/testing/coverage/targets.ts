import { type CompiledRule } from '../../rule/index.ts'
import {
  childrenOf,
  type Expression,
  findTags,
  parseExpression,
  parseStatement,
  type Statement,
} from '../../sql/index.ts'

/** What tests should have seen a rule do, and where it stands. */
export interface Target {
  readonly id: string
  readonly kind: 'select' | 'where' | 'condition' | 'case' | 'template' | 'error action'
  /** The field of the document that it stands in: `sql`, `actions[0].kafka.key`. */
  readonly field: string
  /** Offsets in that field; both 0 where it is the field as a whole. */
  readonly start: number
  readonly end: number
  /** What is not covered, as a sentence without its end. */
  readonly missing: string
}

/** What a sub-expression is known by: spans alone are not enough where one is all of another. */
export function keyOf(field: string, kind: string, start: number, end: number): string {
  return `${field} ${kind} ${start} ${end}`
}

/** Everything that tests of a rule could cover, in the order of the document. */
export function targetsOf(rule: CompiledRule): readonly Target[] {
  const parsed = parseStatement(rule.query.text)
  if (!parsed.ok) return []
  const statement = new TargetFinder('sql', rule.query.text, 0)
  const targets = statement.ofStatement(parsed.statement)
  for (const action of rule.actions) {
    const prefix = `actions[${action.index}].${action.kind}`
    for (const [path, template] of action.templates)
      targets.push(...ofTemplate(`${prefix}.${path}`, template.text))
  }
  const { errorAction } = rule
  if (errorAction === undefined) return targets
  targets.push({
    id: 'errorAction',
    kind: 'error action',
    field: 'errorAction',
    start: 0,
    end: 0,
    missing: 'the error action never runs',
  })
  for (const [path, template] of errorAction.templates) {
    targets.push(...ofTemplate(`errorAction.${errorAction.kind}.${path}`, template.text))
  }
  return targets
}

function ofTemplate(field: string, text: string): Target[] {
  const found = findTags(text)
  if (!found.ok) return []
  return found.tags.flatMap(({ body, start, end, bodyOffset }, index) => {
    const source = text.slice(start, end)
    const missing = `${source} never has a value`
    const tag: Target = { id: `${field} tag ${index}`, kind: 'template', field, start, end, missing }
    const parsed = parseExpression(body)
    if (!parsed.ok) return [tag]
    return [tag, ...new TargetFinder(field, text, bodyOffset).ofExpression(parsed.expression.expression)]
  })
}

/** Finds the conditions and branches of one text; spans count from `offset`. */
class TargetFinder {
  readonly #field: string
  readonly #text: string
  readonly #offset: number

  constructor(field: string, text: string, offset: number) {
    this.#field = field
    this.#text = text
    this.#offset = offset
  }

  ofStatement({ assignments, select, where }: Statement): Target[] {
    const values = select.kind === 'value' ? [select.value] : select.items.map((item) => item.value)
    const inner = [...assignments.map((each) => each.value), ...values].flatMap((each) =>
      this.ofExpression(each),
    )
    if (where !== undefined) return [...inner, ...this.#ofWhere(where)]
    const { start, end } = select.span
    const missing = 'no message is selected'
    return [{ id: 'select', kind: 'select', field: this.#field, start, end, missing }, ...inner]
  }

  ofExpression(expression: Expression): Target[] {
    const inner = childrenOf(expression)
    switch (expression.kind) {
      case 'logical': {
        const { operator, operands } = expression
        return operands.flatMap((each) => [
          ...this.#ofCondition(each, 'condition', `this part of ${operator}`),
          ...this.ofExpression(each),
        ])
      }
      case 'case': {
        const branches = expression.branches.map(({ when, then }) =>
          this.#target(then, 'case', `taken`, `WHEN ${this.#sourceOf(when)} is never taken`, when.span.start),
        )
        const { otherwise } = expression
        if (otherwise !== undefined)
          branches.push(this.#target(otherwise, 'case', 'taken', 'ELSE is never taken'))
        return [...branches, ...inner.flatMap((each) => this.ofExpression(each))]
      }
      case 'select': {
        const { where } = expression
        const others = inner.filter((each) => each !== where).flatMap((each) => this.ofExpression(each))
        return where === undefined ? others : [...others, ...this.#ofWhere(where)]
      }
      default:
        return inner.flatMap((each) => this.ofExpression(each))
    }
  }

  #ofWhere(where: Expression): Target[] {
    return [...this.#ofCondition(where, 'where', 'WHERE'), ...this.ofExpression(where)]
  }

  #ofCondition(expression: Expression, kind: 'where' | 'condition', name: string): Target[] {
    return (['true', 'not true'] as const).map((outcome) =>
      this.#target(expression, kind, outcome, `${name} is never ${outcome === 'true' ? 'true' : 'false'}`),
    )
  }

  #target(
    { kind: expression, span }: Expression,
    kind: Target['kind'],
    outcome: string,
    missing: string,
    from = span.start,
  ): Target {
    const start = span.start + this.#offset
    const end = span.end + this.#offset
    const id = `${keyOf(this.#field, expression, start, end)} ${outcome}`
    return { id, kind, field: this.#field, start: from + this.#offset, end, missing }
  }

  #sourceOf({ span }: Expression): string {
    const source = this.#text.slice(span.start + this.#offset, span.end + this.#offset)
    return source.length > 60 ? `${source.slice(0, 59)}…` : source
  }
}
