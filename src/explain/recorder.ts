import { type Expression, type NestedSelect, type TraceNode, type Tracer } from '../sql/index.ts'
import { type Value } from '../value/index.ts'
import { bounds } from './bounds.ts'

/** One evaluation of a sub-expression, with the evaluations inside it. */
export interface Recorded {
  readonly node: TraceNode
  value: Value
  readonly children: Recorded[]
  /** Elements that a nested SELECT has looked at; those beyond the bound are only counted. */
  elements: number
}

/** Keeps what is evaluated, as a tree; of long nested SELECTs the first elements. */
export class Recorder implements Tracer {
  readonly #roots: Recorded[] = []
  readonly #open: Recorded[] = []
  /** Evaluations under way that are not kept. */
  #muted = 0
  #kept = 0

  enter(node: TraceNode): void {
    if (this.#muted > 0 || this.#isBeyond(node)) {
      this.#muted += 1
      return
    }
    const parent = this.#open.at(-1)
    // A pass that waits for a service is run again from its first sub-expression.
    if (parent === undefined && this.#roots[0]?.node === node) this.#restart()
    const recorded: Recorded = { node, value: undefined, children: [], elements: 0 }
    ;(parent?.children ?? this.#roots).push(recorded)
    this.#open.push(recorded)
    this.#kept += 1
  }

  leave(value: Value): void {
    if (this.#muted > 0) this.#muted -= 1
    else this.#open.pop()!.value = value
  }

  /** The last evaluation of an expression that is no part of another one. */
  last(expression: Expression): Recorded | undefined {
    return this.#roots.findLast(({ node }) => node.expression === expression)
  }

  /** True when evaluations were not kept because there were too many. */
  get isFull(): boolean {
    return this.#kept >= bounds.recorded
  }

  #restart(): void {
    this.#roots.length = 0
    this.#kept = 0
  }

  #isBeyond({ expression }: TraceNode): boolean {
    const parent = this.#open.at(-1)
    if (parent !== undefined) {
      const query = queryOf(parent.node.expression)
      if (query !== undefined && expression !== query.source) {
        if (expression === firstOfElement(query)) parent.elements += 1
        if (parent.elements > bounds.elements) return true
      }
      return this.isFull
    }
    return false
  }
}

/** The nested SELECT that an expression runs, if it is one. */
export function queryOf(expression: Expression): NestedSelect | undefined {
  if (expression.kind === 'select') return expression
  return expression.kind === 'exists' ? expression.query : undefined
}

/** What a nested SELECT evaluates first of each element. */
export function firstOfElement({ where, select }: NestedSelect): Expression {
  return where ?? (select.kind === 'value' ? select.value : select.items[0]!.value)
}
