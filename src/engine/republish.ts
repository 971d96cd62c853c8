import { type Publication } from '../deliver/specs.ts'
import { type Failure } from '../errors.ts'
import { type Delivery } from '../deliver/index.ts'
import {
  type ClientContext,
  type Message,
  type PublishProperties,
  type Settlement,
} from '../message/index.ts'
import { type Obligation } from './obligation.ts'

/** Bounds that end loops of rules which republish to each other. */
export interface RepublishLimits {
  /** Republished messages in a row. */
  readonly hops: number
  /** Republished messages that one published message may lead to. */
  readonly messages: number
}

/**
 * A message that a rule republished. It is its publisher's as much as the message it was made from: it has that
 * one's client and trace, and its settlement ends the action that made it.
 */
export class RepublishedMessage implements Message {
  readonly topic: string
  readonly payload: Buffer
  readonly qos: 0 | 1
  readonly retain = false
  readonly client: ClientContext
  readonly properties: PublishProperties | undefined
  readonly receivedAt: number
  readonly #from: Message
  readonly #delivery: Delivery

  constructor(
    { topic, qos, properties, payload }: Publication,
    from: Message,
    now: number,
    delivery: Delivery,
  ) {
    this.topic = topic
    this.payload = payload
    this.qos = qos
    this.client = from.client
    this.properties = properties
    this.receivedAt = now
    this.#from = from
    this.#delivery = delivery
  }

  get traceId(): string {
    return this.#from.traceId
  }

  settle(settlement: Settlement): void {
    this.#delivery.settled(settlement === 'withheld' ? withheld(this.topic) : undefined)
  }
}

/** Why a message made from that of `parent` must not be republished, or undefined. */
export function loopFailure(parent: Obligation, topic: string, limits: RepublishLimits): Failure | undefined {
  if (parent.hops >= limits.hops) {
    const message = `The message was republished ${parent.hops} times in a row already, the most that is allowed.`
    return { code: 'REPUBLISH_HOPS_EXCEEDED', class: 'message', resource: topic, message }
  }
  if (parent.origin.republished >= limits.messages) {
    const message = `The message published by the client led to ${limits.messages} republished messages already, the most that is allowed.`
    return { code: 'REPUBLISH_TOO_MANY', class: 'message', resource: topic, message }
  }
  return undefined
}

function withheld(topic: string): Failure {
  const message = 'A rule that takes the republished message could not deliver it.'
  return { code: 'REPUBLISH_WITHHELD', class: 'environment', resource: topic, message }
}
