import { Recent } from './recent.ts'
import { TokenBucket } from './token-bucket.ts'

/** Addresses, and client identifiers, whose rate is remembered. */
const REMEMBERED = 10_000

/** Bounds per second; undefined is no bound. */
export interface ConnectionRateLimits {
  readonly connectionsPerSecond?: number | undefined
  readonly connectionsPerSecondPerAddress?: number | undefined
  readonly connectionsPerSecondPerClient?: number | undefined
}

/** How often connections may come: in all, from one address, of one client. Those refused do not count. */
export class ConnectionRate {
  readonly #total: TokenBucket | undefined
  readonly #addresses: KeyedRate | undefined
  readonly #clients: KeyedRate | undefined

  constructor(limits: ConnectionRateLimits, now: number) {
    const { connectionsPerSecond, connectionsPerSecondPerAddress, connectionsPerSecondPerClient } = limits
    this.#total = connectionsPerSecond === undefined ? undefined : new TokenBucket(connectionsPerSecond, now)
    this.#addresses = keyedRate(connectionsPerSecondPerAddress)
    this.#clients = keyedRate(connectionsPerSecondPerClient)
  }

  /** @param address undefined while it is not known */
  admits(address: string | undefined, now: number): boolean {
    if (this.#total !== undefined && this.#total.available(now) < 1) return false
    if (!this.admitsAddress(address, now)) return false
    this.#total?.take(1)
    return true
  }

  admitsAddress(address: string | undefined, now: number): boolean {
    if (this.#addresses === undefined || address === undefined) return true
    return this.#addresses.admits(networkOf(address), now)
  }

  admitsClient(clientId: string, now: number): boolean {
    return this.#clients?.admits(clientId, now) ?? true
  }
}

function keyedRate(perSecond: number | undefined): KeyedRate | undefined {
  return perSecond === undefined ? undefined : new KeyedRate(perSecond)
}

class KeyedRate {
  readonly #perSecond: number
  readonly #buckets = new Recent<TokenBucket>(REMEMBERED)

  constructor(perSecond: number) {
    this.#perSecond = perSecond
  }

  admits(key: string, now: number): boolean {
    const bucket = this.#buckets.use(key, () => new TokenBucket(this.#perSecond, now))
    if (bucket.available(now) < 1) return false
    bucket.take(1)
    return true
  }
}

/** An IPv4 address as it is; of IPv6 the first 64 bits, for a host has all addresses below them (RFC 4291, 2.5.4). */
export function networkOf(address: string): string {
  if (!address.includes(':')) return address
  const [head = '', tail] = address.split('::')
  const before = head === '' ? [] : head.split(':')
  const after = tail === undefined || tail === '' ? [] : tail.split(':')
  const zeros = new Array<string>(Math.max(0, 8 - before.length - after.length)).fill('0')
  return `${[...before, ...zeros, ...after].slice(0, 4).join(':')}::/64`
}
