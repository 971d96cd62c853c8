import { type Failure } from '../errors.ts'
import { evaluate, evaluateErrorAction, takeFailure } from '../evaluate/index.ts'
import { type CompiledRule } from '../rule/index.ts'
import { type Scope } from '../sql/index.ts'
import { type ActiveAction } from './ruleset.ts'

/*
 * The one catch of the message path. Nothing below it throws for any payload that we know of; if something does, it
 * must cost one message and not the process, which the device would bring down again by resending.
 */

/** Evaluates a rule's query; a fault is a failure of the message. */
export function evaluateGuarded(rule: CompiledRule, scope: Scope): ReturnType<typeof evaluate> {
  try {
    return evaluate(rule.query, scope, rule.askingActions)
  } catch (error) {
    return faultOf(error)
  }
}

/** Makes what an action sends; a fault is a failure of the message. */
export function assembleGuarded<Made>(
  action: { assemble(scope: Scope, value: Buffer): Made | Failure },
  scope: Scope,
  value: Buffer,
): Made | Failure {
  try {
    const made = action.assemble(scope, value)
    return takeFailure(scope) ?? made
  } catch (error) {
    return faultOf(error)
  }
}

/** Asks the services that an error action's templates need. Never rejects: what goes wrong here is told by assembling the record. */
export function askGuarded(
  rule: CompiledRule,
  scope: Scope,
  action: ActiveAction,
): undefined | Promise<unknown> {
  try {
    return evaluateErrorAction(rule.query, scope, action.action)?.catch(() => undefined)
  } catch {
    return undefined
  }
}

/** What was thrown, as a failure. */
export function faultOf(error: unknown): Failure {
  const message = `The rule failed unexpectedly (${error instanceof Error ? error.message : String(error)}). Please report it.`
  return { code: 'ENGINE_FAULT', class: 'message', resource: 'topicrule', message }
}
