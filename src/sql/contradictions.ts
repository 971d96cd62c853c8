import { compare, equals, isArray, type Numeric, toDecimal, type Value } from '../value/index.ts'
import { type ComparisonOperator, type Expression } from './ast.ts'
import { type Inference } from './infer.ts'

/** A condition on one path or variable alone, against a constant. */
interface Constraint {
  readonly subject: string
  readonly operator: ComparisonOperator | 'IN'
  readonly value: Value
  readonly condition: Expression
}

const flipped: Readonly<Record<ComparisonOperator, ComparisonOperator>> = {
  '=': '=',
  '<>': '<>',
  '<': '>',
  '<=': '>=',
  '>': '<',
  '>=': '<=',
}

/** What an expression reads when it is a plain path or a variable: the same value wherever it stands. */
export function subjectOf(expression: Expression): string | undefined {
  switch (expression.kind) {
    case 'payload':
      return '*'
    case 'variable':
      return `@${expression.name}`
    case 'field':
      return JSON.stringify(expression.name)
    case 'member': {
      const object = subjectOf(expression.object)
      // `*.a` and `a` are one.
      return object === undefined
        ? undefined
        : `${object === '*' ? '' : `${object}.`}${JSON.stringify(expression.name)}`
    }
    default:
      return undefined
  }
}

/** Two conditions of an AND that exclude each other. */
export function findContradiction(
  conditions: readonly Expression[],
  inference: Inference,
): readonly [Expression, Expression] | undefined {
  const bySubject = new Map<string, Constraint[]>()
  for (const condition of conditions) {
    const constraint = constraintOf(condition, inference)
    if (constraint === undefined) continue
    const before = bySubject.get(constraint.subject) ?? []
    const other = before.find((each) => exclude(each, constraint))
    if (other !== undefined) return [other.condition, condition]
    if (before.length < MOST) bySubject.set(constraint.subject, [...before, constraint])
  }
  return undefined
}

/** Conditions on one subject that are compared with each other. */
const MOST = 50

function constraintOf(condition: Expression, inference: Inference): Constraint | undefined {
  const [operator, left, right] =
    condition.kind === 'comparison'
      ? [condition.operator, condition.left, condition.right]
      : condition.kind === 'in'
        ? (['IN', condition.element, condition.list] as const)
        : [undefined, undefined, undefined]
  if (operator === undefined) return undefined
  const subject = subjectOf(left)
  if (subject !== undefined && inference.isConstant(right))
    return { subject, operator, value: inference.constantOf(right), condition }
  const turned = subjectOf(right)
  if (operator === 'IN' || turned === undefined || !inference.isConstant(left)) return undefined
  return { subject: turned, operator: flipped[operator], value: inference.constantOf(left), condition }
}

function exclude(a: Constraint, b: Constraint): boolean {
  const [fixed, other] = a.operator === '=' || a.operator === 'IN' ? [a, b] : [b, a]
  if (fixed.operator === '=') return !holds(fixed.value, other)
  if (fixed.operator === 'IN')
    return (
      isArray(fixed.value) && fixed.value.length <= MOST && !fixed.value.some((each) => holds(each, other))
    )
  return apart(a, b)
}

/** Whether a value meets a constraint. */
function holds(value: Value, { operator, value: bound }: Constraint): boolean {
  if (value === undefined || bound === undefined) return false
  if (operator === '=') return equals(value, bound)
  if (operator === '<>') return !equals(value, bound)
  if (operator === 'IN') return isArray(bound) && bound.some((each) => equals(each, value))
  const [left, right] = [toDecimal(value), toDecimal(bound)]
  return left !== undefined && right !== undefined && ordered(operator, compare(left, right))
}

function ordered(operator: ComparisonOperator, sign: number): boolean {
  if (operator === '<') return sign < 0
  if (operator === '<=') return sign <= 0
  return operator === '>' ? sign > 0 : sign >= 0
}

/** Whether one asks for more than the other allows: `x > 5` and `x < 3`. */
function apart(a: Constraint, b: Constraint): boolean {
  const [low, high] = a.operator.startsWith('>') ? [a, b] : [b, a]
  if (!low.operator.startsWith('>') || !['<', '<='].includes(high.operator)) return false
  const [from, to]: (Numeric | undefined)[] = [toDecimal(low.value), toDecimal(high.value)]
  if (from === undefined || to === undefined) return false
  const sign = compare(from, to)
  return sign > 0 || (sign === 0 && (low.operator === '>' || high.operator === '<'))
}
