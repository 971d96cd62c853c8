import {
  newTraceId,
  type ClientContext,
  type Message,
  type PublishProperties,
  type Settlement,
  type TraceId,
} from '../message/index.ts'
import { type InFlight } from './session.ts'

/** The connection a message answers to; another one after a resend has joined it. */
export interface MessageOwner {
  onSettled(message: PublishMessage, settlement: Settlement): void
}

/** One PUBLISH on its way through the stages; holds its acknowledgement. */
export class PublishMessage implements Message {
  readonly topic: string
  readonly payload: Buffer
  readonly qos: 0 | 1 | 2
  readonly retain: boolean
  readonly client: ClientContext
  readonly properties: PublishProperties | undefined
  readonly receivedAt: number
  readonly packetId: number
  /** Bytes it takes of the window. */
  readonly cost: number
  /** Where a resend of it is looked up; undefined with QoS 0. */
  readonly inFlight: InFlight | undefined
  owner: MessageOwner
  /** Acknowledged already, on acceptance. */
  acknowledged = false
  #settled = false
  #traceId: TraceId | undefined

  constructor(
    owner: MessageOwner,
    client: ClientContext,
    topic: string,
    payload: Buffer,
    qos: 0 | 1 | 2,
    retain: boolean,
    packetId: number,
    properties: PublishProperties | undefined,
    receivedAt: number,
    cost: number,
    inFlight: InFlight | undefined,
  ) {
    this.owner = owner
    this.client = client
    this.topic = topic
    this.payload = payload
    this.qos = qos
    this.retain = retain
    this.packetId = packetId
    this.properties = properties
    this.receivedAt = receivedAt
    this.cost = cost
    this.inFlight = inFlight
  }

  get traceId(): TraceId {
    return (this.#traceId ??= newTraceId())
  }

  settle(settlement: Settlement): void {
    if (this.#settled) return
    this.#settled = true
    this.inFlight?.remove(this)
    this.owner.onSettled(this, settlement)
  }

  /** True when another PUBLISH carries the same message. */
  equals(topic: string, payload: Buffer): boolean {
    return this.topic === topic && this.payload.equals(payload)
  }
}
