import { type Expression, type Operand } from '../sql/index.ts'
import { isArray, isNumeric, toBoolean, typeOf, type Value } from '../value/index.ts'

/** What made a Boolean what it is, and which operands did. */
export interface Decision {
  readonly note?: string
  readonly decidedBy?: readonly number[]
}

/** Says how the value of an operator came about. */
export function decisionOf(expression: Expression, operands: readonly Operand[], value: Value): Decision {
  if (typeof value !== 'boolean') return {}
  switch (expression.kind) {
    case 'logical': {
      const deciding = expression.operator === 'OR'
      if (value !== deciding) return { decidedBy: [...operands.keys()] }
      const first = operands.findIndex(
        (operand) => operand.evaluated && toBoolean(operand.value) === deciding,
      )
      return first < 0 ? {} : { decidedBy: [first] }
    }
    case 'not':
      return { decidedBy: [0] }
    case 'comparison':
      return compared(expression.operator, operands, value)
    case 'in': {
      const list = operands[1]!.value
      return value || !isArray(list) ? {} : { note: `it equals none of ${list.length}` }
    }
    default:
      return {}
  }
}

/** A comparison across types is the usual reason for one that is never true. */
function compared(operator: string, operands: readonly Operand[], value: boolean): Decision {
  const [left, right] = operands.map((operand) => operand.value)
  const [leftType, rightType] = [typeOf(left), typeOf(right)]
  const comparable = leftType === rightType || (isNumeric(left!) && isNumeric(right!))
  if (comparable || (operator !== '=' && operator !== '<>') || value === (operator === '=')) return {}
  return { note: `${leftType} and ${rightType} are never equal` }
}
