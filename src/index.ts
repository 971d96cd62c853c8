import { randomUUID } from 'node:crypto'
import { type Diagnostic, type Failure } from './errors.ts'
import { createScope, evaluate, takeFailure } from './evaluate/index.ts'
import { type Explanation, explainRule } from './explain/index.ts'
import { type Message, newTraceId, type PublishProperties } from './message/index.ts'
import {
  compileRule as compileDocument,
  type CompiledAction,
  type CompiledRule,
  type CompileOptions as DocumentOptions,
  createTrigger,
  type Trigger,
} from './rule/index.ts'
import { protobufDirectory } from './services/index.ts'
import { type ServiceCaller, type Services } from './sql/index.ts'
import { Payload, readJson, writeJson } from './value/index.ts'

export { type Diagnostic, type ErrorCode, type Failure } from './errors.ts'
export { renderDiagnostic, type ServiceCaller } from './sql/index.ts'

/**
 * Stands for the service behind a function such as `aws_lambda`. `args` is JSON data in the order of the call; the
 * result is JSON data too. Throwing fails the rule for the message, unless the call stands in `get_or_default`.
 */
export type ServiceFunction = (args: readonly unknown[], caller: ServiceCaller) => unknown
export {
  type ActionExplanation,
  type Cause,
  type ExplainedNode,
  type Explanation,
  explanationJson,
  renderExplanation,
  type RenderOptions,
  type SelectExplanation,
  type TemplateExplanation,
  type WhereExplanation,
} from './explain/index.ts'

/** How a document is read and what its rule sees beside the message; every part has a default. */
export interface CompileOptions extends Omit<DocumentOptions, 'services' | 'protobuf'> {
  /** What `accountid()` returns; `000000000000` when left out. */
  readonly accountId?: string
  /** The clock, in milliseconds since the Unix epoch, of messages that have no `timestamp` of their own. */
  readonly now?: () => number
  /** Source of `rand()`: uniform in [0, 1). */
  readonly random?: () => number
  /** Source of `newuuid()`. */
  readonly newUuid?: () => string
  /**
   * Services by the name of their function: `{ get_thing_shadow: ([thing]) => ({ state: { reported: {} } }) }`. A
   * rule that calls another function of this kind is refused.
   */
  readonly services?: Readonly<Record<string, ServiceFunction>>
  /** Directory of the descriptors for `decode(…, 'proto', …)`: `<directory>/<bucket>/<object key>`. */
  readonly protobufDirectory?: string
}

/** A message as a test writes it. */
export interface TestMessage {
  /** The topic as published; `$aws/rules/<ruleName>/<topic>` for Basic Ingest. */
  readonly topic: string
  /** Bytes, text, or any other JSON data, which is sent as compact JSON. Empty when left out. */
  readonly payload?: unknown
  readonly clientId?: string
  readonly principal?: string
  readonly sourceIp?: string
  /** MQTT 5 user properties: pairs in order, or an object where no key repeats. */
  readonly userProperties?:
    readonly (readonly [key: string, value: string])[] | Readonly<Record<string, string>>
  readonly contentType?: string
  readonly responseTopic?: string
  readonly correlationData?: Buffer
  readonly payloadFormatIndicator?: 0 | 1
  /** Milliseconds since the Unix epoch; fixes the clock for this message. */
  readonly timestamp?: number
  readonly traceId?: string
}

/** A record as the Kafka action would produce it. */
export interface TestRecord {
  readonly topic: string
  /** Null leaves the choice to the partitioner. */
  readonly partition: number | null
  readonly key: string | null
  readonly headers: readonly { readonly key: string; readonly value: string }[]
  readonly value: Buffer
}

/** A message as the republish action would publish it. */
export interface TestPublication {
  readonly topic: string
  readonly qos: 0 | 1
  readonly payload: Buffer
  /** The rendered headers that the message has, as the rule document names them. */
  readonly headers: {
    readonly payloadFormatIndicator?: 'UNSPECIFIED_BYTES' | 'UTF8_DATA'
    readonly contentType?: string
    readonly responseTopic?: string
    readonly correlationData?: Buffer
    /** Seconds. */
    readonly messageExpiry?: number
    readonly userProperties?: readonly { readonly key: string; readonly value: string }[]
  }
}

/** What one action has for a message, under the name of its kind. */
export type ActionResult =
  | { readonly kafka: TestRecord; readonly republish?: never }
  | { readonly republish: TestPublication; readonly kafka?: never }

/** What a rule makes of one message. */
export interface RuleResult {
  /** Whether the topic triggers the rule. */
  readonly matched: boolean
  /** Whether WHERE selected the message. */
  readonly selected: boolean
  /** What SELECT yields, as bytes; present when `selected`. */
  readonly output?: Buffer
  /** One entry per action that has something to send for the message, in document order. */
  readonly actions: readonly ActionResult[]
  /** Why an action has none, or which service failed the rule: the first failure; the error action would be told. */
  readonly error?: Failure & { readonly action: string }
}

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

  /** For `compileRule` alone. */
  constructor(rule: CompiledRule, options: CompileOptions) {
    this.name = rule.name
    this.disabled = rule.disabled
    this.deliverable = rule.deliverable
    this.#rule = rule
    this.#options = options
    this.#trigger = createTrigger(rule)
  }

  /** Runs statement and templates on one message. */
  async evaluate(input: TestMessage): Promise<RuleResult> {
    const topic = this.#trigger.topicSeen(input.topic)
    if (topic === undefined) return { matched: false, selected: false, actions: [] }
    const now = input.timestamp ?? this.#options.now?.() ?? Date.now()
    const message = messageOf(input, now)
    const scope = createScope(
      this.#rule,
      topic,
      message,
      new Payload(message.payload),
      this.#environment(now),
    )
    const evaluation = await evaluate(this.#rule.query, scope, this.#rule.askingActions)
    if ('class' in evaluation) {
      return { matched: true, selected: false, actions: [], error: { action: 'sql', ...evaluation } }
    }
    if (!evaluation.matched) return { matched: true, selected: false, actions: [] }
    const { output } = evaluation
    const assembled = this.#rule.actions.map((action) => {
      const made = action.assemble(scope, output)
      return { action, made: takeFailure(scope) ?? made }
    })
    const actions = assembled.flatMap(({ made }) => ('class' in made ? [] : [resultOf(made)]))
    const failed = assembled.find(({ made }) => 'class' in made)
    const result = { matched: true, selected: true, output, actions }
    return failed === undefined
      ? result
      : { ...result, error: errorOf(failed.action, failed.made as Failure) }
  }

  /**
   * Runs statement and templates on one message and keeps every step: the value of each sub-expression, why WHERE was
   * not true, where an Undefined comes from. `renderExplanation` makes text of it, `explanationJson` JSON.
   */
  async explain(input: TestMessage): Promise<Explanation> {
    const now = input.timestamp ?? this.#options.now?.() ?? Date.now()
    return explainRule(this.#rule, messageOf(input, now), this.#environment(now))
  }

  #environment(now: number): Parameters<typeof createScope>[4] {
    const { accountId = '000000000000', random = Math.random, newUuid = randomUUID } = this.#options
    const { services } = this.#options
    const environment = { accountId, now: () => now, random, newUuid: () => newUuid() }
    return services === undefined ? environment : { ...environment, services: servicesOf(services) }
  }
}

function servicesOf(functions: Readonly<Record<string, ServiceFunction>>): Services {
  const byName = new Map(Object.entries(functions).map(([name, run]) => [name.toLowerCase(), run]))
  return {
    async call(name, args, caller) {
      try {
        const result = await byName.get(name)!(JSON.parse(writeJson(args)!) as unknown[], caller)
        const json = readJson(JSON.stringify(result) ?? 'null')
        return json.ok ? json : { ok: false, failure: serviceFailure(name, json.reason) }
      } catch (error) {
        return { ok: false, failure: serviceFailure(name, error instanceof Error ? error.message : error) }
      }
    },
  }
}

function serviceFailure(name: string, reason: unknown): Failure {
  return {
    code: 'SERVICE_FAILED',
    class: 'message',
    resource: name,
    message: `${name}() failed: ${String(reason)}`,
  }
}

function errorOf(action: CompiledAction, failure: Failure): Failure & { action: string } {
  return { ...failure, action: `${action.kind}[${action.index}]` }
}

type Assembled = Exclude<ReturnType<CompiledAction['assemble']>, Failure>
type AssembledRecord = Extract<Assembled, { readonly value: Buffer }>
type AssembledPublication = Exclude<Assembled, AssembledRecord>

function resultOf(made: Assembled): ActionResult {
  return 'value' in made ? { kafka: recordOf(made) } : { republish: publicationOf(made) }
}

function publicationOf({ topic, qos, properties = {}, payload }: AssembledPublication): TestPublication {
  const { payloadFormatIndicator, messageExpiryInterval, userProperties, ...same } = properties
  return {
    topic,
    qos,
    payload,
    headers: {
      ...same,
      ...(payloadFormatIndicator !== undefined && {
        payloadFormatIndicator: payloadFormatIndicator === 1 ? 'UTF8_DATA' : 'UNSPECIFIED_BYTES',
      }),
      ...(messageExpiryInterval !== undefined && { messageExpiry: messageExpiryInterval }),
      ...(userProperties !== undefined && {
        userProperties: userProperties.map(([key, value]) => ({ key, value })),
      }),
    },
  }
}

function recordOf({ topic, partition, key, headers, value }: AssembledRecord): TestRecord {
  return {
    topic,
    partition,
    key: key ?? null,
    headers: headers.map(([name, text]) => ({ key: name, value: text })),
    value,
  }
}

function messageOf(input: TestMessage, receivedAt: number): Message {
  const { clientId, principal, sourceIp } = input
  return {
    topic: input.topic,
    payload: bytesOf(input.payload),
    qos: 1,
    retain: false,
    client: { clientId, principal, sourceIp, protocol: 'mqtt' },
    properties: propertiesOf(input),
    receivedAt,
    traceId: input.traceId ?? newTraceId(),
    settle: () => undefined,
  }
}

function bytesOf(payload: unknown): Buffer {
  if (payload === undefined) return Buffer.alloc(0)
  if (Buffer.isBuffer(payload)) return payload
  if (payload instanceof Uint8Array) return Buffer.from(payload)
  return Buffer.from(typeof payload === 'string' ? payload : JSON.stringify(payload), 'utf8')
}

function propertiesOf(input: TestMessage): PublishProperties {
  const { userProperties = [], contentType, responseTopic, correlationData, payloadFormatIndicator } = input
  const pairs = Array.isArray(userProperties)
    ? (userProperties as readonly (readonly [string, string])[])
    : Object.entries(userProperties)
  return { userProperties: pairs, contentType, responseTopic, correlationData, payloadFormatIndicator }
}
