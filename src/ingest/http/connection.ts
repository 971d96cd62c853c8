import { type Socket } from 'node:net'
import { type ClientContext } from '../../message/index.ts'
import { type Access } from '../access.ts'
import { type Peer } from '../admission.ts'
import { createAuthorizer, type Authorizer } from '../authorize.ts'
import {
  type HttpAuthentication,
  type HttpDenial,
  type HttpIdentity,
  type HttpPending,
} from './authenticate.ts'
import { type Exchange } from './exchange.ts'
import { type HttpHost } from './host.ts'
import { type RequestHead } from './publish-request.ts'

/** Requests of one connection that are not answered; a client that pipelines more is cut off. */
const MAX_PIPELINED = 1_000

export type Identified =
  | {
      readonly ok: true
      readonly client: ClientContext
      readonly authorize: Authorizer
    }
  | HttpDenial

interface Known {
  readonly access: Access
  readonly username: string | undefined
  readonly client: ClientContext
  readonly authorize: Authorizer
}

/** One connection: its requests are handed over one after the other, in the order they came. */
export class HttpConnection {
  readonly peer: Peer
  readonly #host: HttpHost
  readonly #socket: Socket
  readonly #queue: Exchange[] = []
  #current: Exchange | undefined
  /** Those that are not answered. */
  readonly #open = new Set<Exchange>()
  /** Whom the last request was from; one context for all requests keeps them in order further on. */
  #known: Known | undefined

  constructor(host: HttpHost, socket: Socket, peer: Peer) {
    this.#host = host
    this.#socket = socket
    this.peer = peer
    // Node tells only the first of several responses that their connection has closed.
    socket.once('close', () => {
      for (const exchange of this.#open) exchange.abandon()
    })
  }

  /** True when an answer written now would answer the request whose bytes are being read. */
  get isAnswerable(): boolean {
    return this.#open.size === 0 || (this.#open.size === 1 && this.#current?.isReading === true)
  }

  add(exchange: Exchange): void {
    this.#open.add(exchange)
    if (this.#open.size > MAX_PIPELINED) {
      this.#host.events.count('protocol_faults')
      this.#host.events.log({
        event: 'publish.protocol_fault',
        code: 'PUBLISH_THROTTLED',
        sourceIp: this.peer.sourceIp,
        why: `more than ${MAX_PIPELINED} requests of one connection wait for their answers`,
      })
      this.#socket.destroy()
      return
    }
    this.#queue.push(exchange)
    if (this.#current === undefined) void this.#handOver()
  }

  /** An exchange was answered, or nobody is there to be answered. */
  ended(exchange: Exchange): void {
    this.#open.delete(exchange)
  }

  /** Checks the credentials of a request; the answer to wrong ones comes late. */
  async identify(head: RequestHead): Promise<Identified | HttpPending> {
    const { options, byPassword } = this.#host
    const outcome = await (options.authenticate?.(head, this.peer) ?? byPassword(head, this.peer))
    return outcome.ok === 'pending' ? outcome : this.conclude(outcome)
  }

  /** The same for credentials that cover the payload, when it is there. */
  async conclude(outcome: HttpAuthentication): Promise<Identified> {
    if (outcome.ok) return this.#identified(outcome)
    if (outcome.busy) return outcome
    const { events, failureDelay } = this.#host
    events.count('authentications_failed')
    const delay = failureDelay.next(this.peer.sourceIp ?? '', performance.now())
    await new Promise((resolve) => setTimeout(resolve, delay))
    return outcome
  }

  #identified({ username, principal, mayPublish }: HttpIdentity): Identified {
    const { access } = this.#host
    let known = this.#known
    const isSame = known?.username === username && known?.client.principal === principal
    if (known === undefined || !isSame || known.access !== access) {
      const { certificate, sourceIp } = this.peer
      known = {
        access,
        username,
        client:
          isSame && known !== undefined
            ? known.client
            : { clientId: undefined, principal, sourceIp, protocol: 'http' },
        authorize: createAuthorizer(access.acl, { clientId: undefined, username, certificate }),
      }
      this.#known = known
    }
    const { client, authorize } = known
    if (mayPublish === undefined) return { ok: true, client, authorize }
    return { ok: true, client, authorize: (topic) => mayPublish(topic) && authorize(topic) }
  }

  async #handOver(): Promise<void> {
    for (let next = this.#queue.shift(); next !== undefined; next = this.#queue.shift()) {
      this.#current = next
      try {
        await next.handOver()
      } catch (error) {
        next.fail(error)
      }
    }
    this.#current = undefined
  }
}
