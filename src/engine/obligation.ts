import { type Failure } from '../errors.ts'
import { type Message, type Settlement } from '../message/index.ts'
import { type Delivery, type Placement } from '../deliver/index.ts'
import { type Scope } from '../sql/index.ts'
import { type ActiveRule } from './ruleset.ts'
import { type MessageTap } from './tap.ts'

/** What the engine does when parts of a message end; implemented by `Engine`. */
export interface ObligationOwner {
  /** A record reached Kafka or failed. `bytes` were reserved for it. */
  recordSettled(rule: ActiveRule, bytes: number, failure: Failure | undefined): void
  /** A republished message settled. */
  publicationSettled(rule: ActiveRule, failure: Failure | undefined): void
  /** Every action of one rule settled and at least one failed; must end with `obligation.ruleSettled`. */
  ruleFailed(delivery: RuleDelivery): void
  messageSettled(obligation: Obligation, settlement: Settlement): void
  /** A rule's share that its message did not wait for has ended. */
  trailingSettled(): void
}

/**
 * What is owed for one message before its source may acknowledge it: one entry per matched rule, and one of the
 * engine's own while it is still evaluating.
 */
export class Obligation {
  readonly message: Message
  /** `performance.now()` when the engine took the message. */
  readonly takenAt: number
  readonly bytes: number
  /** The obligation of the message that a client published; this one unless the message was republished. */
  readonly origin: Obligation
  /** How often in a row the message was republished; 0 as published. */
  readonly hops: number
  /** Messages republished because of this one, over all hops; counted at the origin alone. */
  republished = 0
  /** What was republished while the message was evaluated; it is evaluated next. */
  children: Obligation[] | undefined
  isEvaluating = true
  /** Present while somebody watches this message. */
  tap: MessageTap | undefined
  readonly #owner: ObligationOwner
  #pending = 1
  #settlement: Settlement = 'unmatched'

  constructor(
    message: Message,
    bytes: number,
    takenAt: number,
    owner: ObligationOwner,
    parent: Obligation | undefined,
  ) {
    this.origin = parent === undefined ? this : parent.origin
    this.hops = parent === undefined ? 0 : parent.hops + 1
    this.message = message
    this.bytes = bytes
    this.takenAt = takenAt
    this.#owner = owner
  }

  /** Ends the engine's own part: every rule has been evaluated. */
  evaluated(): void {
    this.isEvaluating = false
    this.settled()
  }

  matched(): void {
    if (this.#settlement === 'unmatched') this.#settlement = 'taken'
  }

  owe(): void {
    this.#pending += 1
  }

  withhold(): void {
    this.#settlement = 'withheld'
  }

  /** One owed part has ended; the last one settles the message. */
  settled(): void {
    this.#pending -= 1
    if (this.#pending === 0) this.#owner.messageSettled(this, this.#settlement)
  }
}

/** A failed action of a rule, as the error action lists it. */
export interface ActionFailure {
  readonly action: string
  readonly failure: Failure
}

/** One rule's share of a message: settles when all of its actions have. */
export class RuleDelivery {
  readonly obligation: Obligation
  readonly rule: ActiveRule
  readonly owner: ObligationOwner
  /** False where the rule acknowledges on receipt: its outcome is counted but not waited for. */
  readonly holds: boolean
  failures: ActionFailure[] | undefined
  /** The scope of a rule that calls services, with the answers it has; the error action goes on from there. */
  scope: Scope | undefined
  #pending: number

  constructor(obligation: Obligation, rule: ActiveRule, owner: ObligationOwner, holds: boolean) {
    this.obligation = obligation
    this.rule = rule
    this.owner = owner
    this.holds = holds
    this.#pending = rule.actions.length
    if (holds) obligation.owe()
  }

  actionSettled(action: string, failure: Failure | undefined): void {
    if (failure !== undefined) (this.failures ??= []).push({ action, failure })
    this.#pending -= 1
    if (this.#pending > 0) return
    if (this.failures === undefined) this.finish()
    else this.owner.ruleFailed(this)
  }

  /** The rule failed before its actions began. */
  failed(failure: Failure): void {
    this.failures = [{ action: failure.action ?? 'sql', failure }]
    this.owner.ruleFailed(this)
  }

  /** Ends the rule's share; called once, after the error action where there is one. */
  finish(): void {
    if (this.holds) this.obligation.settled()
    else this.owner.trailingSettled()
  }
}

/** The report's way back: travels through librdkafka as the record's opaque. */
export class RecordDelivery implements Delivery {
  readonly #delivery: RuleDelivery
  readonly #action: string
  readonly #bytes: number

  constructor(delivery: RuleDelivery, action: string, bytes: number) {
    this.#delivery = delivery
    this.#action = action
    this.#bytes = bytes
  }

  settled(failure: Failure | undefined, placement?: Placement): void {
    const delivery = this.#delivery
    delivery.obligation.tap?.ended(delivery.rule, this.#action, failure, placement)
    delivery.owner.recordSettled(delivery.rule, this.#bytes, failure)
    delivery.actionSettled(this.#action, failure)
  }
}

/** The way back of a republished message, whose bytes its own obligation holds. */
export class PublicationDelivery implements Delivery {
  readonly #delivery: RuleDelivery
  readonly #action: string

  constructor(delivery: RuleDelivery, action: string) {
    this.#delivery = delivery
    this.#action = action
  }

  settled(failure: Failure | undefined): void {
    const delivery = this.#delivery
    delivery.obligation.tap?.ended(delivery.rule, this.#action, failure)
    delivery.owner.publicationSettled(delivery.rule, failure)
    delivery.actionSettled(this.#action, failure)
  }
}
