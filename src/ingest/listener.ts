import { createServer as createHttpServer, type Server as HttpServer } from 'node:http'
import { createServer as createHttpsServer } from 'node:https'
import { createServer, type AddressInfo, type Server, type Socket } from 'node:net'
import {
  createServer as createTlsServer,
  type Server as SecureServer,
  TLSSocket,
  type TlsOptions as NodeTlsOptions,
} from 'node:tls'
import { type Duplex } from 'node:stream'
import { type CertificateIdentity } from './authorize.ts'
import { type Peer } from './admission.ts'
import { type ListenerOptions, type MqttLimits, type TlsOptions } from './options.ts'
import { endpointOf, Proxied } from './proxied.ts'
import { plainAddress } from './proxy-protocol.ts'
import { serveWebSockets } from './websocket.ts'
import { type SharedBudget } from './window.ts'

export interface ListenerAddress {
  readonly name: string
  readonly host: string
  readonly port: number
  readonly transport: 'tcp' | 'ws'
  readonly tls: boolean
}

export interface ListenerEvents {
  /**
   * Asked before anything is read; false closes the connection at once.
   * @param address undefined where a PROXY header will tell it
   */
  admit(address: string | undefined): boolean
  /** Asked when a PROXY header has told the address of the device. */
  admitAddress(address: string): boolean
  connection(stream: Duplex, peer: Peer): void
  fault(error: Error): void
}

const TCP_KEEP_ALIVE = 60_000

/**
 * One listening socket. Layers are stacked by handing the accepted socket on:
 *
 *     TCP accept ─► PROXY header? ─► TLS? ─► WebSocket? ─► connection
 */
export class Listener {
  readonly name: string
  readonly #options: ListenerOptions
  readonly #limits: MqttLimits
  readonly #partial: SharedBudget
  readonly #events: ListenerEvents
  readonly #server: Server
  readonly #sockets = new Set<Socket>()
  #secured: SecureServer | undefined
  /** Deadlines of sockets that are not an MQTT stream yet, by endpoint. */
  readonly #handshakes = new Map<string, NodeJS.Timeout>()
  readonly #proxied = new Proxied()

  /** @throws Error with code MQTT_TLS_INVALID when certificate, key or CA cannot be used */
  constructor(options: ListenerOptions, limits: MqttLimits, partial: SharedBudget, events: ListenerEvents) {
    this.#options = options
    this.#limits = limits
    this.#partial = partial
    this.#events = events
    this.name = options.name ?? defaultName(options)
    const handOn = this.#handOn()
    this.#server = createServer(
      { noDelay: true, keepAlive: true, keepAliveInitialDelay: TCP_KEEP_ALIVE },
      (socket) => this.#onAccepted(socket, handOn),
    )
  }

  /** Sockets accepted and not closed, those in a handshake included. */
  get size(): number {
    return this.#sockets.size
  }

  /** @throws Error with code MQTT_LISTEN_FAILED */
  async listen(): Promise<ListenerAddress> {
    const { host, port, transport, tls } = this.#options
    await new Promise<void>((resolve, reject) => {
      this.#server.once('error', (error) =>
        reject(
          startError('MQTT_LISTEN_FAILED', `listener ${this.name} at ${host}:${port}: ${error.message}`),
        ),
      )
      this.#server.listen(port, host, resolve)
    })
    this.#server.removeAllListeners('error')
    this.#server.on('error', (error) => this.#events.fault(error))
    const address = this.#server.address() as AddressInfo
    return { name: this.name, host: address.address, port: address.port, transport, tls: tls !== undefined }
  }

  /** Uses another certificate for connections that come. */
  secure(tls: TlsOptions): void {
    this.#secured?.setSecureContext(tlsServerOptions(tls, this.#limits.connectTimeout))
  }

  /** Accepts nothing more; open connections go on. */
  close(): void {
    if (this.#server.listening) this.#server.close()
  }

  /** Closes sockets that are left, those still in a handshake included. */
  destroy(): void {
    for (const socket of this.#sockets) socket.destroy()
  }

  #onAccepted(socket: Socket, handOn: (socket: Socket) => void): void {
    const { proxyProtocol } = this.#options
    const address = proxyProtocol === true ? undefined : plainAddress(socket.remoteAddress)
    if (!this.#events.admit(address)) {
      socket.destroy()
      return
    }
    this.#sockets.add(socket)
    socket.on('error', () => undefined)
    socket.on('close', () => this.#sockets.delete(socket))
    if (this.#isLayered) this.#startDeadline(socket)
    if (proxyProtocol !== true) handOn(socket)
    else
      this.#proxied.read(
        socket,
        (device) => this.#events.admitAddress(device),
        () => handOn(socket),
      )
  }

  get #isLayered(): boolean {
    const { proxyProtocol, tls, transport } = this.#options
    return proxyProtocol === true || tls !== undefined || transport === 'ws'
  }

  /** All handshakes below MQTT together have as long as CONNECT itself. */
  #startDeadline(socket: Socket): void {
    const key = endpointOf(socket)
    const timer = setTimeout(() => socket.destroy(), this.#limits.connectTimeout)
    this.#handshakes.set(key, timer)
    socket.once('close', () => {
      clearTimeout(timer)
      if (this.#handshakes.get(key) === timer) this.#handshakes.delete(key)
    })
  }

  /** Everything below MQTT is done. */
  #begin(stream: Duplex, socket: Socket): void {
    const key = endpointOf(socket)
    clearTimeout(this.#handshakes.get(key))
    this.#handshakes.delete(key)
    this.#events.connection(stream, this.#peerOf(socket))
  }

  #handOn(): (socket: Socket) => void {
    const { transport, tls } = this.#options
    if (transport === 'ws') {
      const server = this.#webSocketServer()
      return (socket) => void server.emit('connection', socket)
    }
    if (tls === undefined) {
      return (socket) => {
        this.#begin(socket, socket)
        // Reading the PROXY header has left the socket paused.
        socket.resume()
      }
    }
    const server = this.#checked(() => createTlsServer(this.#tlsOptions()))
    this.#secured = server
    server.on('secureConnection', (socket) => this.#begin(socket, socket))
    server.on('tlsClientError', () => undefined)
    return (socket) => void server.emit('connection', socket)
  }

  #webSocketServer(): HttpServer {
    const { tls } = this.#options
    const secured = tls && this.#checked(() => createHttpsServer(this.#tlsOptions()))
    this.#secured = secured
    const server = secured ?? createHttpServer()
    const bounds = { maxPacketSize: this.#limits.maxPacketSize, partial: this.#partial }
    serveWebSockets(server, this.#options.path ?? '/mqtt', bounds, (stream, socket) =>
      this.#begin(stream, socket),
    )
    return server
  }

  #tlsOptions(): NodeTlsOptions {
    return tlsServerOptions(this.#options.tls!, this.#limits.connectTimeout)
  }

  #checked<T>(create: () => T): T {
    try {
      return create()
    } catch (error) {
      throw startError('MQTT_TLS_INVALID', `listener ${this.name}: ${(error as Error).message}`)
    }
  }

  #peerOf(socket: Socket): Peer {
    return {
      sourceIp: this.#proxied.sourceOf(socket),
      certificate: socket instanceof TLSSocket ? certificateOf(socket) : undefined,
      anonymous: this.#options.anonymous === true,
    }
  }
}

/** `handshakeTimeout` in milliseconds. */
export function tlsServerOptions(
  { cert, key, passphrase, clientCa, requireClientCertificate }: TlsOptions,
  handshakeTimeout: number,
): NodeTlsOptions {
  return {
    cert,
    key,
    passphrase,
    ca: clientCa,
    requestCert: clientCa !== undefined,
    rejectUnauthorized: clientCa !== undefined && requireClientCertificate !== false,
    minVersion: 'TLSv1.2',
    handshakeTimeout,
  }
}

/** Only a certificate that the listener's CA has signed is an identity. */
export function certificateOf(socket: TLSSocket): CertificateIdentity | undefined {
  if (!socket.authorized) return undefined
  const { fingerprint256, subject } = socket.getPeerCertificate()
  if (fingerprint256 === undefined) return undefined
  const commonName: unknown = subject?.CN
  return {
    fingerprint: fingerprint256.replaceAll(':', '').toLowerCase(),
    commonName: typeof commonName === 'string' ? commonName : undefined,
  }
}

function defaultName({ transport, tls }: ListenerOptions): string {
  if (transport === 'tcp') return tls === undefined ? 'mqtt' : 'mqtts'
  return tls === undefined ? 'ws' : 'wss'
}

function startError(code: 'MQTT_LISTEN_FAILED' | 'MQTT_TLS_INVALID', message: string): Error {
  return Object.assign(new Error(message), { code })
}
