import { letterOf, type DeadLetterStore } from '../deadletter/index.ts'
import { type Delivery, type Placement } from '../deliver/index.ts'
import { type KafkaRecord, type Publication } from '../deliver/specs.ts'
import { type Failure } from '../errors.ts'
import { assignVariables, createScope, type Evaluation } from '../evaluate/index.ts'
import { type ClientContext, type Message, type MessageSink, type Settlement } from '../message/index.ts'
import { errorDocument } from '../rule/index.ts'
import { type Environment, type Scope } from '../sql/index.ts'
import { Payload } from '../value/index.ts'
import { Budget, OVERHEAD_BYTES } from './budget.ts'
import { askGuarded, assembleGuarded, evaluateGuarded, faultOf } from './guarded.ts'
import { type EngineObserver } from './observer.ts'
import {
  Obligation,
  type ObligationOwner,
  PublicationDelivery,
  RecordDelivery,
  RuleDelivery,
} from './obligation.ts'
import { loopFailure, RepublishedMessage, type RepublishLimits } from './republish.ts'
import { type ActiveAction, type ActiveRule, type Match, Ruleset } from './ruleset.ts'
import { type EngineTap } from './tap.ts'

export interface EngineOptions {
  readonly environment: Environment
  readonly observer: EngineObserver
  /** Bound in bytes for all unsettled messages and their records. */
  readonly heldBytes: number
  readonly republish: RepublishLimits
  /** Takes failed messages that nothing else took. */
  readonly deadLetters?: Pick<DeadLetterStore, 'append'> | undefined
}

/**
 * Chains the stages: match → evaluate → render → deliver → settle. The only place that knows their order.
 *
 * Messages of one client are produced in the order of `accept`. A rule without remote functions runs to its
 * `send` within the call; while an earlier message of a client waits for a remote function, the client's later
 * messages queue in its lane. What a rule republishes while it is evaluated comes right behind its message, before
 * the next one of the client.
 */
export class Engine implements MessageSink, ObligationOwner {
  readonly #environment: Environment
  readonly #observer: EngineObserver
  readonly #budget: Budget
  readonly #republishLimits: RepublishLimits
  readonly #deadLetters: EngineOptions['deadLetters']
  /** The rules for the messages that come; `activate` changes it. */
  readonly ruleset = new Ruleset()
  /** Clients with a message that waits for a remote function, and what queues behind it. */
  readonly #lanes = new Map<ClientContext, Obligation[]>()
  #unsettled = 0
  /** Shares of rules that acknowledge on receipt: their messages have settled, their records have not. */
  #trailing = 0
  #idle: (() => void)[] = []
  #tap: EngineTap | undefined

  constructor(options: EngineOptions) {
    this.#environment = options.environment
    this.#observer = options.observer
    this.#budget = new Budget(options.heldBytes)
    this.#republishLimits = options.republish
    this.#deadLetters = options.deadLetters
  }

  /** Messages that have not settled, and records of rules that acknowledge on receipt which are still on their way. */
  get unsettled(): number {
    return this.#unsettled + this.#trailing
  }

  get heldBytes(): number {
    return this.#budget.held
  }

  /** Lets messages be watched from the next one on; undefined ends it, except for those on their way. */
  watch(tap: EngineTap | undefined): void {
    this.#tap = tap
  }

  hasRoom(): boolean {
    return this.#budget.hasRoom()
  }

  onRoom(callback: () => void): void {
    this.#budget.onRoom(callback)
  }

  accept(message: Message): void {
    this.#admit(this.#take(message, undefined))
  }

  #take(message: Message, parent: Obligation | undefined): Obligation {
    const bytes = message.payload.length + OVERHEAD_BYTES
    this.#budget.take(bytes)
    this.#unsettled += 1
    return new Obligation(message, bytes, performance.now(), this, parent)
  }

  #admit(obligation: Obligation): void {
    const { client } = obligation.message
    const lane = this.#lanes.size === 0 ? undefined : this.#lanes.get(client)
    if (lane !== undefined) {
      lane.push(obligation)
    } else if (!this.#process(obligation)) {
      this.#lanes.set(client, [])
    } else if (obligation.children === undefined) {
      obligation.evaluated()
    } else {
      this.#lanes.set(client, [])
      this.#follow(obligation)
    }
  }

  /** Goes on, after `obligation` was evaluated, with what it republished, then with what queued behind it. */
  #follow(obligation: Obligation): void {
    const { client } = obligation.message
    const lane = this.#lanes.get(client) ?? []
    let done = obligation
    for (;;) {
      if (done.children !== undefined) lane.unshift(...done.children)
      done.evaluated()
      const next = lane.shift()
      if (next === undefined) break
      if (!this.#process(next)) return
      done = next
    }
    this.#lanes.delete(client)
  }

  /** Resolves when nothing is unsettled, or false after `deadline` milliseconds. */
  drain(deadline: number): Promise<boolean> {
    if (this.unsettled === 0) return Promise.resolve(true)
    return new Promise((resolve) => {
      const timer = setTimeout(() => resolve(false), deadline)
      this.#idle.push(() => {
        clearTimeout(timer)
        resolve(true)
      })
    })
  }

  recordSettled(rule: ActiveRule, bytes: number, failure: Failure | undefined): void {
    this.#budget.release(bytes)
    if (failure === undefined) this.#observer.recordDelivered(rule)
  }

  publicationSettled(rule: ActiveRule, failure: Failure | undefined): void {
    if (failure === undefined) this.#observer.messageRepublished(rule)
  }

  ruleFailed(delivery: RuleDelivery): void {
    const { rule, obligation } = delivery
    const failures = delivery.failures ?? []
    for (const failed of failures) this.#observer.actionFailed(rule, obligation.message, failed)
    if (rule.errorAction !== undefined) this.#runErrorAction(delivery, rule.errorAction)
    else
      this.#settleFailure(
        delivery,
        failures.some((failed) => failed.failure.class === 'environment'),
      )
  }

  messageSettled(obligation: Obligation, settlement: Settlement): void {
    this.#budget.release(obligation.bytes)
    this.#unsettled -= 1
    if (obligation.hops === 0)
      this.#observer.messageSettled(settlement, performance.now() - obligation.takenAt, obligation.message)
    obligation.message.settle(settlement)
    obligation.tap?.settled(settlement)
    this.#wakeIdle()
  }

  trailingSettled(): void {
    this.#trailing -= 1
    this.#wakeIdle()
  }

  #wakeIdle(): void {
    if (this.#idle.length === 0 || this.unsettled > 0) return
    const idle = this.#idle
    this.#idle = []
    for (const resolve of idle) resolve()
  }

  /**
   * Evaluates a message; true leaves ending its evaluation to the caller. False when it now waits for a remote
   * function: `#resume` then goes on with it and its lane.
   */
  #process(obligation: Obligation): boolean {
    const { message } = obligation
    const match = this.ruleset.match(message.topic)
    if (obligation.hops === 0) this.#observer.messageReceived(match.rules.length)
    if (match.isMissing === true) this.#observer.ruleNotFound()
    if (this.#tap !== undefined) obligation.tap = this.#tap.taken(message, match, obligation.hops)
    if (match.rules.length > 0) {
      const payload = new Payload(message.payload)
      for (let index = 0; index < match.rules.length; index += 1) {
        const rule = match.rules[index]!
        const scope = createScope(rule.rule, match.topic, message, payload, this.#environment)
        this.#observer.topicMatched(rule)
        const refusals = payload.refusals
        const evaluation = evaluateGuarded(rule.rule, scope)
        if (payload.refusals > refusals) this.#observer.payloadUnread(rule)
        if (evaluation instanceof Promise) {
          void this.#resume(obligation, match, payload, index, scope, evaluation)
          return false
        }
        this.#deliver(obligation, rule, scope, evaluation)
      }
    }
    return true
  }

  /** Goes on with a message whose rule waits for a remote function, then with what queued behind it. */
  async #resume(
    obligation: Obligation,
    match: Match,
    payload: Payload,
    waiting: number,
    waitingScope: Scope,
    pending: Promise<Evaluation | Failure>,
  ): Promise<void> {
    this.#deliver(obligation, match.rules[waiting]!, waitingScope, await pending.catch(faultOf))
    for (let index = waiting + 1; index < match.rules.length; index += 1) {
      const rule = match.rules[index]!
      const scope = createScope(rule.rule, match.topic, obligation.message, payload, this.#environment)
      this.#observer.topicMatched(rule)
      const refusals = payload.refusals
      const evaluation = await evaluateGuarded(rule.rule, scope)
      if (payload.refusals > refusals) this.#observer.payloadUnread(rule)
      this.#deliver(obligation, rule, scope, evaluation)
    }
    this.#follow(obligation)
  }

  #deliver(obligation: Obligation, rule: ActiveRule, scope: Scope, evaluation: Evaluation | Failure): void {
    obligation.tap?.evaluated(rule, evaluation)
    if ('class' in evaluation) {
      obligation.matched()
      this.#share(obligation, rule, scope).failed(evaluation)
      return
    }
    if (!evaluation.matched) return
    obligation.matched()
    this.#observer.ruleMatched(rule)
    if (rule.actions.length === 0) return
    const delivery = this.#share(obligation, rule, scope)
    for (const action of rule.actions) this.#send(delivery, action, scope, evaluation.output)
  }

  /** What a rule owes for a message: to the message's settlement, or trailing behind it. */
  #share(obligation: Obligation, rule: ActiveRule, scope: Scope): RuleDelivery {
    if (!rule.holds) this.#trailing += 1
    const delivery = new RuleDelivery(obligation, rule, this, rule.holds)
    if (scope.remote !== undefined) delivery.scope = scope
    return delivery
  }

  #send(delivery: RuleDelivery, action: ActiveAction, scope: Scope, value: Buffer): void {
    if (action.kind === 'republish') {
      const publication = assembleGuarded(action.action, scope, value)
      tapSent(delivery, action, publication)
      const failure =
        'class' in publication
          ? publication
          : this.#republish(delivery.obligation, publication, new PublicationDelivery(delivery, action.name))
      if (failure !== undefined) actionFailed(delivery, action, failure)
      return
    }
    const record = assembleGuarded(action.action, scope, value)
    tapSent(delivery, action, record)
    if ('class' in record) {
      actionFailed(delivery, action, record)
      return
    }
    const bytes = record.value.length + OVERHEAD_BYTES
    this.#budget.take(bytes)
    action.sender.send(record, new RecordDelivery(delivery, action.name, bytes))
  }

  /**
   * Takes a message that a rule made from another, unless it is one too many. Its bytes are reserved like any
   * other's, but it is never refused for want of room: its parent could not settle without it.
   */
  #republish(parent: Obligation, publication: Publication, delivery: Delivery): Failure | undefined {
    const failure = loopFailure(parent, publication.topic, this.#republishLimits)
    if (failure !== undefined) return failure
    parent.origin.republished += 1
    const now = this.#environment.now()
    const child = this.#take(new RepublishedMessage(publication, parent.message, now, delivery), parent)
    if (parent.isEvaluating) (parent.children ??= []).push(child)
    else this.#admit(child)
    return undefined
  }

  /** One error message per rule and message; its templates see the original message. */
  #runErrorAction(delivery: RuleDelivery, errorAction: ActiveAction): void {
    if (delivery.scope === undefined) {
      this.#sendErrorAction(delivery, errorAction, this.#errorScope(delivery))
      return
    }
    const { scope, rule } = delivery
    const asking = askGuarded(rule.rule, scope, errorAction)
    if (asking === undefined) this.#sendErrorAction(delivery, errorAction, scope)
    else void asking.then(() => this.#sendErrorAction(delivery, errorAction, scope))
  }

  #errorScope({ rule, obligation }: RuleDelivery): Scope {
    const { message } = obligation
    const { topic } = this.ruleset.match(message.topic)
    const scope = createScope(rule.rule, topic, message, new Payload(message.payload), this.#environment)
    try {
      assignVariables(rule.rule.query, scope)
    } catch {
      // That SET is at fault is among the failures already; what its variables are used for in templates is Undefined.
    }
    return scope
  }

  #sendErrorAction(delivery: RuleDelivery, errorAction: ActiveAction, scope: Scope): void {
    const { rule, obligation } = delivery
    const document = errorDocument(rule.rule.name, obligation.message, delivery.failures ?? [])
    if (errorAction.kind === 'republish') {
      const publication = assembleGuarded(errorAction.action, scope, document)
      const way = {
        settled: (failure: Failure | undefined) => this.#errorActionSettled(delivery, errorAction, failure),
      }
      tapSent(delivery, errorAction, publication)
      const failure = 'class' in publication ? publication : this.#republish(obligation, publication, way)
      if (failure !== undefined) way.settled(failure)
      return
    }
    const record = assembleGuarded(errorAction.action, scope, document)
    tapSent(delivery, errorAction, record)
    if ('class' in record) {
      this.#errorActionSettled(delivery, errorAction, record)
      return
    }
    const bytes = record.value.length + OVERHEAD_BYTES
    this.#budget.take(bytes)
    errorAction.sender.send(record, {
      settled: (failure, placement) => {
        this.#budget.release(bytes)
        this.#errorActionSettled(delivery, errorAction, failure, placement)
      },
    })
  }

  #errorActionSettled(
    delivery: RuleDelivery,
    action: ActiveAction,
    failure: Failure | undefined,
    placement?: Placement,
  ): void {
    const { rule, obligation } = delivery
    obligation.tap?.ended(rule, action.name, failure, placement)
    if (failure === undefined) {
      this.#observer.errorActionDelivered(rule)
      delivery.finish()
      return
    }
    this.#observer.actionFailed(rule, obligation.message, { action: action.name, failure })
    this.#observer.errorActionFailed(rule)
    ;(delivery.failures ??= []).push({ action: action.name, failure })
    this.#settleFailure(delivery, failure.class === 'environment')
  }

  /**
   * No error action took the message: it ends here, with the dead letters, when the fault is its own or the rule's,
   * or when it was acknowledged on receipt; else the device resends it.
   */
  #settleFailure(delivery: RuleDelivery, environment: boolean): void {
    const { rule, obligation, holds, failures = [] } = delivery
    if (environment && holds) obligation.withhold()
    else if (this.#deadLetters !== undefined) return this.#bury(delivery, this.#deadLetters)
    else this.#observer.messageLost(rule, obligation.message, failures)
    delivery.finish()
  }

  /** What cannot be written to disk is like what Kafka does not take: the device resends it. */
  #bury(delivery: RuleDelivery, deadLetters: NonNullable<EngineOptions['deadLetters']>): void {
    const { rule, obligation, holds, failures = [] } = delivery
    const { message } = obligation
    const bytes = message.payload.length * 2 + OVERHEAD_BYTES
    this.#budget.take(bytes)
    deadLetters.append(letterOf(rule.rule.name, message, failures, this.#environment.now()), {
      settled: (failure) => {
        this.#budget.release(bytes)
        if (failure === undefined) this.#observer.messageDeadLettered(rule, message, failures)
        else if (holds) obligation.withhold()
        else this.#observer.messageLost(rule, message, failures)
        delivery.finish()
      },
    })
  }
}

function tapSent(
  { obligation, rule }: RuleDelivery,
  { name }: ActiveAction,
  made: KafkaRecord | Publication | Failure,
): void {
  if (obligation.tap !== undefined && !('class' in made)) obligation.tap.sent(rule, name, made)
}

/** An action that has nothing to send. */
function actionFailed(delivery: RuleDelivery, { name }: ActiveAction, failure: Failure): void {
  delivery.obligation.tap?.ended(delivery.rule, name, failure)
  delivery.actionSettled(name, failure)
}
