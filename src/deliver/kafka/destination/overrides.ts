import { isIP } from 'node:net'

/** Addresses by host name in lower case, in place of what a resolver says. */
export type HostOverrides = ReadonlyMap<string, readonly string[]>

/** As the configuration has them. */
export type HostOverrideRules = Readonly<Record<string, string | readonly string[]>>

/**
 * The most entries, names and different addresses together. nss_wrapper keeps both in one table of this size and
 * reads nothing of a file that has more.
 */
export const OVERRIDES_LIMIT = 100

const NAME = /^[a-z0-9_](?:[a-z0-9_-]*[a-z0-9_])?(?:\.[a-z0-9_](?:[a-z0-9_-]*[a-z0-9_])?)*$/
const NAME_LENGTH = 253

/**
 * Reads host-name overrides, ordered by name; undefined where there are none.
 * @throws RangeError where a name or an address is none, or there are too many
 */
export function readOverrides(given: HostOverrideRules | undefined): HostOverrides | undefined {
  const overrides = new Map<string, readonly string[]>()
  for (const name of Object.keys(given ?? {}).sort()) {
    const value = given![name]!
    const addresses = [...new Set(typeof value === 'string' ? [value] : value)]
    const fault = nameFault(name) ?? addressesFault(addresses)
    if (fault !== undefined) throw new RangeError(`hostOverrides: ${quoted(name)} ${fault}`)
    overrides.set(name, addresses)
  }
  const entries = overrides.size + new Set([...overrides.values()].flat()).size
  if (entries > OVERRIDES_LIMIT)
    throw new RangeError(
      `hostOverrides: ${entries} names and addresses together are more than ${OVERRIDES_LIMIT}`,
    )
  return overrides.size === 0 ? undefined : overrides
}

/** The addresses that take the place of what a resolver says of a host, however its name is written. */
export function overrideOf(
  overrides: HostOverrides | undefined,
  host: string,
): readonly string[] | undefined {
  return overrides?.get(host.toLowerCase().replace(/\.$/, ''))
}

/** The overrides in the form of hosts(5). */
export function hostsFile(overrides: HostOverrides): string {
  return [...overrides]
    .flatMap(([name, addresses]) => addresses.map((address) => `${address} ${name}\n`))
    .join('')
}

function nameFault(name: string): string | undefined {
  if (!NAME.test(name) || name.length > NAME_LENGTH) return 'must be a host name in lower case, without *'
  // The last label of a name is no number, so that no resolver takes it for an address (RFC 3696 section 2).
  return /(?:^|\.)(?:\d+|0x[0-9a-f]*)$/.test(name) ? 'is an address; only names have overrides' : undefined
}

function addressesFault(addresses: readonly string[]): string | undefined {
  if (addresses.length === 0) return 'has no address'
  const wrong = addresses.find((address) => isIP(address) === 0 || address.includes('%'))
  return wrong === undefined ? undefined : `has ${quoted(wrong)}, which is no IPv4 or IPv6 address`
}

function quoted(text: string): string {
  return JSON.stringify(text.slice(0, 80))
}
