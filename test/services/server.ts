import { createServer, type IncomingHttpHeaders, type RequestListener, type Server } from 'node:http'
import { createServer as createTlsServer } from 'node:https'
import { type AddressInfo, type Socket } from 'node:net'
import { onTestFinished } from 'vitest'
import { HttpService, type HttpServiceOptions } from '../../src/services/index.ts'
import { type ServiceAnswer } from '../../src/sql/index.ts'
import { type Value } from '../../src/value/index.ts'

export interface Received {
  readonly method: string
  readonly path: string
  readonly headers: IncomingHttpHeaders
  readonly body: string
}

export interface TestServer {
  readonly url: string
  readonly received: Received[]
  readonly sockets: ReadonlySet<Socket>
}

/** What the server does with the n-th request, from 1: answer with status and text, or handle it itself. */
type Script = (request: Received, n: number) => readonly [status: number, text: string] | RequestListener

/** A server on a free port of the loopback, closed with the test. */
export async function serve(script: Script, tls?: { key: string; cert: string }): Promise<TestServer> {
  const received: Received[] = []
  const sockets = new Set<Socket>()
  const listener: RequestListener = (request, response) => {
    const parts: Buffer[] = []
    request.on('data', (part: Buffer) => parts.push(part))
    request.on('end', () => {
      const { method = '', url = '', headers } = request
      const one = { method, path: url, headers, body: Buffer.concat(parts).toString() }
      received.push(one)
      const made = script(one, received.length)
      if (typeof made === 'function') void made(request, response)
      else response.writeHead(made[0], { 'content-type': 'application/json' }).end(made[1])
    })
  }
  const server: Server = tls === undefined ? createServer(listener) : createTlsServer(tls, listener)
  server.on('connection', (socket: Socket) => sockets.add(socket))
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  onTestFinished(() => {
    server.closeAllConnections()
    server.close()
  })
  const { port } = server.address() as AddressInfo
  return { url: `${tls === undefined ? 'http' : 'https'}://127.0.0.1:${port}/ask`, received, sockets }
}

/** A service as the configuration's defaults make it, closed with the test. */
export function serviceAt(url: string, options: Partial<HttpServiceOptions> = {}): HttpService {
  const service = new HttpService({
    name: 'aws_lambda',
    url,
    timeout: 5_000,
    headers: [],
    concurrency: 64,
    queue: 1_000,
    maxAnswer: 131_072,
    ...options,
  })
  onTestFinished(() => service.close())
  return service
}

const caller = { ruleName: 'r', topic: 'a/b', clientId: 'device', traceId: 'trace' }

export function ask(service: HttpService, ...args: Value[]): Promise<ServiceAnswer> {
  return service.call(args, caller)
}

/** The code of a failure, or the value. */
export function outcome(answer: ServiceAnswer): Value {
  return answer.ok ? answer.value : answer.failure.code
}
