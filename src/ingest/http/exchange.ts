import { type IncomingMessage, type ServerResponse } from 'node:http'
import { type ErrorCode } from '../../errors.ts'
import { newTraceId, type ClientContext, type Settlement } from '../../message/index.ts'
import { networkOf } from '../connection-rate.ts'
import { type RoomWaiter } from '../room-queue.ts'
import { type Rate } from '../token-bucket.ts'
import { answerOk, answerRefusal, refusal, type ErrorName, type Refusal } from './answer.ts'
import { BodyReader } from './body.ts'
import { type HttpDenial } from './authenticate.ts'
import { type HttpConnection } from './connection.ts'
import { type PublishCounter } from './events.ts'
import { type HttpHost } from './host.ts'
import { HttpMessage, type HttpMessageOwner } from './http-message.ts'
import { readPublish, type PublishRequest } from './publish-request.ts'

const settlementCounter = {
  taken: 'messages_taken',
  unmatched: 'messages_unmatched',
  withheld: 'messages_withheld',
} as const satisfies Record<Settlement, PublishCounter>

const codes = {
  InvalidRequestException: 'PUBLISH_INVALID',
  ResourceNotFoundException: 'PUBLISH_INVALID',
  MethodNotAllowedException: 'PUBLISH_INVALID',
  RequestTimeoutException: 'PUBLISH_INVALID',
  RequestEntityTooLargeException: 'PUBLISH_TOO_LARGE',
  UnsupportedOperation: 'PUBLISH_UNSUPPORTED',
  UnauthorizedException: 'PUBLISH_NOT_AUTHENTICATED',
  ForbiddenException: 'PUBLISH_NOT_AUTHORIZED',
  ThrottlingException: 'PUBLISH_THROTTLED',
  ServiceUnavailableException: 'PUBLISH_UNAVAILABLE',
  InternalFailureException: 'PUBLISH_FAULT',
} as const satisfies Record<ErrorName, ErrorCode>

/**
 * One request and its answer.
 *
 *     queued ─► reading: checks, credentials, body ─► waiting for room ─► handed to the sink ─► settled: answered
 *        └───────────┴─ refused, or the deadline ─────────┘                     └─ the deadline: 504
 */
export class Exchange implements HttpMessageOwner, RoomWaiter {
  readonly #host: HttpHost
  readonly #connection: HttpConnection
  readonly #request: IncomingMessage
  readonly #response: ServerResponse
  readonly #body: BodyReader
  readonly #traceId = newTraceId()
  readonly #deadline: NodeJS.Timeout
  /** The client waits for `100 Continue` before it sends the body. */
  #expectsContinue: boolean
  #state: 'queued' | 'reading' | 'waiting' | 'handed' | 'ended' = 'queued'
  #publish: PublishRequest | undefined
  #client: ClientContext | undefined
  #onRoom: (() => void) | undefined

  constructor(
    host: HttpHost,
    connection: HttpConnection,
    request: IncomingMessage,
    response: ServerResponse,
    expectsContinue: boolean,
  ) {
    this.#host = host
    this.#connection = connection
    this.#request = request
    this.#response = response
    this.#expectsContinue = expectsContinue
    this.#body = new BodyReader(request, host.limits.maxPayloadSize, host.waiting)
    this.#deadline = setTimeout(() => this.#onDeadline(), host.options.deadline)
    host.requests += 1
    host.events.count('requests_received')
    request.on('error', () => undefined)
    response.on('error', () => undefined)
  }

  get isReading(): boolean {
    return this.#state === 'reading'
  }

  /** Resolves when the message is with the sink, or the request is refused, or nobody waits for its answer. */
  async handOver(): Promise<void> {
    if (this.#state === 'ended') return
    this.#state = 'reading'
    const host = this.#host
    if (host.closing) return this.#refuse(refusal('ServiceUnavailableException', 'The server is stopping.'))
    if (host.requests > host.limits.maxRequests)
      return this.#refuse(refusal('ThrottlingException', 'Too many requests wait for their answers.'))
    if (this.#isOver(host.publishRate.total, 'All clients together publish too much.')) return
    const { method = '', url = '', headers, rawHeaders } = this.#request
    const head = { method, target: url, headers, rawHeaders }
    const publish = readPublish(head)
    if ('error' in publish) return this.#refuse(publish)
    this.#publish = publish
    let identified = await this.#connection.identify(head)
    let payload: Buffer | undefined
    if (this.#hasEnded()) return
    if (identified.ok === 'pending') {
      payload = await this.#readPayload()
      if (payload === undefined || this.#hasEnded()) return
      identified = await this.#connection.conclude(identified.verify(payload))
      if (this.#hasEnded()) return
    }
    if (!identified.ok) return this.#refuseIdentity(identified)
    this.#client = identified.client
    if (!identified.authorize(publish.topic))
      return this.#refuse(refusal('ForbiddenException', 'The client may not publish to this topic.'))
    const { principal, sourceIp } = identified.client
    const own = host.publishRate.of(principal ?? networkOf(sourceIp ?? ''), performance.now())
    if (this.#isOver(own, 'The client publishes too much.')) return
    own?.take(1, 0)
    host.publishRate.total?.take(1, 0)
    payload ??= await this.#readPayload()
    if (payload === undefined || this.#hasEnded()) return
    own?.take(0, payload.length)
    host.publishRate.total?.take(0, payload.length)
    if (!(await this.#waitForRoom(publish)) || this.#hasEnded()) return
    this.#state = 'handed'
    this.#body.release()
    host.unsettled += 1
    host.sink.accept(new HttpMessage(this, identified.client, publish, payload, this.#traceId, Date.now()))
  }

  onSettled({ topic }: HttpMessage, settlement: Settlement): void {
    const { events } = this.#host
    this.#host.unsettled -= 1
    events.count(settlementCounter[settlement])
    if (settlement !== 'withheld') {
      if (this.#hasEnded()) return
      events.count('acknowledged')
      answerOk(this.#response, { traceId: this.#traceId, close: this.#host.closing })
      this.#end()
      return
    }
    const { principal } = this.#client!
    events.log({ event: 'publish.withheld', topic: topic.slice(0, 256), principal, traceId: this.#traceId })
    const message = 'The message could not be delivered and nothing took it. Send it again.'
    this.#answer(refusal('ServiceUnavailableException', message))
  }

  onRoom(): void {
    this.#onRoom?.()
  }

  /** The connection has closed. */
  abandon(): void {
    this.#end()
  }

  /** For what was not foreseen. */
  fail(error: unknown): void {
    this.#refuse(refusal('InternalFailureException', 'The request failed.'), String(error))
  }

  /** Refuses the request when a rate is exceeded; says when it may be sent again. */
  #isOver(rate: Rate | undefined, message: string): boolean {
    const wait = rate?.wait(performance.now()) ?? 0
    if (wait === 0) return false
    const retryAfter = Math.max(1, Math.ceil(wait / 1000))
    this.#refuse({ ...refusal('ThrottlingException', message), retryAfter })
    return true
  }

  async #readPayload(): Promise<Buffer | undefined> {
    const { maxPayloadSize } = this.#host.limits
    const body = this.#body
    const isShort = Number(this.#request.headers['content-length'] ?? 0) <= maxPayloadSize
    if (this.#expectsContinue && isShort) {
      this.#response.writeContinue()
      this.#expectsContinue = false
    }
    const read = await body.read()
    switch (read.kind) {
      case 'payload':
        this.#host.events.count('bytes_received', read.payload.length)
        return read.payload
      case 'tooLarge':
        this.#refuse(
          refusal('RequestEntityTooLargeException', `The payload is larger than ${maxPayloadSize} bytes.`),
        )
        return undefined
      case 'full':
        this.#refuse(refusal('ThrottlingException', 'Too many payloads wait. Send it again later.'))
        return undefined
      case 'gone':
        this.#end()
        return undefined
    }
  }

  /** A bound on what waits is that on payloads; QoS 0 does not wait. False when the request is refused. */
  async #waitForRoom({ qos }: PublishRequest): Promise<boolean> {
    const { sink, rooms } = this.#host
    this.#state = 'waiting'
    if (rooms.isOpen) return true
    if (qos === 0) {
      this.#refuse(noRoom)
      return false
    }
    do {
      await new Promise<void>((resolve) => {
        this.#onRoom = resolve
        rooms.wait(this)
      })
    } while (!sink.hasRoom() && !this.#hasEnded())
    return true
  }

  #onDeadline(): void {
    const seconds = this.#host.options.deadline / 1000
    if (this.#state === 'handed') {
      const { events } = this.#host
      events.count('deadlines_passed')
      events.log({
        event: 'publish.deadline_passed',
        topic: this.#publish!.topic.slice(0, 256),
        principal: this.#client!.principal,
        traceId: this.#traceId,
      })
      const message = `The message was not confirmed within ${seconds} s. It may still be delivered.`
      this.#answer({ error: 'InternalFailureException', status: 504, message })
    } else if (this.#state === 'reading')
      this.#refuse(refusal('RequestTimeoutException', `The request was not complete within ${seconds} s.`))
    else this.#refuse(noRoom)
  }

  #refuseIdentity({ busy, text, isForbidden }: HttpDenial): void {
    const message = `${text[0]!.toUpperCase()}${text.slice(1)}${text.endsWith('.') ? '' : '.'}`
    if (busy) this.#refuse(refusal('ServiceUnavailableException', message))
    else if (isForbidden === true)
      this.#refuse(refusal('ForbiddenException', message), message, 'PUBLISH_NOT_AUTHENTICATED')
    else this.#refuse(refusal('UnauthorizedException', message))
  }

  #refuse(refused: Refusal, why = refused.message, code: ErrorCode = codes[refused.error]): void {
    if (this.#hasEnded()) return
    const { events } = this.#host
    events.count(refused.error === 'ThrottlingException' ? 'requests_throttled' : 'requests_refused')
    events.log({
      event: 'publish.refused',
      code,
      topic: this.#publish?.topic.slice(0, 256),
      principal: this.#client?.principal,
      sourceIp: this.#connection.peer.sourceIp,
      traceId: this.#traceId,
      why,
    })
    this.#answer(refused)
  }

  #answer(refused: Refusal): void {
    if (this.#hasEnded()) return
    const challenged = refused.error === 'UnauthorizedException' && this.#host.access.users !== undefined
    answerRefusal(this.#response, refused, {
      traceId: this.#traceId,
      close: this.#host.closing || this.#expectsContinue || refused.error === 'RequestTimeoutException',
      ...(challenged && { headers: { 'www-authenticate': 'Basic realm="topicrule", charset="UTF-8"' } }),
    })
    if (!this.#request.complete) this.#body.discard()
    this.#end()
  }

  #hasEnded(): boolean {
    return this.#state === 'ended'
  }

  #end(): void {
    if (this.#state === 'ended') return
    this.#state = 'ended'
    clearTimeout(this.#deadline)
    this.#body.release()
    this.#host.requests -= 1
    this.#host.rooms.forget(this)
    this.#onRoom?.()
    this.#connection.ended(this)
  }
}

const noRoom = refusal(
  'ThrottlingException',
  'The server holds as many messages as it may. Send it again later.',
)
