import { lookup as systemLookup } from 'node:dns/promises'
import { addressesOf, type BrokerAddress, shown } from '../probe/address.ts'
import { readAddress } from './ip.ts'
import { type EgressPolicy } from './policy.ts'

/** All addresses of a name; rejects where it has none. */
export type Lookup = (host: string) => Promise<readonly string[]>

/** Undefined: every broker may be reached. */
export type GuardVerdict =
  | {
      readonly kind: 'forbidden' | 'unresolved'
      readonly message: string
    }
  | undefined

interface Known {
  readonly at: number
  readonly addresses: readonly string[]
  /** Why there are none. */
  readonly fault: string | undefined
}

const LOOKUP_MS = 5_000
/** Names are looked up again, so that one that comes to mean something else is noticed. */
const VALID_MS = 60_000
const UNRESOLVED_VALID_MS = 2_000
const HOSTS_LIMIT = 1_000

/**
 * Looks up the brokers of one producer and holds them against its policy: those of `bootstrap.servers` before the
 * producer is opened, those that the cluster advertises when they become known.
 */
export class DestinationGuard {
  readonly #policy: EgressPolicy
  readonly #servers: readonly BrokerAddress[]
  readonly #lookup: Lookup
  readonly #known = new Map<string, Known>()
  #lookingUp: Promise<void> = Promise.resolve()

  constructor(policy: EgressPolicy, bootstrapServers: string, lookup: Lookup = lookUpAll) {
    this.#policy = policy
    this.#servers = addressesOf(bootstrapServers)
    this.#lookup = lookup
  }

  /** Whether brokers must be known before the cluster gets a record. */
  get restricts(): boolean {
    return this.#policy.restricts
  }

  /**
   * Checks the bootstrap servers and `more`. Calls `done` once: during the call when nothing needs to be looked up.
   * `unresolved` only when no bootstrap server has an address.
   */
  check(more: readonly BrokerAddress[], done: (verdict: GuardVerdict) => void): void {
    const brokers = [...this.#servers, ...more]
    for (const { host, port } of brokers) {
      const forbidden = this.#policy.forbidsServer(host, port)
      if (forbidden !== undefined) {
        done({ kind: 'forbidden', message: this.#words(host, port, forbidden.reason, forbidden.key) })
        return
      }
    }
    const unknown = [...new Set(brokers.map(({ host }) => host))].filter((host) => !this.#isKnown(host))
    if (unknown.length === 0) done(this.#judge(more))
    else void this.#lookUp(unknown).then(() => done(this.#judge(more)))
  }

  #isKnown(host: string): boolean {
    if (this.#policy.addressesOf(host) !== undefined) return true
    const known = this.#known.get(host)
    const valid = known?.fault === undefined ? VALID_MS : UNRESOLVED_VALID_MS
    return readAddress(host) !== undefined || (known !== undefined && performance.now() - known.at < valid)
  }

  /** One name after the other: a lookup holds one of the few threads that files and reports need too. */
  #lookUp(hosts: readonly string[]): Promise<void> {
    const looked = this.#lookingUp.then(async () => {
      if (this.#known.size + hosts.length > HOSTS_LIMIT) this.#known.clear()
      for (const host of hosts) {
        if (this.#isKnown(host)) continue
        const found = await within(LOOKUP_MS, this.#lookup(host))
        this.#known.set(host, { at: performance.now(), ...found })
      }
    })
    this.#lookingUp = looked
    return looked
  }

  #judge(more: readonly BrokerAddress[]): GuardVerdict {
    for (const { host, port } of [...this.#servers, ...more]) {
      for (const address of this.#addressesOf(host)) {
        const forbidden = this.#policy.forbidsAddress(address)
        if (forbidden !== undefined)
          return { kind: 'forbidden', message: this.#words(host, port, forbidden.reason, forbidden.key) }
      }
    }
    const faults = this.#servers.map(({ host }) =>
      this.#policy.addressesOf(host) === undefined ? this.#known.get(host)?.fault : undefined,
    )
    if (faults.length === 0 || faults.includes(undefined)) return undefined
    return {
      kind: 'unresolved',
      message: `Host resolution failure: ${this.#servers[0]!.host} has no address (${faults[0]}).`,
    }
  }

  #addressesOf(host: string): readonly string[] {
    return this.#policy.addressesOf(host) ?? this.#known.get(host)?.addresses ?? []
  }

  #words(host: string, port: number, reason: string, key: string): string {
    return `The policy of the destination does not let ${shown({ host, port })} be reached (${key}): ${reason}.`
  }
}

async function lookUpAll(host: string): Promise<readonly string[]> {
  return (await systemLookup(host, { all: true })).map(({ address }) => address)
}

async function within(
  milliseconds: number,
  lookup: Promise<readonly string[]>,
): Promise<Pick<Known, 'addresses' | 'fault'>> {
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<Pick<Known, 'addresses' | 'fault'>>((resolve) => {
    const fault = `no answer in ${milliseconds / 1000} s`
    timer = setTimeout(() => resolve({ addresses: [], fault }), milliseconds).unref()
  })
  const found = lookup.then(
    (addresses) => ({ addresses, fault: undefined }),
    (error: NodeJS.ErrnoException) => ({ addresses: [], fault: error.code ?? error.message }),
  )
  const first = await Promise.race([found, late])
  clearTimeout(timer)
  return first
}
