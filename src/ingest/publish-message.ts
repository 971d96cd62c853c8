import { type ClientContext, type PublishProperties, type Settlement } from '../message/index.ts'
import { ReceivedMessage } from './received-message.ts'
import { type InFlight } from './session.ts'

/** The connection a message answers to; another one after a resend has joined it. */
export interface MessageOwner {
  onSettled(message: PublishMessage, settlement: Settlement): void
}

/** One PUBLISH on its way through the stages; holds its acknowledgement. */
export class PublishMessage extends ReceivedMessage {
  readonly packetId: number
  /** Bytes it takes of the window. */
  readonly cost: number
  /** Where a resend of it is looked up; undefined with QoS 0. */
  readonly inFlight: InFlight | undefined
  owner: MessageOwner
  /** Acknowledged already, on acceptance. */
  acknowledged = false

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
    super(client, topic, payload, qos, retain, properties, receivedAt, undefined)
    this.owner = owner
    this.packetId = packetId
    this.cost = cost
    this.inFlight = inFlight
  }

  protected override onSettled(settlement: Settlement): void {
    this.inFlight?.remove(this)
    this.owner.onSettled(this, settlement)
  }

  /** True when another PUBLISH carries the same message. */
  equals(topic: string, payload: Buffer): boolean {
    return this.topic === topic && this.payload.equals(payload)
  }
}
