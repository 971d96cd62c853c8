import { createHash } from 'node:crypto'
import { type DeliverPolicy, type Resolution, resolveTarget } from '../deliver/specs.ts'
import { type ErrorCode, type Failure } from '../errors.ts'
import { type Message } from '../message/index.ts'
import { type Template } from '../render/index.ts'
import { type Environment, RemoteCalls, type Scope } from '../sql/index.ts'
import { Payload } from '../value/index.ts'

/** Client properties of which some are looked up by services (`get_secret`) when a producer is opened. */
export interface PropertyRecipe {
  /** A digest, equal for equal properties as the document has them. */
  readonly identity: string
  readonly bootstrapServers: string
  /** Looks up what is missing, by the services of `environment`, and checks the whole. Never rejects. */
  resolve(environment: Environment): Promise<Resolution>
}

/** A property that is known, or the template that looks it up. */
export type PropertySource = string | Template

export function propertyRecipe(
  properties: ReadonlyMap<string, PropertySource>,
  ruleName: string,
  policy: DeliverPolicy,
  destinationArn?: string,
): PropertyRecipe {
  const bootstrapServers = String(properties.get('bootstrap.servers'))
  return {
    identity: identityOf(properties, egressIdentity(policy, destinationArn)),
    bootstrapServers,
    async resolve(environment) {
      const found = await lookUp(properties, scopeOf(ruleName, environment))
      if (!found.ok) return found
      const result = resolveTarget(found.texts, policy, destinationArn)
      if (result.ok) return { ok: true, target: result.target }
      const { code, message } = result.diagnostics.find(({ severity }) => severity === 'error')!
      return { ok: false, failure: ruleFailure(code, bootstrapServers, message) }
    },
  }
}

type Found =
  | { readonly ok: true; readonly texts: Readonly<Record<string, string>> }
  | { readonly ok: false; readonly failure: Failure }

/** Each pass asks what it can; the calls of one template may need the answers of others only within itself. */
async function lookUp(
  properties: ReadonlyMap<string, PropertySource>,
  scope: Scope & { readonly remote: RemoteCalls },
): Promise<Found> {
  const { remote } = scope
  for (;;) {
    remote.begin()
    const rendered = renderAll(properties, scope)
    if (remote.pending.length === 0) return rendered
    await Promise.all(remote.pending.splice(0))
  }
}

function renderAll(
  properties: ReadonlyMap<string, PropertySource>,
  scope: Scope & { readonly remote: RemoteCalls },
): Found {
  const { remote } = scope
  const texts: Record<string, string> = {}
  let failure: Failure | undefined
  for (const [name, source] of properties) {
    if (typeof source === 'string') {
      texts[name] = source
      continue
    }
    remote.separate()
    remote.failure = undefined
    const { text, undefinedAt, tooLong } = source.render(scope)
    failure ??= failureOf(remote.failure)
    if (undefinedAt !== undefined || tooLong === true)
      failure ??= ruleFailure(
        'KAFKA_PROPERTY_UNDEFINED',
        String(properties.get('bootstrap.servers')),
        `${name} has no value that can be used: its template is ${tooLong === true ? 'too long' : 'Undefined'}.`,
      )
    texts[name] = text
  }
  return failure === undefined ? { ok: true, texts } : { ok: false, failure }
}

/** Without the name of the function: it is the action that fails. */
function failureOf(failure: Failure | undefined): Failure | undefined {
  if (failure === undefined) return undefined
  const { code, class: whose, resource, message } = failure
  return { code, class: whose, resource, message }
}

function ruleFailure(code: ErrorCode, resource: string, message: string): Failure {
  return { code, class: 'rule', resource, message }
}

const NO_MESSAGE: Message = {
  topic: '',
  payload: Buffer.alloc(0),
  qos: 0,
  retain: false,
  client: { clientId: undefined, principal: undefined, sourceIp: undefined, protocol: 'mqtt' },
  properties: undefined,
  receivedAt: 0,
  traceId: '00000000-0000-0000-0000-000000000000',
  settle: () => undefined,
}

/** Properties are looked up outside of any message; templates that would read one were refused. */
function scopeOf(ruleName: string, environment: Environment): Scope & { readonly remote: RemoteCalls } {
  const remote = new RemoteCalls(environment)
  return {
    message: NO_MESSAGE,
    ruleName,
    topic: '',
    payload: new Payload(NO_MESSAGE.payload).view('int'),
    environment: remote.environment,
    variables: [],
    frames: [],
    remote,
    tracer: undefined,
  }
}

function egressIdentity({ destinations }: DeliverPolicy, arn: string | undefined): string {
  return (arn === undefined ? undefined : destinations?.get(arn)?.identity) ?? ''
}

function identityOf(properties: ReadonlyMap<string, PropertySource>, egress: string): string {
  const hash = createHash('sha256').update(`${egress}\0`)
  for (const [name, source] of [...properties].sort(([a], [b]) => (a < b ? -1 : 1))) {
    const [kind, text] = typeof source === 'string' ? ['=', source] : ['$', source.text]
    hash.update(`${name}\0${kind}${text.length}\0${text}\0`)
  }
  return hash.digest('hex')
}
