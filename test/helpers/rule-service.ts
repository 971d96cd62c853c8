import { createServer, type Server } from 'node:http'
import { type AddressInfo } from 'node:net'

interface Stored {
  readonly payload: Record<string, unknown>
  readonly createdAt: number
  readonly revision: number
}

/** The rule operations of AWS IoT over HTTP as far as clients need them, with failures on demand. */
export class RuleService {
  readonly rules = new Map<string, Stored>()
  /** Each request as `PUT /rules/name`, with what of its headers tells who asks. */
  readonly requests: string[] = []
  readonly headers: Readonly<Record<string, string | string[] | undefined>>[] = []
  /** By request, as in `requests`: an error name to answer with, once for each in the list. */
  readonly failures = new Map<string, { status: number; name: string; message: string }[]>()
  readonly #server: Server
  pageSize = 2

  private constructor(server: Server) {
    this.#server = server
  }

  static async start(): Promise<RuleService> {
    const server = createServer()
    const service = new RuleService(server)
    server.on('request', (request, response) => {
      const chunks: Buffer[] = []
      request.on('data', (chunk: Buffer) => chunks.push(chunk))
      request.on('end', () => {
        const url = new URL(request.url ?? '/', 'http://service')
        const key = `${request.method} ${url.pathname}`
        service.requests.push(key)
        service.headers.push(request.headers)
        const failure = service.failures.get(key)?.shift()
        const [status, body, error] =
          failure === undefined
            ? service.#answer(request.method!, url, Buffer.concat(chunks).toString())
            : [failure.status, { message: failure.message }, failure.name]
        const rule = service.rules.get(url.pathname.split('/')[2] ?? '')
        response.writeHead(status, {
          'content-type': 'application/json',
          ...(rule !== undefined && { etag: `"${rule.revision}"` }),
          ...(error !== undefined && { 'x-amzn-errortype': error }),
        })
        response.end(JSON.stringify(body))
      })
    })
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    return service
  }

  get endpoint(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`
  }

  put(name: string, payload: Record<string, unknown>): void {
    const revision = (this.rules.get(name)?.revision ?? 0) + 1
    this.rules.set(name, { payload, createdAt: 1_700_000_000, revision })
  }

  async stop(): Promise<void> {
    this.#server.closeAllConnections()
    await new Promise((resolve) => this.#server.close(resolve))
  }

  #answer(method: string, url: URL, text: string): [number, unknown, string?] {
    const name = /^\/rules\/(\w+)$/.exec(url.pathname)?.[1]
    if (method === 'GET' && url.pathname === '/rules') return [200, this.#page(url)]
    if (name === undefined) return [404, { message: 'no such path' }, 'ResourceNotFoundException']
    const known = this.rules.get(name)
    if (method === 'POST' && known !== undefined)
      return [409, { message: `There is a rule ${name}` }, 'ResourceAlreadyExistsException']
    if (method === 'GET' && known === undefined)
      return [401, { message: `Access to topic rule '${name}' was denied` }, 'UnauthorizedException']
    if (method === 'GET') {
      const { payload, createdAt } = known!
      return [
        200,
        { ruleArn: `arn:aws:iot:x:1:rule/${name}`, rule: { ruleName: name, createdAt, ...payload } },
      ]
    }
    if (method === 'POST' || method === 'PATCH') this.put(name, JSON.parse(text) as Record<string, unknown>)
    if (method === 'DELETE') this.rules.delete(name)
    return [200, {}]
  }

  #page(url: URL): unknown {
    const from = Number(url.searchParams.get('nextToken') ?? 0)
    const all = [...this.rules].map(([ruleName, { payload, createdAt }]) => {
      return { ruleName, createdAt, topicPattern: 'a/b', ruleDisabled: payload['ruleDisabled'] === true }
    })
    const next = from + this.pageSize
    return { rules: all.slice(from, next), ...(next < all.length && { nextToken: String(next) }) }
  }
}
