import { type ClientContext, type Settlement, type TraceId } from '../../message/index.ts'
import { ReceivedMessage } from '../received-message.ts'
import { type PublishRequest } from './publish-request.ts'

/** The request a message answers to. */
export interface HttpMessageOwner {
  onSettled(message: HttpMessage, settlement: Settlement): void
}

/** One published payload on its way through the stages; holds the answer of its request. */
export class HttpMessage extends ReceivedMessage {
  readonly #owner: HttpMessageOwner

  constructor(
    owner: HttpMessageOwner,
    client: ClientContext,
    { topic, qos, properties }: PublishRequest,
    payload: Buffer,
    traceId: TraceId,
    receivedAt: number,
  ) {
    super(client, topic, payload, qos, false, properties, receivedAt, traceId)
    this.#owner = owner
  }

  protected override onSettled(settlement: Settlement): void {
    this.#owner.onSettled(this, settlement)
  }
}
