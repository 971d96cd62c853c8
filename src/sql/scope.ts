import { type Message } from '../message/index.ts'
import { type PayloadView, type Value } from '../value/index.ts'
import { type Tracer } from './trace.ts'

/** What is the same for every message of one engine (or one CLI run); injected so that tests fix clock and chance. */
export interface Environment {
  readonly accountId: string
  /** Milliseconds since the Unix epoch. */
  readonly now: () => number
  /** Uniform in [0, 1). */
  readonly random: () => number
  readonly newUuid: () => string
}

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
  /**
   * Results of remote functions, by call site and arguments. A remote call that is not answered yet registers its
   * promise in `pending` and yields Undefined; the stage then discards the result, waits, and evaluates again.
   */
  readonly remote: RemoteCalls | undefined
  /** Present only while explaining. */
  readonly tracer: Tracer | undefined
}

export interface RemoteCalls {
  readonly answers: Map<string, Value>
  readonly pending: Promise<void>[]
}

/** A compiled expression. Never throws: what cannot be computed is Undefined. */
export type Evaluator = (scope: Scope) => Value
