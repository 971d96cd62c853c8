import { type Socket } from 'node:net'
import { plainAddress, readProxyHeader } from './proxy-protocol.ts'

/** Reads the PROXY header of connections, and remembers whose device each of them is. */
export class Proxied {
  /** Device addresses by the proxy's own endpoint: a TLS socket has it from the one below. */
  readonly #sources = new Map<string, string>()

  /**
   * Reads the header and calls `proceed` with the socket, paused, at the byte behind it. A connection without a header,
   * or whose device `admits` does not let in, is closed. How long it may take is up to the caller.
   */
  read(socket: Socket, admits: (address: string) => boolean, proceed: () => void): void {
    let bytes: Buffer = Buffer.alloc(0)
    const onReadable = (): void => {
      const chunk = socket.read() as Buffer | null
      if (chunk === null) return
      bytes = Buffer.concat([bytes, chunk])
      const header = readProxyHeader(bytes)
      if (header.kind === 'more') return
      socket.removeListener('readable', onReadable)
      const { sourceIp } = header.kind === 'header' ? header : { sourceIp: undefined }
      if (header.kind === 'invalid' || (sourceIp !== undefined && !admits(sourceIp))) {
        socket.destroy()
        return
      }
      this.#remember(socket, sourceIp)
      const rest = bytes.subarray(header.length)
      if (rest.length > 0) socket.unshift(rest)
      proceed()
    }
    socket.on('readable', onReadable)
  }

  /** The device's address; that of the socket's other end where no header told one. */
  sourceOf(socket: Socket): string | undefined {
    return this.#sources.get(endpointOf(socket)) ?? plainAddress(socket.remoteAddress)
  }

  #remember(socket: Socket, sourceIp: string | undefined): void {
    if (sourceIp === undefined) return
    const key = endpointOf(socket)
    this.#sources.set(key, sourceIp)
    socket.once('close', () => this.#sources.delete(key))
  }
}

/** Names a connection; the same for a TLS socket and the one below it. */
export function endpointOf(socket: Socket): string {
  return `${socket.remoteAddress}|${socket.remotePort}`
}
