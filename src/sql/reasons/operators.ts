import { compare, isNumeric, toBoolean, toDecimal, toText } from '../../value/index.ts'
import { type ArithmeticOperator, type ComparisonOperator } from '../ast.ts'
import { about, fromOperand, code, type Operand, type Reason } from './reason.ts'

const NO_NUMBER = 'which is not a number'

/** The conditions of `operators/arithmetic.ts`, in their order. */
export function whyArithmetic(operator: ArithmeticOperator, operands: readonly Operand[]): Reason {
  const undefinedOne = fromOperand(operands)
  if (undefinedOne !== undefined) return undefinedOne
  const [left, right] = operands as readonly [Operand, Operand]
  if (operator === '+' && operands.some(({ value }) => typeof value === 'string')) {
    const textless = operands.find(({ value }) => toText(value) === undefined)
    if (textless !== undefined) return about(textless, 'which has no String form to join')
  }
  const other = operands.find(({ value }) => toDecimal(value) === undefined)
  if (other !== undefined) return about(other, NO_NUMBER)
  const divisor = toDecimal(right.value)!
  if ((operator === '/' || operator === '%') && isNumeric(divisor) && compare(divisor, 0) === 0) {
    return { text: right.text === '0' ? 'division by zero' : `division by zero: ${code(right.text)} is 0` }
  }
  return {
    text: `the result of ${code(left.text)} ${operator} ${code(right.text)} is out of the range of a Decimal`,
  }
}

export function whyOrder(operator: ComparisonOperator, operands: readonly Operand[]): Reason | undefined {
  const other = operands.find(({ value }) => toDecimal(value) === undefined)
  return other && about(other, `${NO_NUMBER}; ${operator} compares numbers`)
}

export function whyLogical(operator: 'AND' | 'OR' | 'NOT', operands: readonly Operand[]): Reason | undefined {
  const index = operands.findIndex(({ value, evaluated }) => evaluated && toBoolean(value) === undefined)
  if (index < 0) return undefined
  if (operands[index]!.value === undefined) return fromOperand(operands, [index])
  return about(operands[index]!, `which is not a Boolean; ${operator} takes Booleans alone`)
}
