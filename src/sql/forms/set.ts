import { type Assignment } from '../ast.ts'
import { heaviest } from '../compiled.ts'
import { type Compiling, type Variable } from '../context.ts'
import { type Effect } from '../functions/index.ts'
import { type Evaluator, type Scope } from '../scope.ts'
import { sizeOf } from '../size.ts'

/** Bounds of the SET clause. Source: https://docs.aws.amazon.com/iot/latest/developerguide/iot-sql-set.html */
const variableLimits = { count: 10, name: 64, bytes: 128 * 1024 } as const

export interface CompiledSet {
  readonly variables: ReadonlyMap<string, Variable>
  readonly assign: ((scope: Scope) => void) | undefined
  readonly effect: Effect
}

/**
 * Compiles the assignments in order; each sees the variables before it. A value that does not fit into 128 KiB, alone
 * or with the ones before, is Undefined.
 */
export function compileSet(
  assignments: readonly Assignment[],
  variables: Map<string, Variable>,
  compiling: Compiling,
): CompiledSet {
  const evaluators: Evaluator[] = []
  for (const assignment of assignments) {
    const { evaluate, effect } = compiling.compile(assignment.value)
    check(assignment, variables, compiling)
    variables.set(assignment.name, { slot: evaluators.length, effect })
    evaluators.push(evaluate)
  }
  const effect = heaviest(...[...variables.values()].map((variable) => variable.effect))
  return { variables, assign: evaluators.length === 0 ? undefined : assignAll(evaluators), effect }
}

function check(
  { name, nameSpan }: Assignment,
  variables: ReadonlyMap<string, Variable>,
  { findings }: Compiling,
): void {
  if (variables.has(name)) {
    findings.error(
      'SQL_VARIABLE_TWICE',
      nameSpan,
      `@${name} is assigned twice.`,
      'a variable keeps its first value',
    )
  } else if (name.length > variableLimits.name) {
    const message = `The name of a variable has ${name.length} characters; at most ${variableLimits.name} are allowed.`
    findings.error('SQL_VARIABLE_LIMIT', nameSpan, message)
  } else if (variables.size === variableLimits.count) {
    const message = `SET assigns more than ${variableLimits.count} variables.`
    findings.error('SQL_VARIABLE_LIMIT', nameSpan, message, 'put several values into one object')
  }
}

function assignAll(evaluators: readonly Evaluator[]): (scope: Scope) => void {
  return (scope) => {
    let room: number = variableLimits.bytes
    for (let slot = 0; slot < evaluators.length; slot++) {
      const value = evaluators[slot]!(scope)
      const left = room - sizeOf(value, room)
      scope.variables[slot] = left < 0 ? undefined : value
      if (left >= 0) room = left
    }
  }
}
