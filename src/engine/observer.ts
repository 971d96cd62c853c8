import { type Message, type Settlement } from '../message/index.ts'
import { type ActionFailure } from './obligation.ts'
import { type ActiveRule } from './ruleset.ts'

/** What the engine tells of itself; called on the message path, so implementations only count, or log rarely. */
export interface EngineObserver {
  /** A message of a source; republished ones are not counted here. */
  messageReceived(matchingRules: number): void
  /** A message came on the topic of a rule; called once per rule, before its WHERE. */
  topicMatched(rule: ActiveRule): void
  /** Basic Ingest named a rule that is not there. */
  ruleNotFound(): void
  /** A rule asked for values of a payload that is not JSON. */
  payloadUnread(rule: ActiveRule): void
  ruleMatched(rule: ActiveRule): void
  recordDelivered(rule: ActiveRule): void
  /** Called once a republished message has settled and was not withheld. */
  messageRepublished(rule: ActiveRule): void
  /** Called once per failed action and message. */
  actionFailed(rule: ActiveRule, message: Message, failed: ActionFailure): void
  errorActionDelivered(rule: ActiveRule): void
  errorActionFailed(rule: ActiveRule): void
  /** A failed message that no error action took is on disk. */
  messageDeadLettered(rule: ActiveRule, message: Message, failures: readonly ActionFailure[]): void
  /** A failed message that nothing took and that is acknowledged all the same. */
  messageLost(rule: ActiveRule, message: Message, failures: readonly ActionFailure[]): void
  /** A message of a source; `elapsed` in milliseconds since the engine took it. */
  messageSettled(settlement: Settlement, elapsed: number, message: Message): void
}
