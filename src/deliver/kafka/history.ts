const TOPICS_LIMIT = 100_000

/** What has worked with a target: it decides whether a refusal is the rule's fault or the environment's. */
export class History {
  #any: boolean
  #last = ''
  readonly #topics: Set<string>
  readonly #onNews: ((isFirst: boolean) => void) | undefined
  /** Whether anything has worked since the process started. */
  isFresh = false

  /**
   * `topics`: those that had worked before; `onNews` is called when something works for the first time, with true
   * where nothing had worked ever.
   */
  constructor(topics?: readonly string[], onNews?: (isFirst: boolean) => void) {
    this.#any = topics !== undefined
    this.#topics = new Set(topics)
    this.#onNews = onNews
  }

  get topics(): ReadonlySet<string> {
    return this.#topics
  }

  succeeded(topic: string): void {
    if (topic === this.#last) return
    const isFirst = !this.#any
    this.#any = true
    this.#last = topic
    const isNews = !this.isFresh || !this.#topics.has(topic)
    this.isFresh = true
    if (this.#topics.size >= TOPICS_LIMIT) this.#topics.clear()
    this.#topics.add(topic)
    if (isNews) this.#onNews?.(isFirst)
  }

  /** Whether a record has reached `topic`; undefined asks for any topic. */
  hasSucceeded(topic: string | undefined): boolean {
    return topic === undefined ? this.#any : this.#topics.has(topic)
  }
}
