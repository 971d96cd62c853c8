import {
  type Expression,
  type Frame,
  functionSpecs,
  type NestedSelect,
  type Operand,
  outputPath,
  type ReasonContext,
  type Scope,
  type SqlVersion,
  type TraceNodes,
  whyUndefined,
} from '../sql/index.ts'
import { isArray, isObject, typeOf, type Value } from '../value/index.ts'
import { type Allowance, bounds } from './bounds.ts'
import { type Cause, type ExplainedNode } from './explanation.ts'
import { type Lines } from './lines.ts'
import { decisionOf } from './notes.ts'
import { type CaseCourse, courseOf, type Part, partsOf } from './operands.ts'
import { previewOf, shortened } from './preview.ts'
import { firstOfElement, queryOf, type Recorded } from './recorder.ts'

/** What building the trees of one text shares. */
export interface TreeContext {
  readonly scope: Scope
  readonly version: SqlVersion
  readonly text: string
  readonly nodes: TraceNodes
  readonly lines: Lines
  /** Where `text` begins in the text of `lines`. */
  readonly offset: number
  readonly allowance: Allowance
  /** Assignments of SET so far. */
  readonly variables: ReadonlyMap<string, ExplainedNode>
  /** What SELECT gives names to, by name. */
  readonly selected: ReadonlyMap<string, string>
}

/** A sub-expression before its node is made. */
interface Seen extends Operand {
  readonly recorded: Recorded | undefined
  readonly constant: boolean
}

const parameterNames = new Map(
  functionSpecs.map(({ name, params }) => [name.toLowerCase(), params.map((each) => each.name)]),
)

/** Makes the tree of an expression from what was recorded of it. */
export class TreeBuilder {
  readonly #context: TreeContext

  constructor(context: TreeContext) {
    this.#context = context
  }

  build(expression: Expression, recorded: Recorded | undefined, role?: string): ExplainedNode {
    return this.#build(expression, this.#see(expression, recorded, []), role, [])
  }

  #build(
    expression: Expression,
    seen: Seen,
    role: string | undefined,
    frames: readonly Frame[],
    skipped = 'what comes before it failed',
  ): ExplainedNode {
    const { value, evaluated, constant } = seen
    const common = this.#common(expression, role)
    if (!evaluated) return { ...common, skipped, children: [] }
    const shown = previewOf(value, bounds.preview)
    this.#context.allowance.spend(shown.text.length)
    const node = {
      ...common,
      type: typeOf(value),
      ...(value === undefined ? {} : { value }),
      preview: shown.text,
      ...(shown.whole ? {} : { cut: true as const }),
      ...(constant ? { constant: true as const } : {}),
    }
    const query = queryOf(expression)
    if (query !== undefined) return this.#query(expression, query, seen, node, frames)
    return this.#operation(expression, seen, node, frames)
  }

  #common(expression: Expression, role: string | undefined): Omit<ExplainedNode, 'children'> {
    const { span, kind } = expression
    const { text, offset, lines, allowance } = this.#context
    const source = shortened(text.slice(span.start, span.end).replace(/\s+/g, ' '), bounds.source).text
    allowance.spend(source.length)
    const place = lines.placeOf(span.start + offset, span.end + offset)
    return { kind, ...(role === undefined ? {} : { role }), text: source, span: place }
  }

  // ---- operators, functions, CASE

  #operation(
    expression: Expression,
    seen: Seen,
    node: Omit<ExplainedNode, 'children'>,
    frames: readonly Frame[],
  ): ExplainedNode {
    const parts = isFieldOfPayload(expression, frames) ? [] : partsOf(expression, parametersOf(expression))
    const { operands, course } = this.#operands(expression, parts, seen, frames)
    const children: ExplainedNode[] = []
    const reason = whySkipped(expression, operands)
    const childAt = (index: number): ExplainedNode => {
      const { expression: inner, role } = parts[index]!
      return children[index] ?? this.#build(inner, operands[index]!, role, frames, reason)
    }
    for (const index of parts.keys()) {
      if (this.#context.allowance.isSpent) break
      children.push(childAt(index))
    }
    const more = parts.length - children.length
    return {
      ...node,
      ...this.#why(expression, seen, operands, childAt, frames),
      ...noteOf(expression, operands, seen.value, course),
      children,
      ...(more > 0 ? { more } : {}),
    }
  }

  #operands(
    expression: Expression,
    parts: readonly Part[],
    { recorded, value }: Seen,
    frames: readonly Frame[],
  ): { readonly operands: readonly Seen[]; readonly course: CaseCourse | undefined } {
    const byExpression = new Map(recorded?.children.map((child) => [child.node.expression, child]))
    const operands = parts.map((part) => {
      const seen = this.#see(part.expression, byExpression.get(part.expression), frames)
      // A call that reads the payload by itself had none to read.
      const isPayload = expression.kind === 'call' && part.expression.kind === 'payload'
      return isPayload && value === undefined ? { ...seen, evaluated: true } : seen
    })
    if (expression.kind !== 'case') return { operands, course: undefined }
    const course = courseOf(expression, (index) => operands[index]!.value)
    const taken = operands.map((operand, index) =>
      course.evaluated.has(index) ? operand : { ...operand, evaluated: false },
    )
    return { operands: taken, course }
  }

  /** A sub-expression that was not entered may be known all the same: a constant, or the payload itself. */
  #see(expression: Expression, recorded: Recorded | undefined, frames: readonly Frame[]): Seen {
    const node = this.#context.nodes.get(expression)
    const { start, end } = expression.span
    const text = this.#context.text.slice(start, end)
    const constant = node?.constant === true
    if (recorded !== undefined) return { text, value: recorded.value, evaluated: true, recorded, constant }
    if (constant) return { text, value: node.value, evaluated: true, recorded, constant }
    const { payload } = this.#context.scope
    if (expression.kind === 'payload' && frames.length === 0 && payload.isJson) {
      return { text, value: payload.root(), evaluated: true, recorded, constant }
    }
    return { text, value: undefined, evaluated: false, recorded, constant }
  }

  // ---- why Undefined

  #why(
    expression: Expression,
    { value }: Seen,
    operands: readonly Operand[],
    childAt: (index: number) => ExplainedNode,
    frames: readonly Frame[],
  ): Pick<ExplainedNode, 'reason' | 'because'> {
    if (value !== undefined) return {}
    if (expression.kind === 'variable') return this.#whyVariable(expression.name)
    const { scope, version, selected } = this.#context
    const context: ReasonContext = { scope, version, frames, selected }
    const { text, operand } = whyUndefined(expression, operands, context)
    this.#context.allowance.spend(text.length)
    // The cause is told also where there is no room to show it.
    return { reason: text, ...(operand === undefined ? {} : becauseOf(childAt(operand))) }
  }

  #whyVariable(name: string): Pick<ExplainedNode, 'reason' | 'because'> {
    const assigned = this.#context.variables.get(name)
    if (assigned?.type !== 'Undefined') {
      return { reason: `what was assigned to @${name} does not fit into 128 KiB` }
    }
    return { reason: `@${name} was assigned Undefined`, ...becauseOf(assigned) }
  }

  // ---- nested SELECT

  #query(
    expression: Expression,
    query: NestedSelect,
    seen: Seen,
    node: Omit<ExplainedNode, 'children'>,
    frames: readonly Frame[],
  ): ExplainedNode {
    const { recorded } = seen
    const found = recorded?.children.find((child) => child.node.expression === query.source)
    const source = this.#see(query.source, found, frames)
    const children = [this.#build(query.source, source, 'FROM', frames)]
    const elements = isArray(source.value) ? source.value : isObject(source.value) ? [source.value] : []
    for (const [index, group] of groupsOf(query, recorded).entries()) {
      if (this.#context.allowance.isSpent) break
      const frame: Frame = { alias: query.alias, element: elements[index] }
      children.push(this.#element(query, index, group, [...frames, frame]))
    }
    const looked = recorded?.elements ?? 0
    const more = looked - (children.length - 1)
    const why =
      expression.kind === 'select' ? this.#why(expression, seen, [source], () => children[0]!, frames) : {}
    return {
      ...node,
      ...why,
      ...passedOf(seen.value, elements.length),
      children,
      ...(more > 0 ? { more } : {}),
    }
  }

  #element(
    query: NestedSelect,
    index: number,
    group: readonly Recorded[],
    frames: readonly Frame[],
  ): ExplainedNode {
    const { element } = frames.at(-1)!
    const shown = previewOf(element, bounds.preview)
    this.#context.allowance.spend(shown.text.length)
    const recordOf = (expression: Expression): Recorded | undefined =>
      group.find(({ node }) => node.expression === expression)
    const make = (expression: Expression, role: string): ExplainedNode =>
      this.#build(expression, this.#see(expression, recordOf(expression), frames), role, frames)
    const where = query.where === undefined ? undefined : make(query.where, 'WHERE')
    const children = where === undefined ? [] : [where]
    const passes = where === undefined || where.value === true
    if (passes) {
      for (const { expression, role } of itemsOf(query, this.#context.text)) {
        // EXISTS selects nothing.
        if (recordOf(expression) !== undefined) children.push(make(expression, role))
      }
    }
    return {
      kind: 'element',
      role: `element ${index}`,
      text: shortened(shown.text, bounds.source).text,
      span: children[0]?.span ?? this.#common(query, undefined).span,
      type: typeOf(element),
      ...(element === undefined ? { reason: 'the element is Undefined' } : { value: element }),
      preview: shown.text,
      ...(shown.whole ? {} : { cut: true as const }),
      ...(passes ? {} : { note: 'left out: its WHERE is not true' }),
      children,
    }
  }
}

/** The deepest cause of an Undefined child. */
function becauseOf({ because, text, span, reason }: ExplainedNode): { because?: Cause } {
  if (because !== undefined) return { because }
  return reason === undefined ? {} : { because: { text, span, reason } }
}

function whySkipped(expression: Expression, operands: readonly Operand[]): string {
  if (expression.kind === 'case') {
    return operands[0]?.value === undefined ? 'the value after CASE is Undefined' : 'another branch is taken'
  }
  if (
    expression.kind === 'call' &&
    operands.every(({ value, evaluated }) => !evaluated || value !== undefined)
  ) {
    return 'the function reads it by itself'
  }
  return 'what comes before it decides'
}

function noteOf(
  expression: Expression,
  operands: readonly Operand[],
  value: Value,
  course: CaseCourse | undefined,
): Pick<ExplainedNode, 'note' | 'decidedBy'> {
  if (expression.kind !== 'case' || course?.taken === undefined)
    return decisionOf(expression, operands, value)
  if (course.taken < 0) return { note: 'no WHEN equals it: ELSE' }
  return { note: `WHEN ${operands[2 * course.taken + 1]!.text} equals it` }
}

function passedOf(value: Value, looked: number): Pick<ExplainedNode, 'note'> {
  if (value === false) return { note: looked === 0 ? 'there is no element' : `none of ${looked} passes` }
  return isArray(value) ? { note: `${value.length} of ${looked} selected` } : {}
}

/** `*.name` at the top reads the field alone. */
function isFieldOfPayload(expression: Expression, frames: readonly Frame[]): boolean {
  return expression.kind === 'member' && expression.object.kind === 'payload' && frames.length === 0
}

/** The evaluations of each element, in the order of the elements. */
function groupsOf(query: NestedSelect, recorded: Recorded | undefined): Recorded[][] {
  const groups: Recorded[][] = []
  const first = firstOfElement(query)
  for (const child of recorded?.children ?? []) {
    if (child.node.expression === first) groups.push([])
    if (child.node.expression !== query.source) groups.at(-1)?.push(child)
  }
  return groups
}

function itemsOf({ select }: NestedSelect, text: string): { expression: Expression; role: string }[] {
  if (select.kind === 'value') return [{ expression: select.value, role: 'VALUE' }]
  return select.items.map((item) => ({
    expression: item.value,
    role: (outputPath(item, text) ?? ['*']).join('.').slice(0, bounds.source),
  }))
}

function parametersOf(expression: Expression): readonly string[] {
  return expression.kind === 'call' ? (parameterNames.get(expression.name.toLowerCase()) ?? []) : []
}
