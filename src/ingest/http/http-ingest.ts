import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import { createServer as createSecureServer, type Server as SecureServer } from 'node:https'
import { type AddressInfo, type Socket } from 'node:net'
import { TLSSocket } from 'node:tls'
import { type ErrorCode } from '../../errors.ts'
import { type MessageSink, newTraceId } from '../../message/index.ts'
import { type Peer } from '../admission.ts'
import { Access, type AccessOptions } from '../access.ts'
import { FailureDelay } from '../authenticate.ts'
import { ConnectionRate } from '../connection-rate.ts'
import { Digest } from '../digest.ts'
import { certificateOf, tlsServerOptions } from '../listener.ts'
import { Proxied } from '../proxied.ts'
import { plainAddress } from '../proxy-protocol.ts'
import { PublishRate } from '../publish-rate.ts'
import { roomQueueOf } from '../room-queue.ts'
import { rawRefusal, type ErrorName } from './answer.ts'
import { byPassword } from './authenticate.ts'
import { HttpConnection } from './connection.ts'
import { type PublishEvents } from './events.ts'
import { Exchange } from './exchange.ts'
import { type HttpHost } from './host.ts'
import { type TlsOptions } from '../options.ts'
import { defaultHttpLimits, type HttpIngestOptions } from './options.ts'

const DRAIN_POLL = 20
/** How often Node looks for requests that take too long. */
const TIMEOUT_POLL = 500

export interface HttpIngest {
  /** @throws Error with code PUBLISH_LISTEN_FAILED */
  listen(): Promise<{ readonly host: string; readonly port: number }>
  /**
   * Accepts nothing more, answers the requests in hand and waits up to `deadlineMs` for their messages to settle,
   * then closes.
   * @returns requests whose messages had not settled
   */
  close(deadlineMs: number): Promise<{ unsettled: number }>
  /**
   * Changes who may publish, for the requests that come, and the certificate for the connections that come.
   * @throws an error of node:tls when a certificate cannot be used; `checkTls` tells before
   */
  reconfigure(access: AccessOptions, tls: TlsOptions | undefined): void
  stats(): { readonly connections: number; readonly requests: number; readonly waitingBytes: number }
}

/**
 * HTTP server that takes messages in as AWS IoT's data plane does: `POST /topics/{topic}?qos=…`.
 * @throws Error with code PUBLISH_TLS_INVALID when the certificate cannot be used
 */
export function createHttpIngest(
  options: HttpIngestOptions,
  sink: MessageSink,
  events: PublishEvents,
): HttpIngest {
  return new HttpPublishServer(options, sink, events)
}

class HttpPublishServer implements HttpIngest {
  readonly #host: HttpHost
  readonly #server: Server | SecureServer
  readonly #sockets = new Set<Socket>()
  readonly #limited = new Digest()
  readonly #proxied = new Proxied()
  readonly #connections = new WeakMap<Socket, HttpConnection>()

  constructor(options: HttpIngestOptions, sink: MessageSink, events: PublishEvents) {
    const limits = { ...defaultHttpLimits, ...options.limits }
    const access = new Access(options)
    this.#host = {
      options,
      access,
      limits,
      sink,
      rooms: roomQueueOf(sink),
      events,
      byPassword: byPassword(access.authenticator),
      failureDelay: new FailureDelay(limits.authenticationDelayMaximum),
      connectionRate: new ConnectionRate(limits, performance.now()),
      publishRate: new PublishRate(limits, performance.now()),
      waiting: { bytes: 0, limit: limits.waitingBytes },
      requests: 0,
      unsettled: 0,
      closing: false,
    }
    this.#server = this.#createServer()
    this.#server.maxConnections = limits.maxConnections
    this.#guard(this.#server)
    this.#server
      .on('connection', (socket: Socket) => this.#onSocket(socket))
      .on('drop', () => events.count('connections_refused'))
      .on('request', (request, response) => this.#onRequest(request, response, false))
      .on('checkContinue', (request, response) => this.#onRequest(request, response, true))
      .on('clientError', (error: NodeJS.ErrnoException, socket) =>
        this.#onClientError(error, socket as Socket),
      )
  }

  async listen(): Promise<{ host: string; port: number }> {
    const { host, port } = this.#host.options
    await new Promise<void>((resolve, reject) => {
      this.#server.once('error', (error) =>
        reject(startError('PUBLISH_LISTEN_FAILED', `publish at ${host}:${port}: ${error.message}`)),
      )
      this.#server.listen(port, host, resolve)
    })
    this.#server.removeAllListeners('error')
    this.#server.on('error', ({ message }) =>
      this.#host.events.log({ event: 'publish.listener_fault', why: message }),
    )
    const address = this.#server.address() as AddressInfo
    const bound = { host: address.address, port: address.port }
    this.#host.events.log({ event: 'publish.listening', ...bound })
    return bound
  }

  async close(deadlineMs: number): Promise<{ unsettled: number }> {
    const host = this.#host
    host.closing = true
    if (this.#server.listening) this.#server.close()
    this.#server.closeIdleConnections()
    const deadline = performance.now() + deadlineMs
    while (performance.now() < deadline && (host.unsettled > 0 || host.requests > 0)) await pause(DRAIN_POLL)
    const { unsettled } = host
    const lingering = performance.now() + 500
    while (performance.now() < lingering && host.requests === 0 && this.#sockets.size > 0)
      await pause(DRAIN_POLL)
    for (const socket of this.#sockets) socket.destroy()
    return { unsettled }
  }

  reconfigure(options: AccessOptions, tls: TlsOptions | undefined): void {
    const host = this.#host
    if (tls !== undefined && 'setSecureContext' in this.#server)
      this.#server.setSecureContext(tlsServerOptions(tls, host.limits.headersTimeout))
    host.access = new Access(options, host.access)
    host.byPassword = byPassword(host.access.authenticator)
  }

  stats(): { connections: number; requests: number; waitingBytes: number } {
    const { requests, waiting } = this.#host
    return { connections: this.#sockets.size, requests, waitingBytes: waiting.bytes }
  }

  #createServer(): Server | SecureServer {
    const { options, limits } = this.#host
    const { headersTimeout, requestTimeout, keepAliveTimeout, maxHeaderSize } = limits
    const bounds = {
      headersTimeout: Math.min(headersTimeout, requestTimeout),
      requestTimeout,
      keepAliveTimeout,
      maxHeaderSize,
      connectionsCheckingInterval: TIMEOUT_POLL,
      noDelay: true,
    }
    if (options.tls === undefined) return createServer(bounds)
    try {
      return createSecureServer({ ...bounds, ...tlsServerOptions(options.tls, headersTimeout) })
    } catch (error) {
      throw startError('PUBLISH_TLS_INVALID', `publish: ${(error as Error).message}`)
    }
  }

  /** Turns connections over the rate away, and reads PROXY headers, before Node looks at them, which would begin with TLS. */
  #guard(server: Server | SecureServer): void {
    const listeners = server.listeners('connection')
    server.removeAllListeners('connection')
    server.on('connection', (socket: Socket) => {
      const { proxyProtocol } = this.#host.options
      const proceed = (): void => {
        for (const listen of listeners) listen.call(server, socket)
      }
      if (!this.#admits(proxyProtocol === true ? undefined : plainAddress(socket.remoteAddress)))
        socket.destroy()
      else if (proxyProtocol !== true) proceed()
      else this.#readHeader(socket, proceed)
    })
  }

  #readHeader(socket: Socket, proceed: () => void): void {
    const timer = setTimeout(() => socket.destroy(), this.#host.limits.headersTimeout)
    socket.once('close', () => clearTimeout(timer))
    this.#proxied.read(
      socket,
      (device) => this.#admitsDevice(device),
      () => {
        clearTimeout(timer)
        proceed()
      },
    )
  }

  /** @param sourceIp undefined where a PROXY header will tell it */
  #admits(sourceIp: string | undefined): boolean {
    return this.#host.connectionRate.admits(sourceIp, performance.now()) || this.#tellLimited(sourceIp)
  }

  #admitsDevice(sourceIp: string): boolean {
    return this.#host.connectionRate.admitsAddress(sourceIp, performance.now()) || this.#tellLimited(sourceIp)
  }

  #tellLimited(sourceIp: string | undefined): false {
    const { events } = this.#host
    const now = performance.now()
    events.count('connections_refused')
    events.count('connections_rate_limited')
    const count = this.#limited.add(now)
    const code = 'PUBLISH_CONNECTION_RATE_EXCEEDED'
    if (count > 0) events.log({ event: 'publish.connections_limited', code, count, sourceIp })
    return false
  }

  #onSocket(socket: Socket): void {
    if (socket.destroyed) return
    const { events } = this.#host
    this.#sockets.add(socket)
    events.count('connections_opened')
    socket.on('error', () => undefined)
    socket.once('close', () => {
      this.#sockets.delete(socket)
      events.count('connections_closed')
    })
  }

  #onRequest(request: IncomingMessage, response: ServerResponse, expectsContinue: boolean): void {
    // The parser goes on with what came together with the request that ended the connection.
    if (request.socket.destroyed) return
    const connection = this.#connectionOf(request.socket)
    connection.add(new Exchange(this.#host, connection, request, response, expectsContinue))
  }

  #connectionOf(socket: Socket): HttpConnection {
    const known = this.#connections.get(socket)
    if (known !== undefined) return known
    const connection = new HttpConnection(this.#host, socket, this.#peerOf(socket))
    this.#connections.set(socket, connection)
    return connection
  }

  #peerOf(socket: Socket): Peer {
    return {
      sourceIp: this.#proxied.sourceOf(socket),
      certificate: socket instanceof TLSSocket ? certificateOf(socket) : undefined,
      anonymous: this.#host.options.anonymous === true,
    }
  }

  /** Bytes that are no HTTP request, or one that takes too long. */
  #onClientError({ code, message }: NodeJS.ErrnoException, socket: Socket): void {
    const connection = this.#connections.get(socket)
    const { events } = this.#host
    if (code === 'ECONNRESET' || !socket.writable) {
      socket.destroy()
      return
    }
    events.count('protocol_faults')
    const sourceIp = this.#proxied.sourceOf(socket)
    events.log({ event: 'publish.protocol_fault', code: 'PUBLISH_INVALID', sourceIp, why: message })
    // Faults of TLS come here as well, and a socket without TLS yet would never finish an answer.
    const isHttp = code?.startsWith('HPE_') === true || code?.startsWith('ERR_HTTP_') === true
    if (!isHttp || connection?.isAnswerable === false) socket.destroy()
    else socket.end(rawRefusal(...faultAnswer(code), newTraceId()), () => socket.destroy())
  }
}

function faultAnswer(code: string | undefined): readonly [ErrorName, string, number] {
  if (code === 'ERR_HTTP_REQUEST_TIMEOUT')
    return ['RequestTimeoutException', 'The request was not complete in time.', 408]
  if (code === 'HPE_HEADER_OVERFLOW')
    return ['InvalidRequestException', 'The request line and the headers are too large.', 431]
  return ['InvalidRequestException', 'The request is not well-formed HTTP.', 400]
}

function startError(code: Extract<ErrorCode, `PUBLISH_${string}`>, message: string): Error {
  return Object.assign(new Error(message), { code })
}

function pause(milliseconds: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, milliseconds))
}
