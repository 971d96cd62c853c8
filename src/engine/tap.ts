import { type Placement } from '../deliver/index.ts'
import { type KafkaRecord, type Publication } from '../deliver/specs.ts'
import { type Failure } from '../errors.ts'
import { type Evaluation } from '../evaluate/index.ts'
import { type Message, type Settlement } from '../message/index.ts'
import { type ActiveRule, type Match } from './ruleset.ts'

/** Watches messages on their way. The engine has one only while somebody looks; it must not throw or wait. */
export interface EngineTap {
  /**
   * Asked once for each message, before its rules run. `hops`: how often in a row it was republished.
   * @returns undefined when nobody wants to see this one
   */
  taken(message: Message, match: Match, hops: number): MessageTap | undefined
}

/** Is told what becomes of one message. Actions have the names that logs give them, such as `kafka[0]`. */
export interface MessageTap {
  /** What the statement of a rule made of it; called once for each rule that its topic triggers. */
  evaluated(rule: ActiveRule, evaluation: Evaluation | Failure): void
  /** What an action, or the error action, has to send; for a failure there is nothing and `ended` follows. */
  sent(rule: ActiveRule, action: string, made: KafkaRecord | Publication): void
  /** How that ended. */
  ended(rule: ActiveRule, action: string, failure: Failure | undefined, placement?: Placement): void
  settled(settlement: Settlement): void
}
