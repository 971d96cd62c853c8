import {
  newTraceId,
  type ClientContext,
  type Message,
  type PublishProperties,
  type Settlement,
  type TraceId,
} from '../message/index.ts'

/** A message that came in, whatever the way; it settles once. */
export abstract class ReceivedMessage implements Message {
  readonly client: ClientContext
  readonly topic: string
  readonly payload: Buffer
  readonly qos: 0 | 1 | 2
  readonly retain: boolean
  readonly properties: PublishProperties | undefined
  readonly receivedAt: number
  #traceId: TraceId | undefined
  #settled = false

  /** @param traceId undefined to make one when it is asked for */
  constructor(
    client: ClientContext,
    topic: string,
    payload: Buffer,
    qos: 0 | 1 | 2,
    retain: boolean,
    properties: PublishProperties | undefined,
    receivedAt: number,
    traceId: TraceId | undefined,
  ) {
    this.client = client
    this.topic = topic
    this.payload = payload
    this.qos = qos
    this.retain = retain
    this.properties = properties
    this.receivedAt = receivedAt
    this.#traceId = traceId
  }

  get traceId(): TraceId {
    return (this.#traceId ??= newTraceId())
  }

  settle(settlement: Settlement): void {
    if (this.#settled) return
    this.#settled = true
    this.onSettled(settlement)
  }

  /** Called once. */
  protected abstract onSettled(settlement: Settlement): void
}
