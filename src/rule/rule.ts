import { type Diagnostic } from '../errors.ts'
import { type Destinations } from '../deliver/specs.ts'
import { type CompiledQuery, type ProtobufSource, type SqlLimits, type SqlVersion } from '../sql/index.ts'
import { type CompiledAction } from './compiled-action.ts'
import { type TopicRulePayload } from './schema.ts'

/** When a message that matched the rule is acknowledged: after Kafka has it, or on receipt as on AWS. */
export type Acknowledge = 'delivered' | 'received'

/** A rule ready for messages: everything that can be decided from the document is decided. */
export interface CompiledRule {
  readonly name: string
  readonly disabled: boolean
  readonly version: SqlVersion
  readonly query: CompiledQuery
  /** Undefined when the statement has no FROM: only Basic Ingest triggers the rule then. */
  readonly topicFilter: string | undefined
  /** The actions this product runs, in document order. */
  readonly actions: readonly CompiledAction[]
  readonly errorAction: CompiledAction | undefined
  /** True when a template of an action, or of the error action, calls a service. */
  readonly templatesAskServices: boolean
  /** The actions to assemble while the statement is evaluated, for the calls in their templates; mostly none. */
  readonly askingActions: readonly CompiledAction[]
  /** From `x-ack`; undefined leaves it to the configuration. */
  readonly ack: Acknowledge | undefined
  /** False when the document has an action that this product does not run. */
  readonly deliverable: boolean
  /** The payload as it was given, defaults not filled in. */
  readonly document: TopicRulePayload
  /** What it was compiled with. */
  readonly options: CompileOptions
}

export type CompileResult =
  | { readonly ok: true; readonly rule: CompiledRule; readonly warnings: readonly Diagnostic[] }
  | { readonly ok: false; readonly diagnostics: readonly Diagnostic[] }

/** What a rule document means beyond itself: decisions of the operator. */
export interface CompileOptions {
  /** Name of a rule whose document has none, e.g. from its file name. */
  readonly name?: string
  /** Kafka listeners and client properties beyond AWS's that the operator allows, e.g. `PLAINTEXT`. */
  readonly extensions?: readonly string[]
  /** Value of `acks` for actions that leave it out; AWS's default is `1`. */
  readonly acksWhenOmitted?: string
  /** Compiles closures that tell `scope.tracer` every value; slower, for explaining only. */
  readonly tracing?: boolean
  /** Directory of truststores and keystores that rules may name as `file:///…`; without it they can name none. */
  readonly storeDirectory?: string | undefined
  /** Policies by the ARN of a destination; where they are left out any ARN goes, under the default policy. */
  readonly destinations?: Destinations | undefined
  /**
   * Names, in lower case, of the functions that have a service (`aws_lambda`, `get_thing_shadow`); a rule that calls
   * another such function is refused.
   */
  readonly services?: ReadonlySet<string>
  /** Bounds on statements and templates, and on what they may do for a message, in place of the usual ones. */
  readonly limits?: Partial<SqlLimits>
  /** Descriptors for `decode(…, 'proto', …)`, which is refused without. */
  readonly protobuf?: ProtobufSource | undefined
}
