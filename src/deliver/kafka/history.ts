const TOPICS_LIMIT = 100_000

/** What has worked with a target: it decides whether a refusal is the rule's fault or the environment's. */
export class History {
  #any = false
  #last = ''
  readonly #topics = new Set<string>()

  succeeded(topic: string): void {
    if (topic === this.#last) return
    this.#any = true
    this.#last = topic
    if (this.#topics.size >= TOPICS_LIMIT) this.#topics.clear()
    this.#topics.add(topic)
  }

  /** Whether a record has reached `topic`; undefined asks for any topic. */
  hasSucceeded(topic: string | undefined): boolean {
    return topic === undefined ? this.#any : this.#topics.has(topic)
  }
}
