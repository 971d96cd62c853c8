import { randomUUID } from 'node:crypto'
import { type Diagnostic, type Failure } from '../errors.ts'
import { createScope, evaluate, type Evaluation, takeFailure } from '../evaluate/index.ts'
import { type Explanation, explainRule } from '../explain/index.ts'
import { type Message } from '../message/index.ts'
import {
  compileRule as compileDocument,
  type CompiledRule,
  createTrigger,
  type Trigger,
} from '../rule/index.ts'
import { protobufDirectory } from '../services/index.ts'
import { type Environment, type Scope } from '../sql/index.ts'
import { Payload } from '../value/index.ts'
import { messageOf, type TestMessage } from './message.ts'
import { type CompileOptions } from './options.ts'
import { type ActionResult, errorOf, resultOf, type RuleResult } from './result.ts'
import { servicesOf } from './services.ts'
import { type Trial, type TrialOptions, tryActions, tryErrorAction } from './trial.ts'

export type CompileRuleResult =
  | { readonly ok: true; readonly rule: Rule; readonly warnings: readonly Diagnostic[] }
  | { readonly ok: false; readonly diagnostics: readonly Diagnostic[] }

/**
 * Compiles a rule document: a `topicRulePayload`, `{ruleName, topicRulePayload}`, or the output of `get-topic-rule`.
 * A document without a name gets `options.name`, else `rule`. Never throws: all faults at once in `diagnostics`.
 *
 * ```ts
 * const compiled = compileRule({ sql: "SELECT temperature FROM 'sensors/+' WHERE temperature > 30", actions: [] })
 * if (compiled.ok) await compiled.rule.evaluate({ topic: 'sensors/1', payload: { temperature: 31 } })
 * ```
 */
export function compileRule(document: unknown, options: CompileOptions = {}): CompileRuleResult {
  const { services = {}, protobufDirectory: directory, ...rest } = options
  const known = new Set(Object.keys(services).map((name) => name.toLowerCase()))
  const result = compileDocument(document, {
    ...rest,
    name: options.name ?? 'rule',
    services: known,
    protobuf: directory === undefined ? undefined : protobufDirectory(directory),
  })
  if (!result.ok) return result
  return { ok: true, rule: new Rule(result.rule, options), warnings: result.warnings }
}

/** A compiled rule that can be asked what it makes of a message. Nothing is sent anywhere. */
export class Rule {
  readonly name: string
  /** From `ruleDisabled`; a disabled rule can be tried all the same. */
  readonly disabled: boolean
  /** False when the document has an action that this product does not run. */
  readonly deliverable: boolean
  readonly #rule: CompiledRule
  readonly #options: CompileOptions
  readonly #trigger: Trigger
  readonly #surroundings: Partial<Environment>

  /** For `compileRule` and `within` alone. */
  constructor(rule: CompiledRule, options: CompileOptions, surroundings: Partial<Environment> = {}) {
    this.#surroundings = surroundings
    this.name = rule.name
    this.disabled = rule.disabled
    this.deliverable = rule.deliverable
    this.#rule = rule
    this.#options = options
    this.#trigger = createTrigger(rule)
  }

  /** The same rule, not compiled again, where clock, chance, account or services are others. */
  within(surroundings: Partial<Environment>): Rule {
    return new Rule(this.#rule, this.#options, { ...this.#surroundings, ...surroundings })
  }

  /** The rule as compiled, for those who look into its statement and templates. */
  get compiled(): CompiledRule {
    return this.#rule
  }

  /** Runs statement and templates on one message. */
  async evaluate(input: TestMessage): Promise<RuleResult> {
    return this.run(input)
  }

  /** The same, without a promise where no service has to be waited for. */
  run(input: TestMessage): RuleResult | Promise<RuleResult> {
    const topic = this.#trigger.topicSeen(input.topic)
    if (topic === undefined) return UNMATCHED
    const now = this.#clockOf(input)
    const message = messageOf(input, now)
    return this.runOn(message, topic, new Payload(message.payload), this.#environmentAt(now))
  }

  /** The same for a message whose topic is known to trigger the rule; `payload` may be shared with other rules. */
  runOn(
    message: Message,
    topic: string,
    payload: Payload,
    environment: Environment,
  ): RuleResult | Promise<RuleResult> {
    const scope = createScope(this.#rule, topic, message, payload, environment)
    const evaluation = evaluate(this.#rule.query, scope, this.#rule.askingActions)
    if (!(evaluation instanceof Promise)) return this.#resultOf(scope, evaluation)
    return evaluation.then((settled) => this.#resultOf(scope, settled))
  }

  /** Runs statement and templates, and tells of each action by itself, and of the error action where one failed. */
  async trial(input: TestMessage, options: TrialOptions = {}): Promise<Trial> {
    const topic = this.#trigger.topicSeen(input.topic)
    if (topic === undefined) return { matched: false, selected: false, actions: [], failures: [] }
    const now = this.#clockOf(input)
    const message = messageOf(input, now)
    const scope = createScope(
      this.#rule,
      topic,
      message,
      new Payload(message.payload),
      this.#environmentAt(now),
    )
    const evaluation = await evaluate(this.#rule.query, scope, this.#rule.askingActions)
    const trial = tryActions(this.#rule, scope, evaluation, options)
    return trial.failures.length === 0 ? trial : tryErrorAction(this.#rule, scope, trial)
  }

  /**
   * Runs statement and templates on one message and keeps every step: the value of each sub-expression, why WHERE was
   * not true, where an Undefined comes from. `renderExplanation` makes text of it, `explanationJson` JSON.
   */
  async explain(input: TestMessage): Promise<Explanation> {
    const now = this.#clockOf(input)
    return explainRule(this.#rule, messageOf(input, now), this.#environmentAt(now))
  }

  #resultOf(scope: Scope, evaluation: Evaluation | Failure): RuleResult {
    if ('class' in evaluation) return { ...UNSELECTED, error: { action: 'sql', ...evaluation } }
    if (!evaluation.matched) return UNSELECTED
    const { output } = evaluation
    const actions: ActionResult[] = []
    let error: RuleResult['error']
    for (const action of this.#rule.actions) {
      const assembled = action.assemble(scope, output)
      const made = takeFailure(scope) ?? assembled
      if ('class' in made) error ??= errorOf(action, made)
      else actions.push(resultOf(made))
    }
    const result = { matched: true, selected: true, output, actions }
    return error === undefined ? result : { ...result, error }
  }

  #clockOf(input: TestMessage): number {
    return input.timestamp ?? this.#surroundings.now?.() ?? this.#options.now?.() ?? Date.now()
  }

  #environmentAt(now: number): Environment {
    const { accountId = '000000000000', random = Math.random, newUuid = randomUUID, services } = this.#options
    const environment: Environment = { accountId, now: () => now, random, newUuid: () => newUuid() }
    return {
      ...environment,
      ...(services !== undefined && { services: servicesOf(services) }),
      ...this.#surroundings,
      now: environment.now,
    }
  }
}

const UNMATCHED: RuleResult = { matched: false, selected: false, actions: [] }
const UNSELECTED: RuleResult = { matched: true, selected: false, actions: [] }
