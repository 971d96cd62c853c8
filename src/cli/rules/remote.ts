import { readFileSync } from 'node:fs'
import { Readable } from 'node:stream'
import { type IoTClient, type IoTClientConfig } from '@aws-sdk/client-iot'
import type * as Sdk from '@aws-sdk/client-iot'
import { visible } from '../../explain/index.ts'
import { connectionFault } from '../connection-fault.ts'

/** A rule as `ListTopicRules` tells of it. */
export interface ListedRule {
  readonly name: string
  readonly topicPattern: string | undefined
  readonly createdAt: Date | undefined
  readonly disabled: boolean
}

export type Payload = Readonly<Record<string, unknown>>

export interface ConnectOptions {
  /** Undefined: AWS itself. */
  readonly endpoint: string | undefined
  readonly region: string | undefined
  readonly profile: string | undefined
  /** Files: a bearer token, authorities to trust, and a client certificate with its key (PEM). */
  readonly tokenFile: string | undefined
  readonly ca: string | undefined
  readonly cert: string | undefined
  readonly key: string | undefined
}

/** Tries of one request; the SDK waits longer from try to try, which lets throttled ones through. */
const ATTEMPTS = 6
/** Rules of one page of a list. */
const PAGE = 250

/** What a rule service does: this product's server, or AWS IoT. Every method rejects with the SDK's errors. */
export class RemoteRules {
  /** As people call it: an address, or AWS with the region. */
  readonly where: string
  readonly #client: IoTClient
  readonly #sdk: typeof Sdk
  readonly #carried: WeakMap<object, Carried>
  /** By name, as read last; a rule that changed since is not replaced. */
  readonly #revisions = new Map<string, string>()

  private constructor(where: string, client: IoTClient, sdk: typeof Sdk, carried: WeakMap<object, Carried>) {
    this.where = where
    this.#client = client
    this.#sdk = sdk
    this.#carried = carried
  }

  /** @throws Error of node:fs for a file that cannot be read */
  static async connect(options: ConnectOptions): Promise<RemoteRules> {
    process.env['AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED'] ??= 'true'
    const sdk = await import('@aws-sdk/client-iot')
    const client = new sdk.IoTClient(clientConfig(options))
    const region = options.endpoint === undefined ? await client.config.region() : ''
    const aws = `AWS IoT ${environmentEndpoint() === undefined ? 'in' : `at ${environmentEndpoint()} for`} ${region}`
    return new RemoteRules(options.endpoint ?? aws, client, sdk, carryWhole(client))
  }

  async *list(topic?: string, disabled?: boolean): AsyncGenerator<ListedRule> {
    const pages = this.#sdk.paginateListTopicRules(
      { client: this.#client, pageSize: PAGE },
      { topic, ruleDisabled: disabled },
    )
    for await (const { rules = [] } of pages)
      for (const { ruleName, topicPattern, createdAt, ruleDisabled } of rules)
        if (ruleName !== undefined)
          yield { name: ruleName, topicPattern, createdAt, disabled: ruleDisabled === true }
  }

  /** The rule's payload, fields that the SDK does not know included. */
  async get(name: string): Promise<Payload> {
    const input = { ruleName: name }
    const { rule = {} } = await this.#client.send(new this.#sdk.GetTopicRuleCommand(input))
    const { whole = rule, revision } = this.#carried.get(input) ?? {}
    const { ruleName: _name, createdAt: _createdAt, ...payload } = whole as Payload
    if (revision !== undefined) this.#revisions.set(name, revision)
    return payload
  }

  async create(name: string, payload: Payload, tags?: string): Promise<void> {
    const input = { ruleName: name, topicRulePayload: payload as never, tags }
    await this.#client.send(new this.#sdk.CreateTopicRuleCommand(input))
  }

  /** A server of one's own refuses it where the rule is not any more what `get` yielded. */
  async replace(name: string, payload: Payload): Promise<void> {
    const input = { ruleName: name, topicRulePayload: payload as never }
    const revision = this.#revisions.get(name)
    if (revision !== undefined) this.#carried.set(input, { revision })
    await this.#client.send(new this.#sdk.ReplaceTopicRuleCommand(input))
  }

  async delete(name: string): Promise<void> {
    await this.#client.send(new this.#sdk.DeleteTopicRuleCommand({ ruleName: name }))
  }

  async enable(name: string): Promise<void> {
    await this.#client.send(new this.#sdk.EnableTopicRuleCommand({ ruleName: name }))
  }

  async disable(name: string): Promise<void> {
    await this.#client.send(new this.#sdk.DisableTopicRuleCommand({ ruleName: name }))
  }

  /** Asks a server of one's own for what AWS does not have; the answer is read as it comes. */
  async open(path: string, body: object): Promise<Readable> {
    const input = {}
    const carried: Carried = { instead: { path, body } }
    this.#carried.set(input, carried)
    await this.#client.send(new this.#sdk.DescribeEndpointCommand(input))
    return this.#carried.get(input)!.answer!
  }

  close(): void {
    this.#client.destroy()
  }
}

/**
 * The address that the environment names for AWS's own tools; the SDK goes there for AWS as well.
 * Source: https://docs.aws.amazon.com/sdkref/latest/guide/feature-ss-endpoints.html
 */
export function environmentEndpoint(): string | undefined {
  const { AWS_ENDPOINT_URL_IOT, AWS_ENDPOINT_URL, AWS_IGNORE_CONFIGURED_ENDPOINT_URLS } = process.env
  if (AWS_IGNORE_CONFIGURED_ENDPOINT_URLS?.toLowerCase() === 'true') return undefined
  return [AWS_ENDPOINT_URL_IOT, AWS_ENDPOINT_URL].find((url) => url !== undefined && url !== '')
}

function clientConfig({
  endpoint,
  region,
  profile,
  tokenFile,
  ca,
  cert,
  key,
}: ConnectOptions): IoTClientConfig {
  const tls = { ca: read(ca), cert: read(cert), key: read(key) }
  return {
    maxAttempts: ATTEMPTS,
    ...(region !== undefined && { region }),
    ...(profile !== undefined && { profile }),
    ...(endpoint !== undefined && { endpoint }),
    ...(Object.values(tls).some((file) => file !== undefined) && { requestHandler: { httpsAgent: tls } }),
    ...signing(endpoint, profile, read(tokenFile)?.trim()),
  }
}

/** Names of variables that tell the SDK where credentials are. */
const CREDENTIALS = [
  'AWS_ACCESS_KEY_ID',
  'AWS_PROFILE',
  'AWS_WEB_IDENTITY_TOKEN_FILE',
  'AWS_CONTAINER_CREDENTIALS_RELATIVE_URI',
  'AWS_CONTAINER_CREDENTIALS_FULL_URI',
]

/**
 * AWS gets signatures by the SDK's chain of credentials. So does a server of one's own where a profile or the
 * environment names some; else it gets the token, or nothing, rather than a search for credentials of this machine.
 */
function signing(
  endpoint: string | undefined,
  profile: string | undefined,
  token: string | undefined,
): IoTClientConfig {
  if (token === undefined) {
    const isNamed = profile !== undefined || CREDENTIALS.some((name) => (process.env[name] ?? '') !== '')
    if (endpoint === undefined || isNamed) return {}
  }
  return {
    credentials: { accessKeyId: 'none', secretAccessKey: 'none' },
    signer: {
      sign: (request) => {
        if (token !== undefined) request.headers['authorization'] = `Bearer ${token}`
        return Promise.resolve(request)
      },
    },
  }
}

function read(file: string | undefined): string | undefined {
  return file === undefined ? undefined : readFileSync(file, 'utf8')
}

/**
 * The SDK leaves out fields that AWS does not have, such as `x-ack`. Documents are sent, and read into the map that is
 * returned (by the input of the command), as they are; with them goes the revision, as `ETag` and `If-Match`.
 */
function carryWhole(client: IoTClient): WeakMap<object, Carried> {
  const carried = new WeakMap<object, Carried>()
  const sendWhole: Middleware = (next) => (args) => {
    const { topicRulePayload } = args.input as { readonly topicRulePayload?: Payload }
    const instead = carried.get(args.input)?.instead
    if (instead !== undefined && args.request !== undefined) {
      const body = Buffer.from(JSON.stringify(instead.body))
      Object.assign(args.request, { method: 'POST', path: instead.path, query: {}, body })
      Object.assign(args.request.headers, {
        'content-type': 'application/json',
        'content-length': String(body.length),
      })
    }
    if (topicRulePayload !== undefined && args.request !== undefined) {
      args.request.body = Buffer.from(JSON.stringify(topicRulePayload))
      args.request.headers['content-length'] = String(args.request.body.length)
      const revision = carried.get(args.input)?.revision
      if (revision !== undefined) args.request.headers['if-match'] = revision
    }
    return next(args)
  }
  const readWhole: Middleware =
    (next, { commandName }) =>
    async (args) => {
      const result = await next(args)
      const { response } = result
      const sent = carried.get(args.input)
      if (sent?.instead !== undefined && response.statusCode === 200) {
        carried.set(args.input, { answer: response.body as Readable })
        response.body = Readable.from([Buffer.from('{}')])
        return result
      }
      if (commandName !== 'GetTopicRuleCommand' || response.statusCode !== 200) return result
      const chunks: Buffer[] = []
      for await (const chunk of response.body) chunks.push(chunk)
      const text = Buffer.concat(chunks)
      response.body = Readable.from([text])
      const { rule } = JSON.parse(text.toString()) as { readonly rule?: Payload }
      carried.set(args.input, { whole: rule, revision: response.headers['etag'] })
      return result
    }
  const stack = client.middlewareStack
  stack.addRelativeTo(sendWhole as never, {
    ...{ relation: 'after', toMiddleware: 'serializerMiddleware', name: 'sendWhole' },
  })
  stack.addRelativeTo(readWhole as never, {
    ...{ relation: 'after', toMiddleware: 'deserializerMiddleware', name: 'readWhole' },
  })
  return carried
}

/** What the SDK does not carry of a rule. */
interface Carried {
  /** A request that is sent in place of the command's. */
  readonly instead?: { readonly path: string; readonly body: object }
  /** The body of its answer, unread. */
  readonly answer?: Readable
  readonly whole?: Payload | undefined
  readonly revision?: string | undefined
}

interface MiddlewareArguments {
  readonly input: object
  readonly request?: { body: Buffer; readonly headers: Record<string, string> }
}

interface MiddlewareResult {
  readonly response: {
    readonly statusCode: number
    readonly headers: Readonly<Record<string, string>>
    body: AsyncIterable<Buffer>
  }
}

/** The part of the SDK's middleware that is used here. */
type Middleware = (
  next: (args: MiddlewareArguments) => Promise<MiddlewareResult>,
  context: { readonly commandName?: string },
) => (args: MiddlewareArguments) => Promise<MiddlewareResult>

/** Why a request failed, on one line. `reached`: the service answered. */
export function describeFailure(error: unknown): { readonly reached: boolean; readonly text: string } {
  const { name, message, code, $metadata } = (error ?? {}) as {
    readonly name?: string
    readonly message?: string
    readonly code?: string
    readonly $metadata?: { readonly httpStatusCode?: number }
  }
  const reached = $metadata?.httpStatusCode !== undefined
  const words = visible(message ?? '')
  if (reached) return { reached, text: words === '' ? String(name) : `${name}: ${words}` }
  const about = [code, visible(connectionFault(message ?? ''))]
    .filter((part) => part !== undefined && part !== '')
    .join(' ')
  return { reached, text: about === '' ? String(name) : about }
}
