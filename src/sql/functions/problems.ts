import { typeOf } from '../../value/index.ts'
import { isAvailable, type SqlVersion } from '../versions.ts'
import { converterOf } from './convert.ts'
import { type CallArgument, type CallProblem, type FunctionSpec } from './spec.ts'

/** A call of a function that the rule's language version does not have yet. */
export function versionProblem({ name, since }: FunctionSpec, version: SqlVersion): CallProblem | undefined {
  if (isAvailable(since, version)) return undefined
  return {
    code: 'SQL_FUNCTION_NOT_IN_VERSION',
    severity: 'error',
    message: `${name}() exists from version ${since} on; this rule is of version ${version}.`,
    hint: `Set awsIotSqlVersion to "${since}".`,
  }
}

/** A call with too few or too many arguments: Undefined, always. */
export function arityProblem({ name, arity }: FunctionSpec, given: number): CallProblem | undefined {
  if (given >= arity.min && given <= arity.max) return undefined
  const message = `${name}() takes ${arityText(arity)}, not ${given}; the call is always Undefined.`
  return { code: 'SQL_ARGUMENT_COUNT', severity: 'warning', message }
}

/** Constant arguments that do not become their parameter's type: Undefined, always. */
export function conversionProblems(
  { name, params }: FunctionSpec,
  args: readonly CallArgument[],
): CallProblem[] {
  return args.flatMap(({ constant, value }, argument) => {
    const parameter = params[Math.min(argument, params.length - 1)]!
    const convert = converterOf(parameter)
    if (!constant || convert === undefined || convert(value) !== undefined) return []
    const message = `${name}() needs ${parameter.type} as ${parameter.name}, which this ${typeOf(value)} does not become; the call is always Undefined.`
    return [{ code: 'SQL_ARGUMENT_TYPE' as const, severity: 'warning' as const, message, argument }]
  })
}

function arityText({ min, max }: { min: number; max: number }): string {
  const noun = (count: number): string => `${count} argument${count === 1 ? '' : 's'}`
  if (max === Infinity) return `at least ${noun(min)}`
  return min === max ? noun(min) : `${min} to ${noun(max)}`
}
