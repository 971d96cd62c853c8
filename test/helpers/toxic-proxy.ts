import { connect, createServer, type AddressInfo, type Server, type Socket } from 'node:net'

/** What the network does to every connection, in both directions. */
export interface Toxics {
  /** Nothing passes; what was sent arrives when it ends, as TCP sends lost packets again. */
  readonly hang?: boolean
  /** Milliseconds that every byte is late. */
  readonly latency?: number
  /** Bytes a second of one connection in one direction. */
  readonly bandwidth?: number
}

/** What can be done to one proxy, or to several that belong together. */
export interface NetworkPath {
  set(toxics: Toxics): void
  /** Ends every connection with RST on both sides; new ones are taken. */
  reset(): void
}

/** Several proxies as one. */
export function pathOf(proxies: readonly NetworkPath[]): NetworkPath {
  return {
    set: (toxics) => proxies.forEach((proxy) => proxy.set(toxics)),
    reset: () => proxies.forEach((proxy) => proxy.reset()),
  }
}

const SLICE = 20

/** A TCP proxy on a loopback port that can hang, delay, narrow and reset the connections through it. */
export class ToxicProxy implements NetworkPath {
  readonly port: number
  readonly #server: Server
  readonly #pairs = new Set<readonly [Socket, Socket]>()
  readonly #pipes = new Set<Pipe>()
  readonly #state: { toxics: Toxics } = { toxics: {} }

  private constructor(server: Server, target: { port: number }) {
    this.#server = server
    this.port = (server.address() as AddressInfo).port
    server.on('connection', (client) => this.#join(client, target.port))
  }

  /** Listens on `port` (0 picks one) and forwards to `target`, whose port may be set later. */
  static async start(target: { port: number }, port = 0): Promise<ToxicProxy> {
    const server = createServer({ allowHalfOpen: true })
    await new Promise<void>((resolve, reject) => {
      server.once('error', reject)
      server.listen(port, '127.0.0.1', resolve)
    })
    return new ToxicProxy(server, target)
  }

  get connections(): number {
    return this.#pairs.size
  }

  set(toxics: Toxics): void {
    this.#state.toxics = toxics
    for (const pipe of this.#pipes) pipe.wake()
  }

  /** Ends every connection with RST on both sides; new ones are taken. */
  reset(): void {
    for (const pair of this.#pairs) for (const socket of pair) socket.resetAndDestroy()
  }

  async stop(): Promise<void> {
    this.reset()
    await new Promise((resolve) => this.#server.close(resolve))
  }

  #join(client: Socket, port: number): void {
    const target = connect({ port, host: '127.0.0.1', noDelay: true, allowHalfOpen: true })
    client.setNoDelay(true)
    const pair = [client, target] as const
    const pipes = [new Pipe(client, target, this.#state), new Pipe(target, client, this.#state)]
    this.#pairs.add(pair)
    for (const pipe of pipes) this.#pipes.add(pipe)
    const part = (error?: Error): void => {
      if (!this.#pairs.delete(pair)) return
      for (const pipe of pipes) this.#pipes.delete(pipe)
      // What ended one side unasked ends the other in the same way.
      for (const socket of pair)
        if (error === undefined) socket.destroy()
        else socket.resetAndDestroy()
    }
    for (const socket of pair) {
      socket.on('error', part)
      socket.on('close', (failed) => {
        if (failed || pipes.every((pipe) => pipe.ended)) part(failed ? new Error('reset') : undefined)
      })
    }
  }
}

/** One direction of one connection. */
class Pipe {
  ended = false
  readonly #from: Socket
  readonly #to: Socket
  readonly #state: { readonly toxics: Toxics }
  readonly #waiting: { readonly data: Buffer | undefined; readonly due: number }[] = []
  #bytes = 0
  #credit = 0
  #creditAt = performance.now()
  #timer: NodeJS.Timeout | undefined
  #blocked = false

  constructor(from: Socket, to: Socket, state: { readonly toxics: Toxics }) {
    this.#from = from
    this.#to = to
    this.#state = state
    from.on('data', (data: Buffer) => this.#take(data))
    from.on('end', () => this.#take(undefined))
    to.on('drain', () => {
      this.#blocked = false
      this.wake()
    })
  }

  wake(): void {
    clearTimeout(this.#timer)
    this.#timer = undefined
    this.#flow()
  }

  #take(data: Buffer | undefined): void {
    const { latency = 0 } = this.#state.toxics
    this.#waiting.push({ data, due: performance.now() + latency })
    this.#bytes += data?.length ?? 0
    if (this.#bytes > 65_536) this.#from.pause()
    if (this.#timer === undefined) this.#flow()
  }

  #flow(): void {
    const { hang = false, bandwidth } = this.#state.toxics
    if (hang || this.#blocked) return
    const now = performance.now()
    if (bandwidth !== undefined) this.#earn(now, bandwidth)
    while (this.#waiting.length > 0 && !this.#blocked) {
      const { data, due } = this.#waiting[0]!
      if (due > now && this.#state.toxics.latency !== undefined) return this.#later(due - now)
      if (data === undefined) {
        this.#waiting.shift()
        this.ended = true
        this.#to.end()
        return
      }
      const allowed = bandwidth === undefined ? data.length : Math.min(data.length, Math.floor(this.#credit))
      if (allowed === 0) return this.#later(SLICE)
      if (allowed === data.length) this.#waiting.shift()
      else this.#waiting[0] = { data: data.subarray(allowed), due }
      this.#credit -= allowed
      this.#bytes -= allowed
      if (this.#to.writable) this.#blocked = !this.#to.write(data.subarray(0, allowed))
      if (this.#bytes <= 65_536) this.#from.resume()
    }
  }

  #earn(now: number, bandwidth: number): void {
    const earned = ((now - this.#creditAt) / 1000) * bandwidth
    this.#credit = Math.min(Math.max(0, this.#credit) + earned, (bandwidth * 2 * SLICE) / 1000 + 1)
    this.#creditAt = now
  }

  #later(milliseconds: number): void {
    this.#timer ??= setTimeout(() => this.wake(), milliseconds)
  }
}
