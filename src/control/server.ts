import { randomUUID } from 'node:crypto'
import { type IncomingMessage, type ServerResponse } from 'node:http'
import { type Server as SecureServer, type ServerOptions as SecureServerOptions } from 'node:https'
import { type AddressInfo, type Socket } from 'node:net'
import { Readable } from 'node:stream'
import { type PeerCertificate, TLSSocket } from 'node:tls'
import { fastify, type FastifyInstance, type FastifyReply, type FastifyRequest } from 'fastify'
import { type Audit, type Authenticate, type Caller, type CallerCertificate, may } from '../access/index.ts'
import { ControlError } from './errors.ts'
import { readInput } from './input.ts'
import { openApi } from './openapi.ts'
import { type Call, type Operation, type Resource } from './operation.ts'
import { refuse, refuseRaw, unknownOperation } from './refuse.ts'

export interface ControlOptions {
  readonly host: string
  readonly port: number
  readonly tls: ControlTls | undefined
  readonly authenticate: Authenticate
  readonly audit: Audit
  readonly resources: readonly Resource[]
  /** Answers health and metrics, which need no authentication; false when it has nothing for the path. */
  readonly pages: (request: IncomingMessage, response: ServerResponse) => boolean
  /** Told of a connection that is closed at once, for there are as many as there may be. */
  readonly onDropped: (address: string | undefined) => void
  /** Told of what must not happen. */
  readonly onFault: (operation: string, error: unknown) => void
  readonly limits: ControlLimits
}

/** Certificate and key in PEM; `clientCa` asks clients for a certificate. */
export interface ControlTls {
  readonly cert: string | Buffer
  readonly key: string | Buffer
  readonly passphrase?: string
  readonly clientCa?: string | Buffer
  readonly requireClientCertificate?: boolean
}

export interface ControlLimits {
  /** Bytes of a request's body. */
  readonly body: number
  readonly connections: number
  /** Milliseconds that a request may take to arrive. */
  readonly requestTimeout: number
}

export interface ControlServer {
  readonly host: string
  readonly port: number
  /** For the connections that come, where the server has TLS. */
  setTls(tls: ControlTls): void
  close(): Promise<void>
}

const MAX_PARAMETER = 4_096

/**
 * Serves the control API of AWS IoT.
 * @throws an error of node:net when the address cannot be bound, of node:tls when the certificate cannot be used
 */
export async function startControl(options: ControlOptions): Promise<ControlServer> {
  const app = createApp(options)
  app.server.maxConnections = options.limits.connections
  app.server.on('drop', (data) => options.onDropped(data?.remoteAddress))
  await app.listen({ host: options.host, port: options.port })
  const { port } = app.server.address() as AddressInfo
  return {
    host: options.host,
    port,
    setTls: (tls) => {
      const server = app.server as Partial<SecureServer>
      server.setSecureContext?.(secureOptions(tls))
    },
    close: async () => {
      app.server.closeIdleConnections()
      await app.close()
    },
  }
}

function createApp(options: ControlOptions): FastifyInstance {
  const { tls, resources, limits } = options
  const common = {
    bodyLimit: limits.body,
    requestTimeout: limits.requestTimeout,
    keepAliveTimeout: 60_000,
    forceCloseConnections: true,
    genReqId: () => randomUUID(),
    routerOptions: { maxParamLength: MAX_PARAMETER },
    exposeHeadRoutes: false,
    // Faults of the path itself, which come before any route and its handler of errors.
    frameworkErrors: (error: unknown, request: FastifyRequest, reply: FastifyReply) =>
      void refuse(error, request, reply.header('x-amzn-requestid', request.id), options),
    clientErrorHandler: (error: NodeJS.ErrnoException, socket: Socket) => refuseRaw(error, socket),
  } as const
  // What fastify's types tell apart by the kind of server matters to nobody here.
  const app =
    tls === undefined
      ? fastify(common)
      : (fastify({ ...common, https: secureOptions(tls) }) as unknown as FastifyInstance)
  app.removeAllContentTypeParsers()
  app.addContentTypeParser('*', { parseAs: 'buffer' }, (_request, body, done) => done(null, body))
  app.addHook('onRequest', (request, reply, next) => {
    reply.header('x-amzn-requestid', request.id)
    if (!options.pages(request.raw, reply.raw)) next()
    else reply.hijack()
  })
  const operations = resources.flatMap((resource) => resource.operations)
  const described = JSON.stringify(openApi(resources))
  app.get('/openapi.json', (_request, reply) => reply.type('application/json').send(described))
  for (const operation of operations) addOperation(app, operation, options)
  app.setNotFoundHandler(async (request, reply) => {
    await callerOf(request, options)
    throw unknownOperation(request, reply, operations)
  })
  app.setErrorHandler((error, request, reply) => refuse(error, request, reply, options))
  return app
}

function secureOptions({
  clientCa,
  requireClientCertificate = true,
  ...tls
}: ControlTls): SecureServerOptions {
  if (clientCa === undefined) return tls
  return { ...tls, ca: clientCa, requestCert: true, rejectUnauthorized: requireClientCertificate }
}

function addOperation(app: FastifyInstance, operation: Operation, options: ControlOptions): void {
  app.route({
    method: operation.method,
    url: operation.path.replace(/\{\w+\+\}/, '*').replace(/\{(\w+)\}/g, ':$1'),
    handler: async (request, reply) => {
      const caller = await callerOf(request, options)
      if (!may(caller.role, operation.permission)) {
        const message = `${caller.name} has the role ${caller.role}, which may not use ${operation.name}.`
        throw Object.assign(new ControlError('UnauthorizedException', message), {
          error: 'AccessDeniedException',
          status: 403,
        })
      }
      const output = await operation.handle(
        readInput(operation, request),
        callFrom(request, reply, caller, operation, options),
      )
      if (output instanceof Readable) return reply.type('application/x-ndjson').send(output)
      if (operation.output !== undefined) return reply.send(output)
      return reply.type('application/json').send('')
    },
  })
}

function callFrom(
  request: FastifyRequest,
  reply: FastifyReply,
  caller: Caller,
  { name }: Operation,
  { audit }: ControlOptions,
): Call {
  const address = request.raw.socket.remoteAddress
  const expected = request.headers['if-match']
  return {
    caller,
    address,
    host: request.hostname,
    revision: expected === undefined || expected === '*' ? undefined : expected.replace(/^"|"$/g, ''),
    tell: (revision) => void reply.header('etag', `"${revision}"`),
    audit: (resource, before, after) => audit({ caller, address, operation: name, resource, before, after }),
  }
}

/** @throws an error with the name and status that the authentication gives */
async function callerOf(request: FastifyRequest, { authenticate }: ControlOptions): Promise<Caller> {
  const { raw } = request
  const verdict = await authenticate({
    method: raw.method ?? 'GET',
    url: raw.url ?? '/',
    rawHeaders: raw.rawHeaders,
    body: Buffer.isBuffer(request.body) ? request.body : Buffer.alloc(0),
    address: raw.socket.remoteAddress,
    certificate: certificateOf(raw.socket),
  })
  if (verdict.ok) return verdict.caller
  const { error, status, message } = verdict
  throw Object.assign(new ControlError('UnauthorizedException', message), { error, status })
}

function certificateOf(socket: Socket): CallerCertificate | undefined {
  if (!(socket instanceof TLSSocket) || !socket.authorized) return undefined
  const certificate = socket.getPeerCertificate() as Partial<PeerCertificate>
  if (certificate.fingerprint256 === undefined) return undefined
  const commonName = certificate.subject?.CN
  return {
    fingerprint: certificate.fingerprint256.replaceAll(':', '').toLowerCase(),
    commonName: typeof commonName === 'string' ? commonName : undefined,
  }
}
