import { type Expression, type StandaloneExpression } from './ast.ts'
import { childrenOf } from './children.ts'
import { findFunction } from './functions/index.ts'

/** Whether an expression may differ from message to message: it reads payload, message, SET variables, clock or chance. */
export function readsMessage({ expression }: StandaloneExpression): boolean {
  return reads(expression)
}

function reads(expression: Expression): boolean {
  switch (expression.kind) {
    case 'field':
    case 'payload':
    case 'variable':
      return true
    case 'call': {
      const effect = findFunction(expression.name)?.effect
      if (effect !== 'pure' && effect !== 'remote') return true
    }
  }
  return childrenOf(expression).some(reads)
}
