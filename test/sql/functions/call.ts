import { type Message, type PublishProperties } from '../../../src/message/index.ts'
import {
  bindFunction,
  type CallArgument,
  checkCall,
  type CallProblem,
  findFunction,
  functionSpecs,
} from '../../../src/sql/functions/index.ts'
import { defaultSqlLimits, type Scope, type SqlVersion } from '../../../src/sql/index.ts'
import {
  endWork,
  type ExceededLimit,
  Payload,
  startWork,
  type Value,
  writeJson,
} from '../../../src/value/index.ts'

/** Every function that calls a service, as if all were configured. */
export const services: ReadonlySet<string> = new Set(
  functionSpecs.filter(({ effect }) => effect === 'remote').map(({ name }) => name),
)

/** Arguments as a message would bring them: not known when the rule is created. */
export function dynamic(...values: Value[]): CallArgument[] {
  return values.map((value) => ({ evaluate: () => value, constant: false }))
}

/** Arguments written as constants. */
export function constant(...values: Value[]): CallArgument[] {
  return values.map((value) => ({ evaluate: () => value, constant: true, value }))
}

/** Calls a function with constant and with dynamic arguments, which must agree. */
export function call(name: string, ...values: Value[]): Value {
  const result = evaluate(name, dynamic(...values))
  const folded = evaluate(name, constant(...values))
  if (writeJson(folded) !== writeJson(result)) {
    throw new Error(`${name}: constant ${String(folded)}, dynamic ${String(result)}`)
  }
  return result
}

export function evaluate(name: string, args: readonly CallArgument[], scope: Scope = scopeOf()): Value {
  return bindFunction(findFunction(name)!, args, '2016-03-23', { services, protobuf: undefined })(scope)
}

export function problems(
  name: string,
  args: readonly CallArgument[],
  version: SqlVersion = '2016-03-23',
  configured = services,
): CallProblem[] {
  return checkCall(findFunction(name)!, args, version, { services: configured, protobuf: undefined })
}

export interface ScopeParts {
  readonly topic?: string
  readonly payload?: Buffer
  readonly client?: Partial<Message['client']>
  readonly properties?: PublishProperties
}

/** A scope with a fixed clock, chance and identity. */
export function scopeOf({
  topic = 'a/b/c',
  payload = Buffer.from('{}'),
  client,
  properties,
}: ScopeParts = {}): Scope {
  const message: Message = {
    topic,
    payload,
    qos: 1,
    retain: false,
    client: { clientId: 'device', principal: 'user', sourceIp: '192.0.2.1', protocol: 'mqtt', ...client },
    properties,
    receivedAt: 0,
    traceId: '12345678-1234-4234-8234-123456789012',
    settle: () => undefined,
  }
  return {
    message,
    ruleName: 'rule',
    topic,
    payload: new Payload(payload).view('int'),
    environment: {
      accountId: '123456789012',
      now: () => 1481825251155,
      random: () => 0.25,
      newUuid: () => 'uuid',
    },
    variables: [],
    frames: [],
    remote: undefined,
    tracer: undefined,
  }
}

/** Runs within the usual bounds on work; says which one was exceeded, if any. */
export function exceededBy(run: () => unknown): ExceededLimit | undefined {
  startWork(defaultSqlLimits.work, defaultSqlLimits.outputSize)
  run()
  return endWork()
}
