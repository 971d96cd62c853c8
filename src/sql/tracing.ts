import { type Expression, type Span } from './ast.ts'
import { type Evaluator } from './scope.ts'

/** A sub-expression that reports its values; its place in the list is the `node` that the tracer receives. */
export interface TracedNode {
  readonly span: Span
  readonly text: string
  readonly kind: Expression['kind']
}

/** Wraps an evaluator so that it tells the scope's tracer what it yields. */
export function traced(evaluate: Evaluator, node: number, expression: Expression): Evaluator {
  const reason = reasonOf(expression)
  return (scope) => {
    const value = evaluate(scope)
    scope.tracer?.visit(node, value, value === undefined ? reason : undefined)
    return value
  }
}

/** Why an expression of this kind is Undefined; its operands, reported before it, tell the rest. */
function reasonOf(expression: Expression): string {
  switch (expression.kind) {
    case 'field':
      return `the payload has no field ${expression.name}`
    case 'member':
      return `the value before the dot is no object with a member ${expression.name}`
    case 'payload':
      return 'the payload is no JSON'
    case 'variable':
      return `@${expression.name} was assigned Undefined, or more than 128 KiB`
    case 'arithmetic':
      return 'an operand is no number, the divisor is zero, or the result is out of range'
    case 'negate':
      return 'the operand is no number'
    case 'comparison':
      return expression.operator === '=' || expression.operator === '<>'
        ? 'an operand is Undefined'
        : 'an operand is no number'
    case 'logical':
    case 'not':
      return 'an operand is no Boolean'
    case 'in':
      return 'the right side is no array, or the left side is Undefined'
    case 'case':
      return 'the value after CASE is Undefined, or no branch fits'
    case 'cast':
      return `the value does not become ${expression.type}`
    case 'call':
      return `${expression.name}() has no value for these arguments`
    case 'select':
      return 'the source is no array or object'
    default:
      return 'the value is Undefined'
  }
}
