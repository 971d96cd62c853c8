import { abs } from './abs.ts'
import { type FunctionSpec } from './spec.ts'

export { bindFunction, checkCall } from './bind.ts'
export { defineFunction, optional, param, rest } from './define.ts'
export {
  type CallArgument,
  type CallProblem,
  type Conversion,
  type DeclaredType,
  type Effect,
  type Example,
  type FunctionSpec,
  type Param,
} from './spec.ts'

/** Every function of the language that this release knows, in alphabetical order. */
export const functionSpecs: readonly FunctionSpec[] = [abs]

const byName = new Map(functionSpecs.map((spec) => [spec.name.toLowerCase(), spec]))

/** Finds a function by its name in any case. */
export function findFunction(name: string): FunctionSpec | undefined {
  return byName.get(name.toLowerCase())
}
