import { type CallExpression } from '../ast.ts'
import { converterOf, findFunction, type FunctionSpec, type Param, parameterAt } from '../functions/index.ts'
import { type Value } from '../../value/index.ts'
import { describe } from './describe.ts'
import { code, type Operand, type Reason, type ReasonContext } from './reason.ts'

/** The first thing that stopped a call: its arity, an argument that does not convert, or the function itself. */
export function whyCall(
  { name }: CallExpression,
  operands: readonly Operand[],
  context: ReasonContext,
): Reason | undefined {
  const spec = findFunction(name)
  if (spec === undefined) return { text: `there is no function ${name}` }
  const { arity } = spec
  if (operands.length < arity.min || operands.length > arity.max) {
    return { text: `${spec.name}() does not take ${operands.length} arguments` }
  }
  const values: Value[] = []
  for (const [index, operand] of operands.entries()) {
    const parameter = parameterAt(spec.params, index)
    const convert = operand.evaluated ? converterOf(parameter) : undefined
    const value = convert === undefined ? operand.value : convert(operand.value)
    if (convert !== undefined && value === undefined) return whyArgument(spec, parameter, index, operand)
    values.push(value)
  }
  return fromAny(spec, operands) ?? ownReason(spec, values, context) ?? unknown(spec, operands)
}

function whyArgument({ name }: FunctionSpec, { type }: Param, index: number, operand: Operand): Reason {
  const place = `${name}(): argument ${index + 1}`
  const { value, text } = operand
  if (value === undefined) return { text: `${place}, ${code(text)}, is Undefined`, operand: index }
  if (value === null) return { text: `${place}, ${code(text)}, is Null, which has no ${type} form` }
  return { text: `${place}, ${code(text)}, is ${describe(value)}, which does not become ${type}` }
}

function ownReason(
  spec: FunctionSpec,
  values: readonly Value[],
  { scope }: ReasonContext,
): Reason | undefined {
  const { whyUndefined } = spec
  if (whyUndefined === undefined) return undefined
  const args = spec.effect === 'pure' ? values : [scope, ...values]
  const text = (whyUndefined as (...args: readonly unknown[]) => string | undefined)(...args)
  if (text === undefined) return undefined
  return { text: text.startsWith(`${spec.name}()`) ? text : `${spec.name}(): ${text}` }
}

/** A function that takes any value may pass on an Undefined one. */
function fromAny({ name }: FunctionSpec, operands: readonly Operand[]): Reason | undefined {
  const index = operands.findIndex(({ value, evaluated }) => evaluated && value === undefined)
  if (index < 0) return undefined
  return {
    text: `${name}(): argument ${index + 1}, ${code(operands[index]!.text)}, is Undefined`,
    operand: index,
  }
}

function unknown({ name, returns }: FunctionSpec, operands: readonly Operand[]): Reason {
  if (returns === 'Decimal') return { text: `${name}(): the result for ${listed(operands)} is out of range` }
  return { text: `${name}() has no value for ${listed(operands)}` }
}

function listed(operands: readonly Operand[]): string {
  if (operands.length === 0) return 'this message'
  const told = operands.slice(0, 4).map(({ value }) => describe(value))
  return told.join(', ') + (operands.length > 4 ? ', …' : '')
}
