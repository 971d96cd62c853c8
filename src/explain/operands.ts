import { type CaseExpression, childrenOf, type Expression } from '../sql/index.ts'
import { equals, type Value } from '../value/index.ts'

/** A sub-expression in its role. */
export interface Part {
  readonly expression: Expression
  readonly role?: string
}

/** The sub-expressions of an expression in their roles, in the order of `childrenOf`; not those of a nested SELECT. */
export function partsOf(expression: Expression, parameters: readonly string[]): readonly Part[] {
  if (expression.kind === 'exists' || expression.kind === 'select') return []
  const roles = rolesOf(expression, parameters)
  return childrenOf(expression).map((child, index) => {
    const role = roles[index]
    return role === undefined ? { expression: child } : { expression: child, role }
  })
}

function rolesOf(expression: Expression, parameters: readonly string[]): readonly (string | undefined)[] {
  switch (expression.kind) {
    case 'in':
      return [undefined, 'list']
    case 'call':
      return expression.arguments.map(
        (_, index) => parameters[Math.min(index, parameters.length - 1)] ?? `argument ${index + 1}`,
      )
    case 'array':
      return expression.elements.map((_, index) => `[${index}]`)
    case 'object':
      return expression.entries.map(({ key }) => key)
    case 'case':
      return ['CASE', ...expression.branches.flatMap(() => ['WHEN', 'THEN']), 'ELSE']
    default:
      return []
  }
}

/** What a CASE did: the places, among its parts, of those that were evaluated. */
export interface CaseCourse {
  readonly evaluated: ReadonlySet<number>
  /** Index of the branch that was taken, -1 for ELSE, undefined for none. */
  readonly taken: number | undefined
}

/** Follows a CASE through the values of its parts, which are numbered as `partsOf` gives them. */
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
