import { type Expression, type SelectClause } from './ast.ts'

function selectedValues(clause: SelectClause): readonly Expression[] {
  return clause.kind === 'value' ? [clause.value] : clause.items.map((item) => item.value)
}

/** The direct sub-expressions of an expression, in the order of the text where that is cheap. */
export function childrenOf(expression: Expression): readonly Expression[] {
  switch (expression.kind) {
    case 'literal':
    case 'field':
    case 'payload':
    case 'variable':
      return []
    case 'member':
      return [expression.object]
    case 'negate':
    case 'not':
    case 'cast':
      return [expression.operand]
    case 'arithmetic':
    case 'comparison':
      return [expression.left, expression.right]
    case 'logical':
      return expression.operands
    case 'in':
      return [expression.element, expression.list]
    case 'exists':
      return [expression.query]
    case 'call':
      return expression.arguments
    case 'array':
      return expression.elements
    case 'object':
      return expression.entries.map((entry) => entry.value)
    case 'case': {
      const branches = expression.branches.flatMap(({ when, then }) => [when, then])
      return [
        expression.subject,
        ...branches,
        ...(expression.otherwise === undefined ? [] : [expression.otherwise]),
      ]
    }
    case 'select': {
      const where = expression.where === undefined ? [] : [expression.where]
      return [...selectedValues(expression.select), expression.source, ...where]
    }
  }
}

/** Whether a tree is deeper than `limit`, and how many literals it has; walks without recursion, so any depth is safe. */
export function measure(root: Expression, limit: number): { isTooDeep: boolean; literals: number } {
  let level: readonly Expression[] = [root]
  let literals = 0
  for (let depth = 0; level.length > 0; depth++) {
    if (depth >= limit) return { isTooDeep: true, literals }
    for (const each of level) {
      if (each.kind === 'literal') literals += 1
      else if (each.kind === 'object') literals += each.entries.length
    }
    level = level.flatMap(childrenOf)
  }
  return { isTooDeep: false, literals }
}

/** The first expression of a kind in a tree that is not too deep. */
export function findKind(root: Expression, kind: Expression['kind']): Expression | undefined {
  if (root.kind === kind) return root
  for (const child of childrenOf(root)) {
    const found = findKind(child, kind)
    if (found !== undefined) return found
  }
  return undefined
}
