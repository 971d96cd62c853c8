import { type Value, wholeToInt } from '../../value/index.ts'
import { type Scope } from '../scope.ts'
import { versionTraits } from '../versions.ts'
import { type CallProblem, type FunctionDefinition } from './spec.ts'

type ServiceParts = Required<
  Pick<FunctionDefinition<readonly [], 'Any', 'remote'>, 'configuration' | 'prepare'>
> & {
  readonly evaluate: (scope: Scope, ...args: Value[]) => Value
  readonly whyUndefined: (scope: Scope, ...args: Value[]) => string | undefined
}

/**
 * What the functions that call a service share. An Undefined argument makes the call Undefined without asking;
 * `counts` are the numbers of arguments it takes, where not every one between the fewest and the most will do.
 */
export function service(name: string, counts?: readonly number[]): ServiceParts {
  const ask = (scope: Scope, ...args: Value[]): Value =>
    args.includes(undefined) ? undefined : scope.remote?.ask(name, args, scope)
  return {
    configuration: `services.${name}`,
    evaluate: ask,
    whyUndefined: (scope, ...args) => scope.remote?.whyUndefined(name, args),
    prepare: (call, version) => {
      if (counts !== undefined && !counts.includes(call.length)) {
        return { problems: [countProblem(name, counts, call.length)], evaluator: () => undefined }
      }
      if (versionTraits[version].wholeDecimals !== 'int') return undefined
      return { evaluate: (scope: Scope, ...args: Value[]) => wholeToInt(ask(scope, ...args)) }
    },
  }
}

function countProblem(name: string, counts: readonly number[], given: number): CallProblem {
  const message = `${name}() takes ${counts.join(' or ')} arguments, not ${given}; the call is always Undefined.`
  return { code: 'SQL_ARGUMENT_COUNT', severity: 'warning', message }
}
