import { type Expression, type Operand } from '../sql/index.ts'
import { isArray, isNumeric, toBoolean, typeOf, type Value } from '../value/index.ts'

/** What made a Boolean what it is, and which operands did. */
export interface Decision {
  readonly note?: string
  readonly decidedBy?: readonly number[]
}

/** Says how the value of an operator came about. */
export function decisionOf(expression: Expression, operands: readonly Operand[], value: Value): Decision {
  if (expression.kind === 'arithmetic') return joined(expression.operator, operands, value)
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
      return value || !isArray(list) ? {} : { note: notIn(operands[0]!.value, [...list]) }
    }
    default:
      return {}
  }
}

/** Numbers in quotes are the usual reason for texts where a sum was meant. */
function joined(operator: string, operands: readonly Operand[], value: Value): Decision {
  const isMixed = operands.some((operand) => typeof operand.value !== 'string')
  if (operator !== '+' || typeof value !== 'string' || !isMixed) return {}
  return { note: 'an operand is a String, so + joins texts' }
}

function notIn(value: Value, list: readonly Value[]): string {
  const types = [...new Set(list.map((each) => (isNumeric(each!) ? 'number' : typeOf(each))))]
  const own = isNumeric(value!) ? 'number' : typeOf(value)
  const [only] = types
  if (types.length !== 1 || only === own) return `it equals none of ${list.length}`
  return `it equals none of ${list.length}, for each is ${only === 'number' ? 'a number' : `of the type ${only}`}`
}

/** A comparison across types is the usual reason for one that is never true. */
function compared(operator: string, operands: readonly Operand[], value: boolean): Decision {
  const [left, right] = operands.map((operand) => operand.value)
  const [leftType, rightType] = [typeOf(left), typeOf(right)]
  const comparable = leftType === rightType || (isNumeric(left!) && isNumeric(right!))
  if ((operator !== '=' && operator !== '<>') || value === (operator === '=')) return {}
  if (typeof left === 'string' && typeof right === 'string') return unlike(left, right)
  if (comparable) return {}
  return { note: `${leftType} and ${rightType} are never equal` }
}

/** Texts that a reader takes for the same. */
function unlike(left: string, right: string): Decision {
  if (left.toLowerCase() === right.toLowerCase())
    return { note: 'they differ in upper and lower case alone; lower() makes them equal' }
  return left.trim() === right.trim() ? { note: 'they differ in blanks at their ends alone' } : {}
}
