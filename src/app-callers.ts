import { createHash } from 'node:crypto'
import {
  type AccessKey,
  type AccessRefusal,
  type AccessSettings,
  type Audit,
  type AuditEntry,
  AuditFile,
  type AuditLine,
  auditLine,
  type Authenticate,
  type Authentication,
  type Caller,
  Gate,
  isBearer,
  isSigned,
  type SecretField,
} from './access/index.ts'
import { type Config, isLoopback } from './config/index.ts'
import { clientProperties } from './deliver/specs.ts'
import {
  checkAclTopic,
  createAuthorizer,
  type Authenticate as HttpAuthenticate,
  type HttpDenial,
  type HttpIdentity,
} from './ingest/index.ts'
import { type Log, type Metrics } from './observe/index.ts'
import { Secret } from './secret.ts'
import { readConfigured, StartError } from './app-access.ts'

type Control = Config['control']

/** What AWS clients sign for: older ones name the API Gateway. The publish listener also takes that of WebSockets. */
const CONTROL_SERVICES = ['iot', 'execute-api']
const PUBLISH_SERVICES = ['iotdata', 'iotdevicegateway']
const SHORTEST_SECRET = 16
const SHORTEST_TOKEN = 20

/** Which fields of a rule hold secrets: the client properties know; of others the name tells. */
export const isSecretField: SecretField = (name) => secretProperties.get(name)

const secretProperties: ReadonlyMap<string, boolean> = new Map(
  clientProperties.map(({ name, secret }) => [name, secret === true]),
)

/** Who may use the control API and publish by HTTP with a key or a token, and the record of what they change. */
export class Callers {
  readonly #control: Gate
  readonly #publish: Gate
  readonly #log: Log
  readonly #metrics: Metrics
  #settings: AccessSettings
  #audit: AuditFile | undefined

  /** @throws StartError when a file of keys or the audit cannot be used */
  constructor({ control }: Config, metrics: Metrics, log: Log) {
    this.#log = log
    this.#metrics = metrics
    this.#settings = readCallers(control)
    const onRefused = (refusal: AccessRefusal, address: string | undefined): void =>
      this.#onRefused(refusal, address)
    const { requestsPerMinute, failuresPerMinute } = control.limits
    this.#control = new Gate(this.#settings, {
      services: CONTROL_SERVICES,
      opensLocally: isLoopback(control.host),
      requestsPerMinute,
      failuresPerMinute,
      onRefused,
    })
    // The listener has limits of its own, and delays the answers to wrong credentials.
    this.#publish = new Gate(this.#settings, {
      services: PUBLISH_SERVICES,
      opensLocally: false,
      requestsPerMinute: 0,
      failuresPerMinute: 0,
      onRefused: ({ error }) => this.#count(error),
    })
    this.#audit = openAudit(control)
  }

  /** For the control API. */
  readonly authenticate: Authenticate = (request) => Promise.resolve(this.#control.authenticate(request))

  /** For publishing by HTTP; leaves requests alone that have neither a signature nor a token. */
  readonly publish: HttpAuthenticate = (head, { sourceIp }) => {
    const { method, target: url, rawHeaders } = head
    const request = { method, url, rawHeaders, address: sourceIp }
    if (!mayPublish(this.#settings) || !(isSigned(request) || isBearer(request))) return undefined
    const begun = this.#publish.begin(request)
    if (begun.ok !== 'pending') return identity(begun)
    return { ok: 'pending', verify: (payload) => identity(begun.verify(payload)) }
  }

  readonly audit: Audit = (entry) => {
    this.#metrics.cell('topicrule_control_changes_total', entry.operation).value += 1
    const line = auditLine(entry, isSecretField)
    this.#log.event('control.changed', { ...line })
    return this.#record([line])
  }

  readonly dropped = (sourceIp: string | undefined): void => {
    this.#metrics.cell('topicrule_control_connections_refused_total').value += 1
    this.#log.event('control.connection_refused', { sourceIp })
  }

  /** Writes down what was edited in files of rules. */
  readonly auditEdits = (entries: readonly AuditEntry[]): Promise<void> => {
    const lines = entries.map((entry) => auditLine(entry, isSecretField))
    for (const line of lines) this.#log.event('rules.edited', { ...line })
    return this.#record(lines)
  }

  async #record(lines: readonly AuditLine[]): Promise<void> {
    const file = this.#audit
    if (file === undefined || lines.length === 0) return
    try {
      for (const line of lines) file.write(line, new Date())
      await file.sync()
    } catch (error) {
      this.#log.event('control.audit_failed', { reason: (error as Error).message })
    }
  }

  /**
   * Reads what another configuration names; nothing changes before `take`.
   * @throws StartError when a file cannot be used
   */
  prepare({ control }: Config): PreparedCallers {
    return { settings: readCallers(control), audit: openAudit(control) }
  }

  take({ settings, audit }: PreparedCallers): void {
    this.#settings = settings
    this.#control.reconfigure(settings)
    this.#publish.reconfigure(settings)
    this.#audit?.close()
    this.#audit = audit
  }

  close(): void {
    this.#audit?.close()
  }

  #onRefused({ error, message }: AccessRefusal, address: string | undefined): void {
    this.#count(error)
    const code = error === 'ThrottlingException' ? 'ACCESS_THROTTLED' : 'ACCESS_NOT_AUTHENTICATED'
    this.#log.event('control.refused', { code, error, sourceIp: address, why: message })
  }

  #count(error: string): void {
    this.#metrics.cell('topicrule_access_refusals_total', error).value += 1
  }
}

export interface PreparedCallers {
  readonly settings: AccessSettings
  readonly audit: AuditFile | undefined
}

function mayPublish({ keys, tokens }: AccessSettings): boolean {
  return [...keys.values(), ...tokens].some(({ caller }) => publishes(caller))
}

function publishes({ role }: Caller): boolean {
  return role === 'publish' || role === 'admin'
}

const authorizers = new WeakMap<Caller, (topic: string) => boolean>()

/** What a caller may publish to; worked out once. */
function authorizerOf(caller: Caller): ((topic: string) => boolean) | undefined {
  if (publishes(caller) && caller.topics === undefined) return undefined
  let authorizer = authorizers.get(caller)
  if (authorizer === undefined) {
    const topics = publishes(caller) ? (caller.topics ?? []) : []
    const nobody = { clientId: undefined, username: undefined, certificate: undefined }
    authorizer = createAuthorizer([{ effect: 'allow', topics }], nobody)
    authorizers.set(caller, authorizer)
  }
  return authorizer
}

function identity(decided: Authentication): HttpIdentity | HttpDenial {
  if (!decided.ok) return { ok: false, busy: false, text: decided.message, isForbidden: true }
  const { caller } = decided
  return { ok: true, username: caller.name, principal: caller.name, mayPublish: authorizerOf(caller) }
}

/** @throws StartError */
function readCallers({ accessKeys, tokens, clients, signatures }: Control): AccessSettings {
  const keys = accessKeys.map(({ id, secret, secretFile, role, topics }, index): [string, AccessKey] => {
    const at = `control.accessKeys[${index}]`
    const text = secret ?? readSecret(secretFile!, SHORTEST_SECRET)
    const caller = { name: id, role, by: 'signature', ...checkedTopics(topics, at) } as const
    return [id, { secret: new Secret(text), caller }]
  })
  return {
    keys: new Map(keys),
    tokens: tokens.map(({ name, sha256, file, role, topics }, index) => ({
      digest:
        sha256 === undefined
          ? createHash('sha256').update(readSecret(file!, SHORTEST_TOKEN)).digest()
          : Buffer.from(sha256, 'hex'),
      caller: { name, role, by: 'token', ...checkedTopics(topics, `control.tokens[${index}]`) },
    })),
    certificates: clients.map(({ name, fingerprint, commonName, role }) => {
      const plain = fingerprint?.replaceAll(':', '').toLowerCase()
      const caller: Caller = { name: name ?? commonName ?? plain!, role, by: 'certificate' }
      return { fingerprint: plain, commonName, caller }
    }),
    signatures: {
      regions: signatures.regions,
      unsignedPayload: signatures.unsignedPayload,
      skew: signatures.clockSkew,
    },
  }
}

/** A pattern with a slip would match nothing, or more than it seems to. */
function checkedTopics(
  topics: readonly string[] | undefined,
  at: string,
): { readonly topics?: readonly string[] } {
  if (topics === undefined) return {}
  for (const [index, topic] of topics.entries()) {
    const fault = topic.includes('${') ? 'variables are for mqtt.acl alone' : checkAclTopic(topic)
    if (fault !== undefined) throw new StartError('CONFIG_INVALID', `${at}.topics[${index}]: ${fault}.`)
  }
  return { topics }
}

function readSecret(file: string, shortest: number): string {
  const text = readConfigured(file).toString('utf8').trim()
  if (text.length < shortest || /\s/.test(text))
    throw new StartError(
      'CONFIG_INVALID',
      `${file} must hold one secret of ${shortest} characters or more and nothing else.`,
    )
  return text
}

function openAudit({ audit }: Control): AuditFile | undefined {
  if (audit === undefined) return undefined
  try {
    const file = new AuditFile(audit.file)
    file.close()
    return file
  } catch (error) {
    throw new StartError(
      'CONFIG_FILE_MISSING',
      `The audit file ${audit.file} cannot be written: ${(error as Error).message}.`,
    )
  }
}
