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
/** Longer topics are matched each time: a client that invents them must not fill the memory with what nobody asks for again. */
const CACHED_TOPIC = 256

/** The active rules. They change between two messages; messages in flight keep the rules that they matched. */
export class Ruleset {
  readonly #trie = new TopicTrie<ActiveRule>()
  readonly #byName = new Map<string, ActiveRule>()
  /** Device topics repeat: the answer per topic, bounded and dropped whole when full or when rules change. */
  #matches = new Map<string, Match>()

  constructor(rules: readonly ActiveRule[] = []) {
    for (const active of rules) this.set(active.rule.name, active)
  }

  get rules(): readonly ActiveRule[] {
    return [...this.#byName.values()]
  }

  get size(): number {
    return this.#byName.size
  }

  named(name: string): ActiveRule | undefined {
    return this.#byName.get(name)
  }

  /** Puts a rule in the place of the one of that name, or takes it out; its cost does not depend on the others. */
  set(name: string, active: ActiveRule | undefined): void {
    const before = this.#byName.get(name)
    if (before?.rule.topicFilter !== undefined) this.#trie.remove(before.rule.topicFilter, before)
    if (active === undefined) this.#byName.delete(name)
    else this.#byName.set(name, active)
    if (active?.rule.topicFilter !== undefined) this.#trie.add(active.rule.topicFilter, active)
    if (this.#matches.size > 0) this.#matches = new Map()
  }

  match(topic: string): Match {
    const known = this.#matches.get(topic)
    if (known !== undefined) return known
    const match = this.#find(topic)
    if (topic.length > CACHED_TOPIC) return match
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
 * Brings rules into force, or takes them out, all in one step between two messages. `holds` says whether
 * acknowledgements wait for a rule. Senders of what was replaced are given back; what they have taken is still
 * delivered. Actions whose client properties have changed keep behind the records of the actions that they replace.
 */
export function activate(
  ruleset: Ruleset,
  changes: ReadonlyMap<string, CompiledRule | undefined>,
  open: OpenSender,
  holds: (rule: CompiledRule) => boolean,
): void {
  const replaced: ActiveRule[] = []
  const next = [...changes].map(([name, rule]) => {
    const before = ruleset.named(name)
    if (before !== undefined) replaced.push(before)
    return [name, rule && activateRule(rule, open, holds(rule), before)] as const
  })
  for (const [name, active] of next) ruleset.set(name, active)
  for (const active of replaced) release(active)
}

function activateRule(
  rule: CompiledRule,
  open: OpenSender,
  holds: boolean,
  before: ActiveRule | undefined,
): ActiveRule {
  const { errorAction } = rule
  const options: ShareOptions = {
    isTimed: errorAction !== undefined,
    after: before === undefined ? [] : sendersReplaced(before.actions, rule.actions),
  }
  return {
    rule,
    actions: rule.actions.map((action) =>
      activateAction(action, `${action.kind}[${action.index}]`, open, options),
    ),
    errorAction:
      errorAction && activateAction(errorAction, `errorAction.${errorAction.kind}`, open, { isTimed: true }),
    holds,
  }
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
function sendersReplaced(before: readonly ActiveAction[], now: readonly CompiledAction[]): KafkaSender[] {
  const kept = new Set(now.map((action) => (action.kind === 'kafka' ? action.target.identity : undefined)))
  return before.flatMap((active) =>
    active.kind === 'kafka' && !kept.has(active.action.target.identity) ? [active.sender] : [],
  )
}

function release({ actions, errorAction }: ActiveRule): void {
  for (const action of actions) if (action.kind === 'kafka') action.sender.release()
  if (errorAction?.kind === 'kafka') errorAction.sender.release()
}
