import { toBoolean } from '../../value/index.ts'
import { type Compiled, folded } from '../compiled.ts'
import { type Evaluator, type Scope } from '../scope.ts'

/**
 * Source: https://docs.aws.amazon.com/iot/latest/developerguide/iot-sql-operators.html
 *
 * | operator | operands                                      | result                            |
 * |----------|-----------------------------------------------|-----------------------------------|
 * | AND OR NOT | Booleans, or `"true"` `"false"` in any case | as in logic                       |
 * | AND OR NOT | any other operand                           | Undefined: `true OR Undefined` too |
 */
export function logical(operator: 'AND' | 'OR', operands: readonly Compiled[]): Compiled {
  const evaluators = operands.map(({ evaluate }) => evaluate)
  return folded(operator === 'AND' ? every(evaluators) : some(evaluators), operands)
}

function every(operands: readonly Evaluator[]): Evaluator {
  return (scope) => {
    let all = true
    for (const operand of operands) {
      const value = toBoolean(operand(scope))
      if (value === undefined) return undefined
      if (!value) all = false
    }
    return all
  }
}

function some(operands: readonly Evaluator[]): Evaluator {
  return (scope) => {
    let any = false
    for (const operand of operands) {
      const value = toBoolean(operand(scope))
      if (value === undefined) return undefined
      if (value) any = true
    }
    return any
  }
}

export function not(operand: Compiled): Compiled {
  const { evaluate } = operand
  const evaluator: Evaluator = (scope) => {
    const value = toBoolean(evaluate(scope))
    return value === undefined ? undefined : !value
  }
  return folded(evaluator, [operand])
}

export type Predicate = (scope: Scope) => boolean

/** WHERE passes only what is the Boolean true. */
export function whereTrue({ evaluate }: Compiled): Predicate {
  return (scope) => evaluate(scope) === true
}

/** The same for the operands of an AND at the top, which may stop at the first that is not true. */
export function whereAll(operands: readonly Compiled[]): Predicate {
  const holds = operands.map(({ evaluate }): Predicate => {
    return (scope) => {
      const value = evaluate(scope)
      return value === true || (typeof value === 'string' && toBoolean(value) === true)
    }
  })
  const [first, second] = holds
  if (holds.length === 2) return (scope) => first!(scope) && second!(scope)
  return (scope) => {
    for (const each of holds) if (!each(scope)) return false
    return true
  }
}
