import { type Value } from '../value/index.ts'
import { type Expression, type Statement } from './ast.ts'

/** A sub-expression that was compiled to be watched. */
export interface TraceNode {
  readonly expression: Expression
  /** True when `value` is known without a message; the sub-expression may then never be entered. */
  readonly constant: boolean
  readonly value: Value
}

/** Watches the evaluation of sub-expressions; each `enter` is followed by those of its operands and its own `leave`. */
export interface Tracer {
  enter(node: TraceNode): void
  leave(value: Value): void
}

export type TraceNodes = ReadonlyMap<Expression, TraceNode>

/** What a watched statement was compiled from. */
export interface StatementTrace {
  readonly statement: Statement
  readonly nodes: TraceNodes
}

/** What a watched expression was compiled from; spans count inside `text`. */
export interface ExpressionTrace {
  readonly expression: Expression
  readonly text: string
  readonly nodes: TraceNodes
}
