import { type ErrorCode } from '../../errors.ts'
import { type Numeric, type SqlObject, type TypeName, type Value } from '../../value/index.ts'
import { type Evaluator, type Scope } from '../scope.ts'
import { type SqlVersion } from '../versions.ts'

/**
 * What a call reads besides its arguments; the heavier effect of two expressions is the later one in this list.
 * `pure` calls with constant arguments fold, `remote` ones make their rule asynchronous.
 */
export type Effect = 'pure' | 'message' | 'clock' | 'random' | 'remote'

/** JavaScript type of each declared type. `Any` receives the argument as it is, Undefined and Null included. */
export interface DeclaredTypes {
  Any: Value
  Boolean: boolean
  Int: Numeric
  Decimal: Numeric
  String: string
  Array: readonly Value[]
  Object: SqlObject
}
export type DeclaredType = keyof DeclaredTypes

/**
 * How a parameter converts one source type when it differs from the standard conversion.
 * `refuse`: the call is Undefined. `floor`: to a number, then down to the next Int.
 */
export type Conversion = 'refuse' | 'floor'

export type Conversions = Readonly<Partial<Record<TypeName, Conversion>>>

export interface Param<
  Name extends string = string,
  Type extends DeclaredType = DeclaredType,
  Kind extends ParamKind = ParamKind,
> {
  readonly name: Name
  readonly type: Type
  readonly kind: Kind
  readonly summary: string
  readonly conversions: Conversions
}
export type ParamKind = 'required' | 'optional' | 'rest'

/** The arguments that `evaluate` receives, from the const tuple of parameters. */
export type ArgumentsOf<P extends readonly Param[]> = P extends readonly [
  infer Head,
  ...infer Tail extends readonly Param[],
]
  ? Head extends Param<string, infer Type, infer Kind>
    ? Kind extends 'rest'
      ? DeclaredTypes[Type][]
      : Kind extends 'optional'
        ? [argument: DeclaredTypes[Type] | undefined, ...ArgumentsOf<Tail>]
        : [argument: DeclaredTypes[Type], ...ArgumentsOf<Tail>]
    : never
  : []

/** `evaluate` of a pure function sees its arguments alone; any other sees the scope first. Returns Undefined at will, never throws. */
export type EvaluateOf<P extends readonly Param[], R extends DeclaredType, E extends Effect> = (
  ...args: E extends 'pure' ? ArgumentsOf<P> : [scope: Scope, ...ArgumentsOf<P>]
) => DeclaredTypes[R] | undefined

/** Sees what `evaluate` saw when it returned Undefined. */
export type WhyUndefinedOf<P extends readonly Param[], E extends Effect> = (
  ...args: E extends 'pure' ? ArgumentsOf<P> : [scope: Scope, ...ArgumentsOf<P>]
) => string | undefined

/** One argument of a call as the compiler hands it over. */
export interface CallArgument {
  readonly evaluate: Evaluator
  /** True when `value` is known at compile time. */
  readonly constant: boolean
  readonly value?: Value
  /** True for the argument `*`; `evaluate` then yields the JSON payload, and `encode` takes the payload's bytes instead. */
  readonly star?: boolean
}

/** A finding about one call, to which the compiler adds the position. */
export interface CallProblem {
  readonly code: ErrorCode
  readonly severity: 'error' | 'warning'
  readonly message: string
  /** Index of the argument concerned; the whole call when absent. */
  readonly argument?: number
  readonly hint?: string
}

/** What `prepare` made of a call's constant arguments, once per call site. */
export interface Preparation {
  readonly problems?: readonly CallProblem[]
  /** Replaces the spec's `evaluate`, with the same parameters; those already worked in may be ignored. */
  readonly evaluate?: (...args: never[]) => Value
  /** Replaces the whole call, arguments included. */
  readonly evaluator?: Evaluator
}

/** What the configuration makes available to rules, beyond the language itself. */
export interface Available {
  /** Names of the functions whose service is configured, in lower case. */
  readonly services: ReadonlySet<string>
  /** Descriptors for `decode(…, 'proto', …)`. */
  readonly protobuf: ProtobufSource | undefined
}

/** Where protobuf message types come from. */
export interface ProtobufSource {
  /** Looked up once, when a rule is created; `reason` is a sentence without its end. */
  open(
    bucket: string,
    key: string,
    file: string,
    typeName: string,
  ):
    { readonly ok: true; readonly message: ProtobufMessage } | { readonly ok: false; readonly reason: string }
}

export interface ProtobufMessage {
  /** Null for bytes that are no such message. Never throws. */
  decode(bytes: Buffer): Value
}

/**
 * An executed example: an expression and its value as JSON data (`undefined` for Undefined). Without a value only
 * the type of the result is checked, for functions that read clock, chance or message.
 */
export type Example = readonly [expression: string] | readonly [expression: string, value: unknown]

/** Cost of a call in units of work (value/work.ts). */
export interface FunctionWork {
  /** Units whatever the arguments; 4 when left out. */
  readonly call?: number
  /** Units for 16 characters of the long texts among the arguments; 1 when left out. */
  readonly text?: number
}

/** What `defineFunction` takes: the spec as its file writes it, `evaluate` typed from `params`, `returns` and `effect`. */
export interface FunctionDefinition<P extends readonly Param[], R extends DeclaredType, E extends Effect> {
  /** As the AWS reference spells it; looked up in any case. */
  readonly name: string
  readonly since: SqlVersion
  readonly summary: string
  readonly params: P
  readonly returns: R
  readonly effect: E
  readonly evaluate: EvaluateOf<P, R, E>
  /** Sees the call's constant arguments once, to compile patterns and to refuse what can never work. */
  readonly prepare?: (
    call: readonly CallArgument[],
    version: SqlVersion,
    available: Available,
  ) => Preparation | undefined
  /** Says, for explaining, why these converted arguments give Undefined: the end of a sentence. Needed where they can. */
  readonly whyUndefined?: WhyUndefinedOf<P, E>
  readonly examples: readonly [Example, ...Example[]]
  /** Behaviour that the signature does not tell, a sentence each, for the reference page. */
  readonly notes?: readonly string[]
  /** The configuration key without which a rule that calls the function is refused; for effect `remote` alone. */
  readonly configuration?: string
  /** What a call costs, where that is not the usual: see `FunctionWork`. */
  readonly work?: FunctionWork
  /** Present when this release cannot run the function: why, as the end of a sentence. A rule that calls it is refused. */
  readonly unavailable?: string
  /** Anchor in the AWS IoT developer guide. */
  readonly source: string
}

/** A function as everybody but its own file sees it. */
export interface FunctionSpec extends Omit<
  FunctionDefinition<readonly Param[], DeclaredType, Effect>,
  'evaluate' | 'whyUndefined'
> {
  readonly evaluate: (...args: never[]) => Value
  readonly whyUndefined: ((...args: never[]) => string | undefined) | undefined
  /** Fewest and most arguments. */
  readonly arity: { readonly min: number; readonly max: number }
}
