import { type Failure } from '../errors.ts'
import { createScope, evaluate, type Evaluation } from '../evaluate/index.ts'
import { type Message } from '../message/index.ts'
import { compileRule, type CompiledRule, createTrigger } from '../rule/index.ts'
import { type Environment, whatPayloadIs } from '../sql/index.ts'
import { Payload } from '../value/index.ts'
import { explainAction, explainErrorAction } from './actions.ts'
import { Allowance } from './bounds.ts'
import { type Explanation, type PayloadExplanation } from './explanation.ts'
import { Recorder } from './recorder.ts'
import { type Run } from './run.ts'
import { explainStatement } from './statement.ts'
import { explainTopic } from './topic.ts'

/** Rules compiled again to be watched, when they are explained for the first time. */
const watched = new WeakMap<CompiledRule, CompiledRule>()

/**
 * Runs one rule on one message and keeps every step: what the topic, SET, WHERE, SELECT and the templates came to,
 * and why where something is Undefined. The result is that of an ordinary run; nothing is sent anywhere. Never
 * throws for what is in a message.
 */
export async function explainRule(
  rule: CompiledRule,
  message: Message,
  environment: Environment,
): Promise<Explanation> {
  const seen = createTrigger(rule).topicSeen(message.topic)
  const start = {
    rule: rule.name,
    version: rule.version,
    sql: rule.query.text,
    ...(rule.disabled ? { disabled: true as const } : {}),
    topic: explainTopic(rule, message.topic, seen),
    payload: explainPayload(message.payload),
  }
  if (seen === undefined) return { ...start, selected: false }
  const traced = watchedRule(rule)
  const recorder = new Recorder()
  const scope = createScope(traced, seen, message, new Payload(message.payload), environment, recorder)
  const evaluation = await evaluate(traced.query, scope, traced.askingActions)
  const run: Run = { traced, scope, recorder, allowance: new Allowance(), variables: new Map() }
  const made = await explainRun(run, evaluation)
  const isCut = run.allowance.isSpent || recorder.isFull
  return { ...start, ...made, ...(isCut ? { cut: 'sub-expressions were left out: there are too many' } : {}) }
}

/** The statement comes first: the error action may evaluate SET again. */
async function explainRun(
  run: Run,
  evaluation: Evaluation | Failure,
): Promise<Pick<Explanation, 'selected' | 'actions' | 'errorAction' | 'failure'>> {
  const failure = 'class' in evaluation ? evaluation : undefined
  const output = 'matched' in evaluation && evaluation.matched ? evaluation.output : undefined
  const statement = explainStatement(run, output, failure !== undefined)
  const selected = output !== undefined
  if (!selected && failure === undefined) return { selected, ...statement }
  const actions = selected
    ? run.traced.actions.map((action) => explainAction(run, action, output))
    : undefined
  const failed = failure !== undefined || actions?.some((action) => action.failure !== undefined) === true
  const errorAction = await explainErrorAction(run, failed)
  return {
    selected,
    ...statement,
    ...(actions === undefined ? {} : { actions }),
    ...(failure === undefined ? {} : { failure }),
    ...(errorAction === undefined ? {} : { errorAction }),
  }
}

function explainPayload(bytes: Buffer): PayloadExplanation {
  const json = new Payload(bytes).isJson
  return { bytes: bytes.length, json, ...(json ? {} : { fault: whatPayloadIs(bytes) }) }
}

function watchedRule(rule: CompiledRule): CompiledRule {
  const known = watched.get(rule)
  if (known !== undefined) return known
  const result = compileRule(rule.document, { ...rule.options, name: rule.name, tracing: true })
  if (!result.ok)
    throw new Error(`rule ${rule.name} does not compile again: ${result.diagnostics[0]?.message}`)
  watched.set(rule, result.rule)
  return result.rule
}
