import { type CallExpression } from '../ast.ts'
import { type Compiled, constantOf, dynamic, folded, heaviest, heaviestOf } from '../compiled.ts'
import { type Compiling } from '../context.ts'
import { preview } from '../diagnostics.ts'
import {
  bindFunction,
  type CallArgument,
  checkCall,
  findFunction,
  functionSpecs,
  type FunctionSpec,
  isProtobuf,
} from '../functions/index.ts'
import { allNearest } from '../../nearest.ts'
import { foreignFunctions } from './foreign-functions.ts'

/** A function call: the name is looked up in any case, the call bound to its arguments once. */
export function compileCall(call: CallExpression, compiling: Compiling): Compiled {
  const operands = call.arguments.map((argument) => compiling.compile(argument))
  const spec = findFunction(call.name)
  if (spec === undefined) {
    reportUnknown(call, compiling)
    return constantOf(undefined)
  }
  const atTop = compiling.frames.length === 0
  const args = operands.map(({ evaluate, constant, value }, index): CallArgument => ({
    evaluate,
    constant,
    value,
    star: atTop && call.arguments[index]!.kind === 'payload',
  }))
  report(call, spec, args, compiling)
  count(call, spec, args, compiling)
  const evaluate = bindFunction(spec, args, compiling.version, compiling.available)
  if (spec.effect === 'pure') return folded(evaluate, operands)
  return dynamic(evaluate, heaviest(spec.effect, heaviestOf(operands)))
}

function report(
  call: CallExpression,
  spec: FunctionSpec,
  args: readonly CallArgument[],
  compiling: Compiling,
): void {
  for (const { code, severity, message, argument, hint } of checkCall(
    spec,
    args,
    compiling.version,
    compiling.available,
  )) {
    const span = (argument === undefined ? undefined : call.arguments[argument]?.span) ?? call.nameSpan
    if (severity === 'error') compiling.findings.error(code, span, message, hint)
    else compiling.findings.warn(code, span, message, hint)
  }
}

/**
 * What AWS bounds per statement. More than one `get_dynamodb` ends the rule without its actions there; here it runs.
 * Source: https://docs.aws.amazon.com/iot/latest/developerguide/iot-sql-functions.html#iot-sql-function-get-dynamodb
 */
function count(
  { nameSpan }: CallExpression,
  spec: FunctionSpec,
  args: readonly CallArgument[],
  { calls, findings }: Compiling,
): void {
  if (spec.name !== 'get_dynamodb' && !(spec.name === 'decode' && isProtobuf(args))) return
  const calledBefore = calls.get(spec.name) ?? 0
  calls.set(spec.name, calledBefore + 1)
  if (spec.name === 'get_dynamodb' && calledBefore === 1) {
    const message = 'AWS runs no action of a rule that calls get_dynamodb() more than once.'
    findings.warn('SQL_CALL_LIMIT', nameSpan, message)
  } else if (spec.name === 'decode' && calledBefore === 2) {
    const message = "A statement can use decode() with 'proto' twice at most."
    findings.error('SQL_CALL_LIMIT', nameSpan, message, 'keep the object in a SET variable')
  }
}

function reportUnknown({ name, nameSpan }: CallExpression, { findings }: Compiling): void {
  const lower = name.toLowerCase()
  const known = Object.hasOwn(foreignFunctions, lower) ? foreignFunctions[lower] : undefined
  const close = allNearest(name, [...functionSpecs.map((spec) => spec.name), 'cast'])
  const hint = known ?? (close.length === 0 ? undefined : `did you mean ${close.join(' or ')}?`)
  findings.error('SQL_UNKNOWN_FUNCTION', nameSpan, `There is no function ${preview(name)}.`, hint)
}
