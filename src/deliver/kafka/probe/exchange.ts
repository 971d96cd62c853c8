import { connect as connectTcp, isIP, type LookupFunction, type Socket } from 'node:net'
import { connect as connectTls, type ConnectionOptions, type TLSSocket } from 'node:tls'
import { type BrokerAddress } from './address.ts'
import { apiVersionsRequest, isApiVersionsAnswer } from './api-versions.ts'

/** What came of one connection. */
export interface Exchange {
  /** TCP, and TLS where it was asked for, stood. */
  readonly connected: boolean
  /** The peer answered as a Kafka broker. */
  readonly answered: boolean
  /** Node's code of what ended it, e.g. `ECONNREFUSED`; undefined when nothing did, or the peer just closed. */
  readonly error: string | undefined
  /** The peer closed the connection, or said nothing in time. */
  readonly ended: 'closed' | 'timeout' | undefined
}

/** Connects in the clear and asks for the broker's API versions. Never rejects. */
export function exchangePlain(address: BrokerAddress, timeout: number): Promise<Exchange> {
  const socket = connectTcp({ host: address.host, port: address.port, ...resolverOf(address) })
  return exchange(socket, 'connect', timeout, () => {})
}

/** The same over TLS; `inspect` sees the socket once the handshake is done. */
export function exchangeTls(
  address: BrokerAddress,
  options: ConnectionOptions,
  timeout: number,
  inspect: (socket: TLSSocket) => void,
): Promise<Exchange> {
  let socket: TLSSocket
  try {
    socket = connectTls({ ...options, host: address.host, port: address.port, ...resolverOf(address) })
  } catch (error) {
    return Promise.resolve({
      connected: false,
      answered: false,
      error: codeOf(error as Error),
      ended: undefined,
    })
  }
  return exchange(socket, 'secureConnect', timeout, () => inspect(socket))
}

function resolverOf({ addresses }: BrokerAddress): { readonly lookup?: LookupFunction } {
  if (addresses === undefined) return {}
  const known = addresses.map((address) => ({ address, family: isIP(address) }))
  return {
    lookup: (_host, { all }, done) => {
      if (all === true) done(null, known)
      else done(null, known[0]!.address, known[0]!.family)
    },
  }
}

function exchange(
  socket: Socket,
  ready: 'connect' | 'secureConnect',
  timeout: number,
  inspect: () => void,
): Promise<Exchange> {
  return new Promise((resolve) => {
    let connected = false
    let received = Buffer.alloc(0)
    const finish = (answered: boolean, error?: Error, ended?: Exchange['ended']): void => {
      clearTimeout(timer)
      socket.destroy()
      resolve({ connected, answered, error: error && codeOf(error), ended })
    }
    const timer = setTimeout(() => finish(false, undefined, 'timeout'), timeout)
    socket.once(ready, () => {
      connected = true
      inspect()
      socket.write(apiVersionsRequest())
    })
    socket.on('data', (chunk: Buffer) => {
      received = Buffer.concat([received, chunk.subarray(0, 64)])
      const answered = isApiVersionsAnswer(received)
      if (answered !== undefined) finish(answered)
    })
    socket.on('error', (error) => finish(false, error))
    socket.once('close', () => finish(false, undefined, 'closed'))
  })
}

function codeOf(error: Error): string {
  return (error as NodeJS.ErrnoException).code ?? error.message
}
