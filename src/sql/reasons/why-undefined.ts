import { isArray, isObject } from '../../value/index.ts'
import { type CaseExpression, type Expression, type NestedSelect } from '../ast.ts'
import { whyCall } from './call.ts'
import { whyArithmetic, whyLogical, whyOrder } from './operators.ts'
import { whyField, whyMember, whyPayload, whyVariable } from './path.ts'
import { about, code, fromOperand, type Operand, type Reason, type ReasonContext } from './reason.ts'

/**
 * Says why an expression that was evaluated is Undefined; `operands` are its sub-expressions in the order of
 * `childrenOf`, of a nested SELECT its source alone.
 */
export function whyUndefined(
  expression: Expression,
  operands: readonly Operand[],
  context: ReasonContext,
): Reason {
  return reasonOf(expression, operands, context) ?? { text: 'it has no value' }
}

function reasonOf(
  expression: Expression,
  operands: readonly Operand[],
  context: ReasonContext,
): Reason | undefined {
  switch (expression.kind) {
    case 'field':
      return whyField(expression.name, context)
    case 'member':
      return whyMember(expression, operands[0]!, context)
    case 'payload':
      return whyPayload(context)
    case 'variable':
      return whyVariable(expression.name)
    case 'arithmetic':
      return whyArithmetic(expression.operator, operands)
    case 'negate':
      return fromOperand(operands) ?? about(operands[0]!, 'which is not a number')
    case 'comparison':
      return fromOperand(operands) ?? whyOrder(expression.operator, operands)
    case 'logical':
      return whyLogical(expression.operator, operands)
    case 'not':
      return whyLogical('NOT', operands)
    case 'in':
      return fromOperand(operands) ?? about(operands[1]!, 'but IN looks in an Array')
    case 'case':
      return whyCase(expression, operands)
    case 'cast':
      return fromOperand(operands) ?? about(operands[0]!, `which does not become ${expression.type}`)
    case 'call':
      return whyCall(expression, operands, context)
    case 'select':
      return whySelect(expression, operands[0]!)
    case 'literal':
      return { text: 'the number is out of range' }
    default:
      return undefined
  }
}

function whyCase(expression: CaseExpression, operands: readonly Operand[]): Reason {
  const subject = fromOperand(operands, [0])
  if (subject !== undefined) return subject
  // The last operand with a value of its own that is a result: THEN at even places, ELSE at the end.
  const results = operands.map((_, index) => index).filter((index) => index > 0 && index % 2 === 0)
  if (expression.otherwise !== undefined) results.push(operands.length - 1)
  const taken = results.findLast((index) => operands[index]!.evaluated)
  if (taken !== undefined && operands[taken]!.value === undefined) return fromOperand(operands, [taken])!
  return about(operands[0]!, 'which no WHEN equals, and there is no ELSE')
}

function whySelect(select: NestedSelect, source: Operand): Reason | undefined {
  if (source.value === undefined) return fromOperand([source])
  if (isObject(source.value)) {
    const object = code(source.text)
    return select.where === undefined
      ? { text: `what is selected of the Object ${object} is Undefined` }
      : { text: `the Object ${object} does not pass the inner WHERE, or what is selected of it is Undefined` }
  }
  return isArray(source.value) ? undefined : about(source, 'but FROM takes an Array or an Object')
}
