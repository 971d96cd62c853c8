import { type Expression, type NestedSelect, type SelectClause } from './ast.ts'
import { childrenOf } from './children.ts'
import { findFunction } from './functions/index.ts'

/** Units of a call whose spec does not say otherwise. */
const CALL = 4

/**
 * Units of work that one evaluation of an expression takes, apart from what its values make it take: rows of a nested
 * SELECT, elements and long texts count when they are met.
 */
export function weightOf(expression: Expression): number {
  switch (expression.kind) {
    case 'literal':
      return 0
    case 'select':
      return 4 + weightOf(expression.source)
    case 'exists':
      return 4 + weightOf(expression.query.source)
    case 'call':
      return weightOfCall(expression.name) + weightOfAll(expression.arguments)
    case 'arithmetic':
    case 'cast':
      return 4 + weightOfAll(childrenOf(expression))
    default:
      return 2 + weightOfAll(childrenOf(expression))
  }
}

/** Units of one row of a nested SELECT: its WHERE and what it selects. */
export function weightOfRow({ select, where }: NestedSelect): number {
  return 2 + weightOfClause(select) + (where === undefined ? 0 : weightOf(where))
}

export function weightOfClause(clause: SelectClause): number {
  if (clause.kind === 'value') return weightOf(clause.value)
  return weightOfAll(clause.items.map(({ value }) => value)) + 2 * clause.items.length
}

function weightOfCall(name: string): number {
  return findFunction(name)?.work?.call ?? CALL
}

function weightOfAll(expressions: readonly Expression[]): number {
  return expressions.reduce((sum, each) => sum + weightOf(each), 0)
}
