import { spend, type Value, wholeToInt } from '../../value/index.ts'
import { type Evaluator, type Scope } from '../scope.ts'
import { type SqlVersion, versionTraits } from '../versions.ts'
import { arityProblem, conversionProblems, versionProblem } from './problems.ts'
import { converterOf } from './convert.ts'
import { type Available, type CallArgument, type CallProblem, type FunctionSpec, type Param } from './spec.ts'

type Evaluate = (...args: unknown[]) => Value

const undefinedEvaluator: Evaluator = () => undefined

/**
 * Looks at one call when its rule is created. Errors refuse the rule; warnings tell of calls that can only be
 * Undefined, which the language allows.
 */
export function checkCall(
  spec: FunctionSpec,
  args: readonly CallArgument[],
  version: SqlVersion,
  available: Available,
): CallProblem[] {
  if (!isConfigured(spec, available)) {
    const message = `${spec.name}() calls a service that is not configured: set ${spec.configuration}.`
    return [{ code: 'SQL_FUNCTION_UNAVAILABLE', severity: 'error', message }]
  }
  const older = versionProblem(spec, version)
  const arity = arityProblem(spec, args.length)
  if (older !== undefined || arity !== undefined) return [older, arity].filter((each) => each !== undefined)
  return [...conversionProblems(spec, args), ...(spec.prepare?.(args, version, available)?.problems ?? [])]
}

/**
 * Binds a call to its arguments: conversions, arity and constants are decided here, once. The evaluator never
 * throws; a call that `checkCall` finds fault with is Undefined.
 */
export function bindFunction(
  spec: FunctionSpec,
  args: readonly CallArgument[],
  version: SqlVersion,
  available: Available,
): Evaluator {
  if (args.length < spec.arity.min || args.length > spec.arity.max) return undefinedEvaluator
  const prepared = spec.prepare?.(args, version, available)
  if (prepared?.problems?.some((problem) => problem.severity === 'error') === true) return undefinedEvaluator
  if (prepared?.evaluator !== undefined) return prepared.evaluator
  const evaluate = (prepared?.evaluate ?? spec.evaluate) as Evaluate
  const perText = spec.work?.text ?? 1
  const bound = args.map((arg, index) => bindArgument(parameterAt(spec.params, index), arg, perText))
  const call = spec.effect === 'pure' ? pureCall(evaluate, bound) : scopedCall(evaluate, bound)
  return spec.returns === 'Decimal' && versionTraits[version].wholeDecimals === 'int' ? asInt(call) : call
}

function isConfigured({ name, configuration }: FunctionSpec, { services }: Available): boolean {
  return configuration === undefined || services.has(name.toLowerCase())
}

/** The parameter that takes the argument at `index`; the last one repeats. */
export function parameterAt(params: readonly Param[], index: number): Param {
  return params[Math.min(index, params.length - 1)]!
}

/** Shows whole Decimals as Ints, as language version 2016-03-23 does. */
function asInt(call: Evaluator): Evaluator {
  return (scope) => {
    const value = call(scope)
    return typeof value === 'number' ? value : wholeToInt(value)
  }
}

interface BoundArgument {
  readonly evaluate: Evaluator
  /** Takes Undefined like any value, where elsewhere it makes the call Undefined. */
  readonly any: boolean
}

/** Shorter texts cost no more than the call that reads them. */
const SHORT_TEXT = 64

function bindArgument(
  parameter: Param,
  { evaluate, constant, value }: CallArgument,
  perText: number,
): BoundArgument {
  const convert = converterOf(parameter)
  const any = convert === undefined
  if (any) return { evaluate, any }
  if (constant) {
    const converted = convert(value)
    if (parameter.type !== 'String' || !isLong(converted)) return { evaluate: () => converted, any }
    const units = (converted.length >> 4) * perText
    return { evaluate: () => (spend(units) ? converted : undefined), any }
  }
  if (parameter.type !== 'String' || perText === 0)
    return { evaluate: (scope) => convert(evaluate(scope)), any }
  return {
    evaluate: (scope) => {
      const converted = convert(evaluate(scope))
      return !isLong(converted) || spend((converted.length >> 4) * perText) ? converted : undefined
    },
    any,
  }
}

function isLong(value: Value): value is string {
  return typeof value === 'string' && value.length >= SHORT_TEXT
}

function pureCall(evaluate: Evaluate, args: readonly BoundArgument[]): Evaluator {
  const [first, second, third] = args
  if (first === undefined) return () => evaluate()
  if (second === undefined) return unary(evaluate, first)
  if (third === undefined) return binary(evaluate, first, second)
  if (args.length === 3) return ternary(evaluate, first, second, third)
  return (scope) => {
    const values = collect(args, scope)
    return values === undefined ? undefined : evaluate(...values)
  }
}

function unary(evaluate: Evaluate, a: BoundArgument): Evaluator {
  const getA = a.evaluate
  if (a.any) return (scope) => evaluate(getA(scope))
  return (scope) => {
    const valueA = getA(scope)
    return valueA === undefined ? undefined : evaluate(valueA)
  }
}

function binary(evaluate: Evaluate, a: BoundArgument, b: BoundArgument): Evaluator {
  const [getA, getB, anyA, anyB] = [a.evaluate, b.evaluate, a.any, b.any]
  return (scope) => {
    const valueA = getA(scope)
    if (valueA === undefined && !anyA) return undefined
    const valueB = getB(scope)
    if (valueB === undefined && !anyB) return undefined
    return evaluate(valueA, valueB)
  }
}

function ternary(evaluate: Evaluate, a: BoundArgument, b: BoundArgument, c: BoundArgument): Evaluator {
  const [getA, getB, getC] = [a.evaluate, b.evaluate, c.evaluate]
  const [anyA, anyB, anyC] = [a.any, b.any, c.any]
  return (scope) => {
    const valueA = getA(scope)
    if (valueA === undefined && !anyA) return undefined
    const valueB = getB(scope)
    if (valueB === undefined && !anyB) return undefined
    const valueC = getC(scope)
    if (valueC === undefined && !anyC) return undefined
    return evaluate(valueA, valueB, valueC)
  }
}

function scopedCall(evaluate: Evaluate, args: readonly BoundArgument[]): Evaluator {
  const [first, second] = args
  if (first === undefined) return (scope) => evaluate(scope)
  if (second === undefined) {
    const { evaluate: get, any } = first
    return (scope) => {
      const value = get(scope)
      return value === undefined && !any ? undefined : evaluate(scope, value)
    }
  }
  return (scope) => {
    const values = collect(args, scope)
    return values === undefined ? undefined : evaluate(scope, ...values)
  }
}

function collect(args: readonly BoundArgument[], scope: Scope): Value[] | undefined {
  const values: Value[] = []
  for (const { evaluate, any } of args) {
    const value = evaluate(scope)
    if (value === undefined && !any) return undefined
    values.push(value)
  }
  return values
}
