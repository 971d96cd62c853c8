import {
  type ClientContext,
  type Message,
  type PublishProperties,
  type Settlement,
  type TraceId,
} from '../../message/index.ts'
import { type PublishRequest } from './publish-request.ts'

/** The request a message answers to. */
export interface HttpMessageOwner {
  onSettled(message: HttpMessage, settlement: Settlement): void
}

/** One published payload on its way through the stages; holds the answer of its request. */
export class HttpMessage implements Message {
  readonly topic: string
  readonly payload: Buffer
  readonly qos: 0 | 1
  readonly retain = false
  readonly client: ClientContext
  readonly properties: PublishProperties | undefined
  readonly receivedAt: number
  readonly traceId: TraceId
  readonly #owner: HttpMessageOwner
  #settled = false

  constructor(
    owner: HttpMessageOwner,
    client: ClientContext,
    { topic, qos, properties }: PublishRequest,
    payload: Buffer,
    traceId: TraceId,
    receivedAt: number,
  ) {
    this.#owner = owner
    this.client = client
    this.topic = topic
    this.qos = qos
    this.properties = properties
    this.payload = payload
    this.traceId = traceId
    this.receivedAt = receivedAt
  }

  settle(settlement: Settlement): void {
    if (this.#settled) return
    this.#settled = true
    this.#owner.onSettled(this, settlement)
  }
}
