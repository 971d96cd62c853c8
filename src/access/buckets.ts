const MAX_ADDRESSES = 10_000

interface Bucket {
  left: number
  at: number
}

/**
 * How often each address may do something: `perMinute` times in a minute, all at once or spread. IPv6 addresses of one
 * /64 network count as one. The table is bounded; the address that was quiet for longest is forgotten first.
 */
export class AddressBuckets {
  readonly #perMinute: number
  readonly #buckets = new Map<string, Bucket>()

  /** @param perMinute 0: without a bound */
  constructor(perMinute: number) {
    this.#perMinute = perMinute
  }

  /** Whether an address has something left. `now` in milliseconds. */
  has(address: string | undefined, now: number): boolean {
    if (this.#perMinute === 0) return true
    const bucket = this.#buckets.get(network(address))
    return bucket === undefined || this.#leftAt(bucket, now) >= 1
  }

  /** Takes one. @returns whether there was one */
  take(address: string | undefined, now: number): boolean {
    if (this.#perMinute === 0) return true
    const key = network(address)
    const known = this.#buckets.get(key)
    const left = known === undefined ? this.#perMinute : this.#leftAt(known, now)
    this.#buckets.delete(key)
    if (this.#buckets.size >= MAX_ADDRESSES) {
      const [oldest] = this.#buckets.keys()
      this.#buckets.delete(oldest!)
    }
    this.#buckets.set(key, { left: Math.max(0, left - 1), at: now })
    return left >= 1
  }

  #leftAt({ left, at }: Bucket, now: number): number {
    return Math.min(this.#perMinute, left + (Math.max(0, now - at) * this.#perMinute) / 60_000)
  }
}

/** The part of an address that one party holds. */
function network(address = ''): string {
  const plain = address.replace(/^::ffff:(?=\d+\.)/, '')
  if (!plain.includes(':')) return plain
  const [head = '', tail] = plain.split('%')[0]!.split('::')
  const first = head === '' ? [] : head.split(':')
  const missing = tail === undefined ? 0 : 8 - first.length - (tail === '' ? 0 : tail.split(':').length)
  return [...first, ...Array.from({ length: missing }, () => '0'), ...(tail?.split(':') ?? [])]
    .slice(0, 4)
    .join(':')
}
