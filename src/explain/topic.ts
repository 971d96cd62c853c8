import { basicIngest, whyUnmatched } from '../match/index.ts'
import { type CompiledRule } from '../rule/index.ts'
import { type TopicExplanation } from './explanation.ts'

/** Whether a topic triggers a rule, and why; `seen` is the topic as the rule's trigger has it. */
export function explainTopic(rule: CompiledRule, topic: string, seen: string | undefined): TopicExplanation {
  const filter = rule.topicFilter
  const known = { ...(filter === undefined ? {} : { filter }), topic }
  const ingest = basicIngest(topic)
  if (seen !== undefined) {
    const reason = ingest === undefined ? 'the topic matches the filter' : 'Basic Ingest names this rule'
    return { ...known, seen, matched: true, reason }
  }
  return { ...known, matched: false, reason: whyNot(filter, topic, ingest?.ruleName) }
}

function whyNot(filter: string | undefined, topic: string, ruleName: string | undefined): string {
  if (ruleName !== undefined) return `Basic Ingest names the rule '${ruleName.slice(0, 128)}', not this one`
  if (filter === undefined) return 'the statement has no FROM: Basic Ingest alone reaches the rule'
  return whyUnmatched(filter, topic) ?? 'the topic does not match the filter'
}
