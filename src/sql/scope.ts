import { type Failure } from '../errors.ts'
import { type Message } from '../message/index.ts'
import { type PayloadView, type Value } from '../value/index.ts'
import { type RemoteCalls } from './remote.ts'
import { type Tracer } from './trace.ts'

/** What is the same for every message of one engine (or one CLI run); injected so that tests fix clock and chance. */
export interface Environment {
  readonly accountId: string
  /** Milliseconds since the Unix epoch. */
  readonly now: () => number
  /** Uniform in [0, 1). */
  readonly random: () => number
  readonly newUuid: () => string
  /** What the functions with effect `remote` ask; absent where none is configured. */
  readonly services?: Services | undefined
}

/** The services behind functions such as `aws_lambda` and `get_thing_shadow`. */
export interface Services {
  /** `name` is the function's, in lower case; `args` are in the order of the call. Never throws or rejects; ends within a bound of its own. */
  call(name: string, args: readonly Value[], caller: ServiceCaller): Promise<ServiceAnswer>
}

/** For which message and rule a service is called. */
export interface ServiceCaller {
  readonly ruleName: string
  /** As `topic()` shows it. */
  readonly topic: string
  readonly clientId: string | undefined
  readonly traceId: string
}

/** A failure fails the rule for its message, unless the call stands in `get_or_default`. */
export type ServiceAnswer =
  { readonly ok: true; readonly value: Value } | { readonly ok: false; readonly failure: Failure }

/**
 * Everything a compiled expression may read while one message passes through one rule.
 * One object per message and rule; closures receive it as their only argument.
 */
export interface Scope {
  readonly message: Message
  readonly ruleName: string
  /** The topic as `topic()` shows it: Basic Ingest prefix removed. */
  readonly topic: string
  /** The original payload, decoded on demand for the rule's language version. */
  readonly payload: PayloadView
  readonly environment: Environment
  /** SET variables by slot. */
  readonly variables: Value[]
  /** Elements bound by the nested SELECTs around the expression, outermost first; empty at the top. */
  readonly frames: Value[]
  /** Present when the statement or a template of the rule calls a service. */
  readonly remote: RemoteCalls | undefined
  /** Present only while explaining. */
  readonly tracer: Tracer | undefined
}

/** A compiled expression. Never throws: what cannot be computed is Undefined. */
export type Evaluator = (scope: Scope) => Value
