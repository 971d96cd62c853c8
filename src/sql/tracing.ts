import { toBoolean, type Value } from '../value/index.ts'
import { type Expression, type LogicalExpression } from './ast.ts'
import { type Compiled, dynamic, heaviestOf } from './compiled.ts'
import { logical } from './operators/logic.ts'
import { type TraceNode } from './trace.ts'

/** Makes an evaluator tell the scope's tracer what it yields. */
export function traced(compiled: Compiled, expression: Expression): [Compiled, TraceNode] {
  const { evaluate, constant, value } = compiled
  const node: TraceNode = { expression, constant, value }
  const watched = (scope: Parameters<typeof evaluate>[0]): Value => {
    scope.tracer?.enter(node)
    const result = evaluate(scope)
    scope.tracer?.leave(result)
    return result
  }
  return [{ ...compiled, evaluate: watched }, node]
}

/**
 * AND and OR that also look at the operands after the one that decides, as far as that changes nothing: no service is
 * asked and no random number drawn that the ordinary run would not. The result is the ordinary one.
 * `stopsAtFalse`: the ordinary run stops at the first operand that is not true, as WHERE does with an AND at its top.
 */
export function watchedLogical(
  operator: LogicalExpression['operator'],
  operands: readonly Compiled[],
  stopsAtFalse: boolean,
): Compiled {
  const plain = logical(operator, operands)
  if (plain.constant) return plain
  const deciding = operator === 'OR'
  return dynamic((scope) => {
    let stopped = false
    let isUndefined = false
    let result = !deciding
    for (const { evaluate, effect } of operands) {
      if (stopped && effect !== 'pure' && effect !== 'message') continue
      const value = toBoolean(evaluate(scope))
      if (value === undefined) isUndefined = true
      else if (value === deciding) result = deciding
      stopped ||= value === undefined || (stopsAtFalse && !value)
    }
    return isUndefined ? undefined : result
  }, heaviestOf(operands))
}
