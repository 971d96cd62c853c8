import { basicIngest, TopicTrie } from '../match/index.ts'
import { type Rule } from './rule.ts'

/** The rules that a topic triggers, and the topic as they see it. */
export interface RuleMatch {
  readonly topic: string
  readonly rules: readonly Rule[]
}

/** Rules that take messages together, as those of a server do; disabled ones take none. */
export class RuleSet {
  readonly #trie = new TopicTrie<Rule>()
  readonly #byName = new Map<string, Rule>()

  /** Of two rules with one name the first counts. */
  constructor(rules: readonly Rule[]) {
    for (const rule of rules) {
      if (this.#byName.has(rule.name)) continue
      this.#byName.set(rule.name, rule)
      const { topicFilter } = rule.compiled
      if (!rule.disabled && topicFilter !== undefined) this.#trie.add(topicFilter, rule)
    }
  }

  get rules(): readonly Rule[] {
    return [...this.#byName.values()]
  }

  named(name: string): Rule | undefined {
    return this.#byName.get(name)
  }

  match(topic: string): RuleMatch {
    const ingest = basicIngest(topic)
    if (ingest === undefined) return { topic, rules: this.#trie.match(topic) }
    const named = this.#byName.get(ingest.ruleName)
    return { topic: ingest.topic, rules: named === undefined || named.disabled ? [] : [named] }
  }
}
