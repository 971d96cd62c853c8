import { type RuleResult } from '../../dryrun/index.ts'

/** Topics that are counted one by one; records to others are counted together, so that memory is bounded. */
const MAX_TOPICS = 1_000

export interface RuleCounts {
  readonly matched: number
  readonly selected: number
  /** Messages for which an action, or the statement, failed. */
  readonly errors: number
  readonly codes: Readonly<Record<string, number>>
  /** Kafka records by topic. */
  readonly records: Readonly<Record<string, number>>
  /** Kafka records to topics beyond those that are counted one by one. */
  readonly otherRecords?: number
  readonly republished?: number
}

/** Counts what one version of a rule makes of messages. */
export class Tally {
  #matched = 0
  #selected = 0
  #errors = 0
  #otherRecords = 0
  #republished = 0
  readonly #codes = new Map<string, number>()
  readonly #topics = new Map<string, number>()

  add({ matched, selected, actions, error }: RuleResult): void {
    if (!matched) return
    this.#matched += 1
    if (selected) this.#selected += 1
    if (error !== undefined) {
      this.#errors += 1
      this.#codes.set(error.code, (this.#codes.get(error.code) ?? 0) + 1)
    }
    for (const { kafka } of actions) {
      if (kafka === undefined) this.#republished += 1
      else this.#record(kafka.topic)
    }
  }

  counts(): RuleCounts {
    return {
      matched: this.#matched,
      selected: this.#selected,
      errors: this.#errors,
      codes: Object.fromEntries(this.#codes),
      records: Object.fromEntries(this.#topics),
      ...(this.#otherRecords > 0 && { otherRecords: this.#otherRecords }),
      ...(this.#republished > 0 && { republished: this.#republished }),
    }
  }

  #record(topic: string): void {
    const count = this.#topics.get(topic)
    if (count === undefined && this.#topics.size >= MAX_TOPICS) this.#otherRecords += 1
    else this.#topics.set(topic, (count ?? 0) + 1)
  }
}
