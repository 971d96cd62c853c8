import { type Failure } from '../errors.ts'
import { evaluateErrorAction, type Evaluation, takeFailure } from '../evaluate/index.ts'
import { type CompiledAction, type CompiledRule, errorDocument } from '../rule/index.ts'
import { type Scope } from '../sql/index.ts'
import { type ActionResult, errorOf, resultOf } from './result.ts'

export interface TrialOptions {
  /** Indices of actions whose delivery is to fail, as when Kafka cannot be reached. */
  readonly failing?: readonly number[]
}

/** What one action has for a message, or why it has nothing. */
export interface ActionTrial {
  readonly kind: CompiledAction['kind']
  /** Position in the document's `actions`; 0 for the error action. */
  readonly index: number
  readonly made?: ActionResult
  readonly failure?: Failure
}

/** What a rule makes of one message, action by action. */
export interface Trial {
  readonly matched: boolean
  readonly selected: boolean
  /** Present when `selected`. */
  readonly output?: Buffer
  /** One entry per action that this product runs. */
  readonly actions: readonly ActionTrial[]
  /** What failed, as the error action lists it. */
  readonly failures: readonly (Failure & { readonly action: string })[]
  /** Present when something failed and the rule has one. */
  readonly errorAction?: ActionTrial
}

export function tryActions(
  rule: CompiledRule,
  scope: Scope,
  evaluation: Evaluation | Failure,
  { failing = [] }: TrialOptions,
): Trial {
  if ('class' in evaluation) {
    return { matched: true, selected: false, actions: [], failures: [{ action: 'sql', ...evaluation }] }
  }
  if (!evaluation.matched) return { matched: true, selected: false, actions: [], failures: [] }
  const { output } = evaluation
  const actions = rule.actions.map((action) => tryAction(scope, action, output))
  const failures = rule.actions.flatMap((action, at) => {
    const failure = actions[at]!.failure ?? (failing.includes(action.index) ? undelivered(action) : undefined)
    return failure === undefined ? [] : [errorOf(action, failure)]
  })
  return { matched: true, selected: true, output, actions, failures }
}

/** What the error action has for the failures of a trial, in the scope in which they came about. */
export async function tryErrorAction(rule: CompiledRule, scope: Scope, trial: Trial): Promise<Trial> {
  const { errorAction } = rule
  if (errorAction === undefined) return trial
  await evaluateErrorAction(rule.query, scope, errorAction)
  const failures = trial.failures.map((failure) => ({ action: failure.action, failure }))
  const document = errorDocument(rule.name, scope.message, failures)
  return { ...trial, errorAction: tryAction(scope, errorAction, document) }
}

function tryAction(scope: Scope, action: CompiledAction, value: Buffer): ActionTrial {
  const assembled = action.assemble(scope, value)
  const made = takeFailure(scope) ?? assembled
  const { kind, index } = action
  return 'class' in made ? { kind, index, failure: made } : { kind, index, made: resultOf(made) }
}

function undelivered(action: CompiledAction): Failure {
  const [code, resource] =
    action.kind === 'kafka'
      ? (['KAFKA_DELIVERY_FAILED', action.resource] as const)
      : (['REPUBLISH_WITHHELD', action.topic.text] as const)
  return { code, class: 'environment', resource, message: 'The test makes the delivery fail.' }
}
