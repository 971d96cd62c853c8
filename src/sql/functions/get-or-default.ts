import { type Value } from '../../value/index.ts'
import { type Evaluator, type Scope } from '../scope.ts'
import { defineFunction, optional, param } from './define.ts'

export const getOrDefault = defineFunction({
  name: 'get_or_default',
  since: '2016-03-23',
  summary: 'The first argument, or a default when it is Null or Undefined or a service that it calls fails.',
  params: [
    param('value', 'Any', 'What to return if it has a value.'),
    optional('fallback', 'Any', 'What to return instead; Undefined when left out.'),
  ],
  returns: 'Any',
  effect: 'pure',
  evaluate: (value, fallback) => value ?? fallback,
  prepare: ([value, fallback]) => ({ evaluator: orDefault(value!.evaluate, fallback?.evaluate) }),
  whyUndefined: () => 'the value is Null, and there is no default',
  examples: [
    ['get_or_default(null, "d")', 'd'],
    ['get_or_default(0, "d")', 0],
    ['get_or_default(null)', undefined],
  ],
  source: 'iot-sql-functions.html#iot-sql-function-get-or-default',
})

/** Takes the failure of a service; the default is computed only where it is needed. */
function orDefault(evaluate: Evaluator, fallback: Evaluator | undefined): Evaluator {
  return (scope) => {
    const value = scope.remote === undefined ? evaluate(scope) : attempt(evaluate, scope)
    if (value !== undefined && value !== null) return value
    return scope.remote?.waiting === true ? undefined : fallback?.(scope)
  }
}

function attempt(evaluate: Evaluator, scope: Scope): Value {
  const remote = scope.remote!
  // A failure from before fails the pass whatever is computed here.
  if (remote.failure !== undefined) return undefined
  const value = evaluate(scope)
  if (remote.failure === undefined) return value
  remote.failure = undefined
  return undefined
}
