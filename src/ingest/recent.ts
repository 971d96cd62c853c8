/** Something for each of the keys used last; the one unused for longest makes room for a new one. */
export class Recent<T> {
  readonly #entries = new Map<string, T>()
  readonly #maximum: number

  constructor(maximum: number) {
    this.#maximum = maximum
  }

  get size(): number {
    return this.#entries.size
  }

  /** What is known of `key`, else what `make` gives; either way `key` is now the one used last. */
  use(key: string, make: () => T): T {
    const known = this.#entries.get(key)
    if (known !== undefined) this.#entries.delete(key)
    else if (this.#entries.size >= this.#maximum) this.#dropOldest()
    const entry = known ?? make()
    this.#entries.set(key, entry)
    return entry
  }

  #dropOldest(): void {
    for (const oldest of this.#entries.keys()) {
      this.#entries.delete(oldest)
      return
    }
  }
}
