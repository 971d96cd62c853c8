import { type Content, type Fetched } from './backend.ts'

export interface CacheOptions {
  /** Milliseconds that a value is used before it is fetched again. */
  readonly cacheTime: number
  /** Told when a value is kept because its store cannot be reached; once per failed attempt. */
  readonly onStale: (failure: Extract<Fetched, { ok: false }>['failure']) => void
  readonly now: () => number
  /** Uniform in [0, 1). */
  readonly random: () => number
}

interface Entry {
  content: Content | undefined
  fetchedAt: number
  /** The last answer, where it was a failure, and until when it stands for the next. */
  failed: Extract<Fetched, { ok: false }> | undefined
  failedUntil: number
  /** Environment failures in a row. */
  outages: number
  pending: Promise<Fetched> | undefined
}

const MAX_ENTRIES = 2_000
/** From this share of the cache time a use of a value fetches it again beside itself, so that nobody waits. */
const REFRESH_AT = 0.9
/** How long an answer such as "not found" stands. */
const REFUSED_MS = 10_000
const OUTAGE_FIRST_MS = 1_000
const OUTAGE_LAST_MS = 60_000

/**
 * Values of secrets by look-up: one request in flight for each, failures remembered for a short while, a known value
 * kept as long as its store cannot be reached.
 */
export class SecretCache {
  readonly #options: CacheOptions
  readonly #entries = new Map<string, Entry>()

  constructor(options: CacheOptions) {
    this.#options = options
  }

  /** `fetch` never rejects. `maxAge` in milliseconds: an older value is fetched again. */
  get(identity: string, maxAge: number | undefined, fetch: () => Promise<Fetched>): Promise<Fetched> {
    const { cacheTime, now } = this.#options
    const entry = this.#entry(identity)
    const at = now()
    const { content } = entry
    const isFresh = content !== undefined && at - entry.fetchedAt < Math.min(maxAge ?? cacheTime, cacheTime)
    if (isFresh) {
      if (at - entry.fetchedAt > cacheTime * REFRESH_AT && at >= entry.failedUntil)
        void this.#fetch(entry, fetch)
      return Promise.resolve({ ok: true, content })
    }
    if (entry.pending !== undefined) return entry.pending
    if (entry.failed !== undefined && at < entry.failedUntil)
      return Promise.resolve(standIn(entry, entry.failed))
    return this.#fetch(entry, fetch)
  }

  #entry(identity: string): Entry {
    const known = this.#entries.get(identity)
    if (known !== undefined) {
      // The first of the map is the one unused for longest.
      this.#entries.delete(identity)
      this.#entries.set(identity, known)
      return known
    }
    if (this.#entries.size >= MAX_ENTRIES) this.#entries.delete(this.#entries.keys().next().value!)
    const entry: Entry = {
      content: undefined,
      fetchedAt: 0,
      failed: undefined,
      failedUntil: 0,
      outages: 0,
      pending: undefined,
    }
    this.#entries.set(identity, entry)
    return entry
  }

  #fetch(entry: Entry, fetch: () => Promise<Fetched>): Promise<Fetched> {
    entry.pending ??= fetch().then((fetched) => {
      entry.pending = undefined
      return fetched.ok ? this.#succeeded(entry, fetched) : this.#failed(entry, fetched)
    })
    return entry.pending
  }

  #succeeded(entry: Entry, fetched: Extract<Fetched, { ok: true }>): Fetched {
    entry.content = fetched.content
    entry.fetchedAt = this.#options.now()
    entry.failed = undefined
    entry.failedUntil = 0
    entry.outages = 0
    return fetched
  }

  #failed(entry: Entry, failed: Extract<Fetched, { ok: false }>): Fetched {
    const { now, random, onStale } = this.#options
    const isOutage = failed.failure.class === 'environment'
    entry.outages = isOutage ? entry.outages + 1 : 0
    if (!isOutage) entry.content = undefined
    const wait = Math.min(OUTAGE_FIRST_MS * 2 ** (entry.outages - 1), OUTAGE_LAST_MS) * (0.5 + random() / 2)
    entry.failed = failed
    entry.failedUntil = now() + (isOutage ? wait : REFUSED_MS)
    if (entry.content !== undefined) onStale(failed.failure)
    return standIn(entry, failed)
  }
}

/** The value known from before, where there is one. */
function standIn({ content }: Entry, failed: Fetched): Fetched {
  return content === undefined ? failed : { ok: true, content }
}
