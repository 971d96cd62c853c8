/**
 * A rate as a bucket of tokens that fills at `perSecond` and holds what one second brings. What is taken may leave a
 * debt: whoever took it waits until the debt is paid, so that the mean is exact and nothing has to be split.
 */
export class TokenBucket {
  readonly #perSecond: number
  readonly #capacity: number
  #tokens: number
  #at: number

  /** @param now milliseconds of a clock that never steps, here and below */
  constructor(perSecond: number, now: number) {
    this.#perSecond = perSecond
    this.#capacity = Math.max(1, perSecond)
    this.#tokens = this.#capacity
    this.#at = now
  }

  /** Tokens there are; zero or less while a debt is being paid. */
  available(now: number): number {
    if (now > this.#at) {
      this.#tokens = Math.min(this.#capacity, this.#tokens + ((now - this.#at) * this.#perSecond) / 1000)
      this.#at = now
    }
    return this.#tokens
  }

  take(tokens: number): void {
    this.#tokens -= tokens
  }

  /** Milliseconds until there are tokens again; zero while there are. */
  wait(now: number): number {
    const available = this.available(now)
    return available > 0 ? 0 : ((1e-6 - available) / this.#perSecond) * 1000
  }
}

/** A bound on messages and one on bytes, both or either. */
export interface RateLimit {
  readonly messages: number | undefined
  readonly bytes: number | undefined
}

/** Messages and bytes of one publisher, or of all. */
export class Rate {
  readonly #messages: TokenBucket | undefined
  readonly #bytes: TokenBucket | undefined

  constructor({ messages, bytes }: RateLimit, now: number) {
    this.#messages = messages === undefined ? undefined : new TokenBucket(messages, now)
    this.#bytes = bytes === undefined ? undefined : new TokenBucket(bytes, now)
  }

  take(messages: number, bytes: number): void {
    this.#messages?.take(messages)
    this.#bytes?.take(bytes)
  }

  /** Milliseconds until one more message is in order; zero when it is now. */
  wait(now: number): number {
    return Math.max(this.#messages?.wait(now) ?? 0, this.#bytes?.wait(now) ?? 0)
  }

  /** What each of `sharers` may take at once: at least one message, of any size. */
  share(sharers: number, now: number): { readonly messages: number; readonly bytes: number } {
    return {
      messages: shareOf(this.#messages, sharers, now),
      bytes: shareOf(this.#bytes, sharers, now),
    }
  }
}

function shareOf(bucket: TokenBucket | undefined, sharers: number, now: number): number {
  if (bucket === undefined) return Number.POSITIVE_INFINITY
  return Math.max(1, Math.floor(bucket.available(now) / sharers))
}

/** Undefined where neither is bounded. */
export function rateLimit(messages: number | undefined, bytes: number | undefined): RateLimit | undefined {
  return messages === undefined && bytes === undefined ? undefined : { messages, bytes }
}
