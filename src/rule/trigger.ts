import { basicIngest, TopicTrie } from '../match/index.ts'
import { type CompiledRule } from './rule.ts'

/** Tells for one rule, apart from all others, whether a topic triggers it. */
export interface Trigger {
  /** The topic as the rule sees it (no Basic Ingest prefix), or undefined when the topic does not trigger the rule. */
  topicSeen(topic: string): string | undefined
}

/** Makes the trigger of a rule, for testing a rule by itself; the engine matches all rules at once. */
export function createTrigger(rule: CompiledRule): Trigger {
  const trie = new TopicTrie<CompiledRule>()
  if (rule.topicFilter !== undefined) trie.add(rule.topicFilter, rule)
  return {
    topicSeen(topic) {
      const ingest = basicIngest(topic)
      if (ingest !== undefined) return ingest.ruleName === rule.name ? ingest.topic : undefined
      return trie.match(topic).length > 0 ? topic : undefined
    },
  }
}
