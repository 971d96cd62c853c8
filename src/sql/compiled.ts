import { type Value } from '../value/index.ts'
import { type Effect } from './functions/index.ts'
import { type Evaluator, type Scope } from './scope.ts'

/** A sub-expression made ready to run. */
export interface Compiled {
  readonly evaluate: Evaluator
  readonly effect: Effect
  /** True when `value` is known now; `evaluate` then yields it whatever the scope. */
  readonly constant: boolean
  readonly value: Value
}

const effects: readonly Effect[] = ['pure', 'message', 'clock', 'random', 'remote']

/** The heaviest of several effects. */
export function heaviest(...parts: readonly Effect[]): Effect {
  return effects[Math.max(0, ...parts.map((effect) => effects.indexOf(effect)))]!
}

export function heaviestOf(parts: readonly Compiled[]): Effect {
  return heaviest(...parts.map((part) => part.effect))
}

export function constantOf(value: Value): Compiled {
  return { evaluate: () => value, effect: 'pure', constant: true, value }
}

export function dynamic(evaluate: Evaluator, effect: Effect): Compiled {
  return { evaluate, effect, constant: false, value: undefined }
}

/** Constant operands never look at their scope. */
const noScope = {} as Scope

/** The result of a pure operation on `operands`: computed now when all of them are constant. */
export function folded(evaluate: Evaluator, operands: readonly Compiled[]): Compiled {
  if (operands.every((operand) => operand.constant)) return constantOf(evaluate(noScope))
  return dynamic(evaluate, heaviestOf(operands))
}
