import { type KafkaSender, type ShareOptions } from '../deliver/index.ts'
import {
  type CompiledAction,
  type CompiledKafkaAction,
  type CompiledRepublishAction,
  type CompiledRule,
} from '../rule/index.ts'
import { basicIngest, TopicTrie } from '../match/index.ts'

/** A compiled Kafka action with the producer it delivers through. */
export interface ActiveKafkaAction {
  readonly kind: 'kafka'
  /** As logs and the error action name it, e.g. `kafka[0]`. */
  readonly name: string
  readonly action: CompiledKafkaAction
  readonly sender: KafkaSender
}

/** A compiled republish action; it goes through the engine again. */
export interface ActiveRepublishAction {
  readonly kind: 'republish'
  readonly name: string
  readonly action: CompiledRepublishAction
}

export type ActiveAction = ActiveKafkaAction | ActiveRepublishAction

/** A rule that takes part in matching. */
export interface ActiveRule {
  readonly rule: CompiledRule
  readonly actions: readonly ActiveAction[]
  readonly errorAction: ActiveAction | undefined
  /** Whether the message's acknowledgement waits for this rule. */
  readonly holds: boolean
}

/** The rules a topic triggers, with the topic as they see it. */
export interface Match {
  readonly topic: string
  readonly rules: readonly ActiveRule[]
  /** Whether Basic Ingest names a rule that is not there. */
  readonly isMissing?: boolean
}

const CACHE_LIMIT = 50_000

/** An immutable set of active rules, swapped in as a whole between two messages. */
export class Ruleset {
  readonly rules: readonly ActiveRule[]
  readonly #trie = new TopicTrie<ActiveRule>()
  readonly #byName = new Map<string, ActiveRule>()
  /** Device topics repeat: the answer per topic, bounded and dropped whole when full. */
  readonly #matches = new Map<string, Match>()

  constructor(rules: readonly ActiveRule[]) {
    this.rules = rules
    for (const active of rules) {
      this.#byName.set(active.rule.name, active)
      const filter = active.rule.topicFilter
      if (filter !== undefined) this.#trie.add(filter, active)
    }
  }

  named(name: string): ActiveRule | undefined {
    return this.#byName.get(name)
  }

  match(topic: string): Match {
    const known = this.#matches.get(topic)
    if (known !== undefined) return known
    const match = this.#find(topic)
    if (this.#matches.size >= CACHE_LIMIT) this.#matches.clear()
    this.#matches.set(topic, match)
    return match
  }

  /** Basic Ingest names the one rule to run: https://docs.aws.amazon.com/iot/latest/developerguide/iot-basic-ingest.html */
  #find(topic: string): Match {
    const ingest = basicIngest(topic)
    if (ingest === undefined) return { topic, rules: this.#trie.match(topic), isMissing: false }
    const named = this.#byName.get(ingest.ruleName)
    return { topic: ingest.topic, rules: named === undefined ? [] : [named], isMissing: named === undefined }
  }
}

/** Opens a sender for an action. */
export type OpenSender = (action: CompiledKafkaAction, options: ShareOptions) => KafkaSender

/**
 * Opens what a set of rules needs: a sender for each action. `holds` says whether acknowledgements wait for a rule.
 * Actions of a rule whose client properties differ from those in `previous` keep behind the records of the actions
 * that they replace.
 */
export function activate(
  rules: readonly CompiledRule[],
  open: OpenSender,
  holds: (rule: CompiledRule) => boolean,
  previous?: Ruleset,
): Ruleset {
  return new Ruleset(
    rules.map((rule) => {
      const before = previous?.named(rule.name)
      const options: ShareOptions = {
        isTimed: rule.errorAction !== undefined,
        after: before === undefined ? [] : replaced(before.actions, rule.actions),
      }
      return {
        rule,
        actions: rule.actions.map((action) =>
          activateAction(action, `${action.kind}[${action.index}]`, open, options),
        ),
        errorAction:
          rule.errorAction === undefined
            ? undefined
            : activateAction(rule.errorAction, `errorAction.${rule.errorAction.kind}`, open, {
                isTimed: true,
              }),
        holds: holds(rule),
      }
    }),
  )
}

function activateAction(
  action: CompiledAction,
  name: string,
  open: OpenSender,
  options: ShareOptions,
): ActiveAction {
  if (action.kind === 'republish') return { kind: 'republish', name, action }
  return { kind: 'kafka', name, action, sender: open(action, options) }
}

/** Senders of the actions whose client properties no action has any more. */
function replaced(before: readonly ActiveAction[], now: readonly CompiledAction[]): KafkaSender[] {
  const kept = new Set(now.map((action) => (action.kind === 'kafka' ? action.target.identity : undefined)))
  return before.flatMap((active) =>
    active.kind === 'kafka' && !kept.has(active.action.target.identity) ? [active.sender] : [],
  )
}

/** Gives the senders of a replaced set back; what they have taken is still delivered. */
export function release(ruleset: Ruleset): void {
  for (const { actions, errorAction } of ruleset.rules) {
    for (const action of actions) if (action.kind === 'kafka') action.sender.release()
    if (errorAction?.kind === 'kafka') errorAction.sender.release()
  }
}
