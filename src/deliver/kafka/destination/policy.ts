import { createHash } from 'node:crypto'
import { isHost } from './advertised.ts'
import { readHostPattern } from './host-pattern.ts'
import { type HostOverrideRules, type HostOverrides, overrideOf, readOverrides } from './overrides.ts'
import { innerAddress, type IpAddress, readAddress } from './ip.ts'
import {
  alwaysReserved,
  contains,
  includes,
  type Network,
  privateRanges,
  readNetwork,
  type ReservedRange,
} from './network.ts'

/** What an operator lets the producers of a destination reach; every part that is left out restricts nothing. */
export interface DestinationRules {
  readonly enabled?: boolean | undefined
  /** Patterns of host names; see `readHostPattern`. */
  readonly hosts?: readonly string[] | undefined
  /** Ports, or ranges such as `9092-9098`. */
  readonly ports?: readonly (number | string)[] | undefined
  /** Addresses and ranges, `10.1.0.0/16`. */
  readonly networks?: readonly string[] | undefined
  /** False refuses loopback and private addresses that `networks` does not name. */
  readonly allowPrivate?: boolean | undefined
  /** Addresses of host names, in place of what a resolver says. */
  readonly hostOverrides?: HostOverrideRules | undefined
  /** Authorities (PEM) to trust where a rule has no truststore. */
  readonly ca?: string | undefined
}

/** Why something must not be reached: a sentence, and the key of the policy that says so. */
export interface Forbidden {
  readonly key: 'hosts' | 'ports' | 'networks' | 'allowPrivate'
  readonly reason: string
}

interface PortRange {
  readonly first: number
  readonly last: number
}

/** Decides what producers may reach. */
export class EgressPolicy {
  /** Equal exactly for policies that decide alike; empty for the default one. */
  readonly identity: string
  readonly enabled: boolean
  /** Authorities (PEM) to trust where a rule has no truststore. */
  readonly ca: string | undefined
  /** Whether it restricts more than the default policy, so that brokers are known before records are given away. */
  readonly restricts: boolean
  readonly overrides: HostOverrides | undefined
  readonly #hosts:
    readonly { readonly text: string; readonly matches: (host: string) => boolean }[] | undefined
  readonly #ports: readonly PortRange[] | undefined
  readonly #networks: readonly Network[] | undefined
  readonly #reserved: readonly (ReservedRange & { readonly key: 'networks' | 'allowPrivate' })[]

  /**
   * @throws RangeError where a pattern, a port, a network or an override is none, or an override leads to where the
   * rest of the policy does not; the message begins with the key
   */
  constructor(rules: DestinationRules = {}) {
    const { enabled = true, hosts, ports, networks, allowPrivate = true, ca } = rules
    this.enabled = enabled
    this.ca = ca
    this.restricts = hosts !== undefined || ports !== undefined || networks !== undefined || !allowPrivate
    this.overrides = readOverrides(rules.hostOverrides)
    const overrides = this.overrides && [...this.overrides]
    this.identity =
      this.restricts || ca !== undefined || overrides !== undefined
        ? digest([hosts, ports, networks, allowPrivate, ca, overrides])
        : ''
    this.#hosts = hosts?.map((text) => ({ text, matches: read(readHostPattern(text), 'hosts', text) }))
    this.#ports = ports?.map((port) => read(readPorts(port), 'ports', String(port)))
    this.#networks = networks?.map((text) => read(readNetwork(text), 'networks', text))
    this.#reserved = [
      ...alwaysReserved.map((one) => ({ ...one, key: 'networks' as const })),
      ...(allowPrivate ? [] : privateRanges.map((one) => ({ ...one, key: 'allowPrivate' as const }))),
    ]
    for (const [name, addresses] of overrides ?? []) this.#checkOverride(name, addresses)
  }

  /** An override opens nothing: what the policy does not let be reached is refused before any rule is. */
  #checkOverride(name: string, addresses: readonly string[]): void {
    for (const address of addresses) {
      const forbidden = this.forbidsAddress(address)
      if (forbidden !== undefined)
        throw new RangeError(`hostOverrides: ${name} leads outside of ${forbidden.key}: ${forbidden.reason}`)
    }
  }

  /** The addresses that take the place of what a resolver says of a host; undefined where nothing does. */
  addressesOf(host: string): readonly string[] | undefined {
    return overrideOf(this.overrides, host)
  }

  /** Why a broker must not be reached, as far as host and port tell; an address in the place of a name counts. */
  forbidsServer(host: string, port: number): Forbidden | undefined {
    if (!isHost(host)) return { key: 'hosts', reason: `${shown(host)} is no name of a host` }
    if (this.#hosts !== undefined && !this.#hosts.some(({ matches }) => matches(host))) {
      const allowed = listed(this.#hosts.map(({ text }) => text))
      return { key: 'hosts', reason: `the host ${shown(host)} is not among ${allowed}` }
    }
    if (this.#ports !== undefined && !this.#ports.some(({ first, last }) => port >= first && port <= last)) {
      const allowed = listed(
        this.#ports.map(({ first, last }) => (first === last ? `${first}` : `${first}-${last}`)),
      )
      return { key: 'ports', reason: `the port ${port} is not among ${allowed}` }
    }
    return readAddress(host) === undefined ? undefined : this.forbidsAddress(host)
  }

  /** The same for an address that a name resolved to. */
  forbidsAddress(text: string): Forbidden | undefined {
    const address = readAddress(text)
    if (address === undefined) return { key: 'networks', reason: `${shown(text)} is no address` }
    return this.#forbids(address, text)
  }

  #forbids(address: IpAddress, text: string): Forbidden | undefined {
    for (const each of [address, innerAddress(address)]) {
      if (each === undefined) continue
      const reserved = this.#reserved.find(({ network }) => contains(network, each))
      if (reserved !== undefined && !this.#isNamed(address, each))
        return { key: reserved.key, reason: `the address ${shown(text)} is refused: it is ${reserved.what}` }
    }
    if (this.#networks === undefined || this.#networks.some((network) => contains(network, address))) return
    const allowed = listed(this.#networks.map((network) => network.text))
    return { key: 'networks', reason: `the address ${shown(text)} is not in ${allowed}` }
  }

  /** Whether `networks` names the address by a range that lies inside each reserved range around it. */
  #isNamed(address: IpAddress, reservedForm: IpAddress): boolean {
    if (this.#networks === undefined) return false
    const around = this.#reserved.filter(({ network }) => contains(network, reservedForm))
    const own = this.#networks.filter((network) => contains(network, address))
    // What is reserved for the IPv4 address within an IPv6 address is named by that IPv6 network, but not by all of it.
    if (address !== reservedForm) return own.some(({ prefix }) => prefix >= 96)
    return own.some((inner) => around.every(({ network }) => includes(network, inner)))
  }
}

/** Of rules without a destination of their own: private networks yes, what can be no broker no. */
export const defaultEgress = new EgressPolicy()

function read<T>(value: T | undefined, key: string, text: string): T {
  if (value === undefined) throw new RangeError(`${key}: ${JSON.stringify(text.slice(0, 80))} cannot be read`)
  return value
}

function readPorts(given: number | string): PortRange | undefined {
  const [, first, last] = /^(\d{1,5})(?:-(\d{1,5}))?$/.exec(String(given)) ?? []
  const range = { first: Number(first), last: Number(last ?? first) }
  return range.first >= 1 && range.last <= 65_535 && range.first <= range.last ? range : undefined
}

const LISTED = 5

function listed(texts: readonly string[]): string {
  if (texts.length === 0) return 'those allowed, which are none'
  const more = texts.length > LISTED ? ` and ${texts.length - LISTED} more` : ''
  return `${texts.slice(0, LISTED).join(', ')}${more}`
}

/** Names that a broker advertises are anyone's text. */
function shown(text: string): string {
  const clean = text.replace(/[^\x21-\x7e]/g, '?')
  return clean.length > 100 ? `${clean.slice(0, 100)}…` : clean
}

function digest(parts: readonly unknown[]): string {
  return createHash('sha256')
    .update(JSON.stringify(parts.map((part) => part ?? null)))
    .digest('hex')
}
