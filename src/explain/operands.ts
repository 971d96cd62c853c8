import { type CaseExpression, type Expression } from '../sql/index.ts'
import { equals, type Value } from '../value/index.ts'

/** A sub-expression in its role. */
export interface Part {
  readonly expression: Expression
  readonly role?: string
}

/** The sub-expressions of an expression in their roles, in the order of `operandsOf`; not those of a nested SELECT. */
export function partsOf(expression: Expression, parameters: readonly string[]): readonly Part[] {
  switch (expression.kind) {
    case 'member':
      return [{ expression: expression.object }]
    case 'negate':
    case 'not':
    case 'cast':
      return [{ expression: expression.operand }]
    case 'arithmetic':
    case 'comparison':
      return [{ expression: expression.left }, { expression: expression.right }]
    case 'logical':
      return expression.operands.map((operand) => ({ expression: operand }))
    case 'in':
      return [{ expression: expression.element }, { expression: expression.list, role: 'list' }]
    case 'call':
      return expression.arguments.map((argument, index) => ({
        expression: argument,
        role: parameters[Math.min(index, parameters.length - 1)] ?? `argument ${index + 1}`,
      }))
    case 'array':
      return expression.elements.map((element, index) => ({ expression: element, role: `[${index}]` }))
    case 'object':
      return expression.entries.map(({ key, value }) => ({ expression: value, role: key }))
    case 'case':
      return caseParts(expression)
    default:
      return []
  }
}

function caseParts({ subject, branches, otherwise }: CaseExpression): readonly Part[] {
  return [
    { expression: subject, role: 'CASE' },
    ...branches.flatMap(({ when, then }) => [
      { expression: when, role: 'WHEN' },
      { expression: then, role: 'THEN' },
    ]),
    ...(otherwise === undefined ? [] : [{ expression: otherwise, role: 'ELSE' }]),
  ]
}

/** What a CASE did: the places, among its parts, of those that were evaluated. */
export interface CaseCourse {
  readonly evaluated: ReadonlySet<number>
  /** Index of the branch that was taken, -1 for ELSE, undefined for none. */
  readonly taken: number | undefined
}

export function courseOf(expression: CaseExpression, valueOf: (part: number) => Value): CaseCourse {
  const evaluated = new Set([0])
  const subject = valueOf(0)
  if (subject === undefined) return { evaluated, taken: undefined }
  for (const index of expression.branches.keys()) {
    evaluated.add(2 * index + 1)
    if (equals(subject, valueOf(2 * index + 1))) {
      evaluated.add(2 * index + 2)
      return { evaluated, taken: index }
    }
  }
  if (expression.otherwise === undefined) return { evaluated, taken: undefined }
  evaluated.add(2 * expression.branches.length + 1)
  return { evaluated, taken: -1 }
}
