import { type Message } from '../message/index.ts'
import {
  type CompiledQuery,
  type Environment,
  RemoteCalls,
  type Scope,
  type SqlVersion,
  type Tracer,
} from '../sql/index.ts'
import { type Payload, type PayloadView, type Value } from '../value/index.ts'

/** What evaluation needs to know of a rule. */
export interface EvaluatedRule {
  readonly name: string
  readonly version: SqlVersion
  readonly query: CompiledQuery
  /** True when a template of an action calls a service. */
  readonly templatesAskServices?: boolean
}

const NOTHING: Value[] = []

/** One message on its way through one rule. A class, so that all closures see one shape. */
class MessageScope implements Scope {
  readonly message: Message
  readonly ruleName: string
  readonly topic: string
  readonly payload: PayloadView
  readonly environment: Environment
  readonly variables: Value[]
  readonly frames: Value[] = NOTHING
  readonly remote: RemoteCalls | undefined
  readonly tracer: Tracer | undefined

  constructor(
    rule: EvaluatedRule,
    topic: string,
    message: Message,
    payload: Payload,
    environment: Environment,
    tracer: Tracer | undefined,
  ) {
    const { query } = rule
    this.message = message
    this.ruleName = rule.name
    this.topic = topic
    this.payload = payload.view(rule.version === '2015-10-08' ? 'keep' : 'int')
    this.variables = query.assign === undefined ? NOTHING : []
    const asks = query.effect === 'remote' || rule.templatesAskServices === true
    this.remote = asks ? new RemoteCalls(environment) : undefined
    this.environment = this.remote?.environment ?? environment
    this.tracer = tracer
  }
}

/**
 * Makes the scope in which a rule's statement and templates run. `topic` has no Basic Ingest prefix; `tracer` watches
 * rules that were compiled with tracing.
 */
export function createScope(
  rule: EvaluatedRule,
  topic: string,
  message: Message,
  payload: Payload,
  environment: Environment,
  tracer?: Tracer,
): Scope {
  return new MessageScope(rule, topic, message, payload, environment, tracer)
}
