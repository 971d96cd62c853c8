import { type IpAddress, readAddress } from './ip.ts'

/** A range of addresses, `10.0.0.0/8`; a plain address is a range of one. */
export interface Network {
  readonly text: string
  readonly base: IpAddress
  readonly prefix: number
}

export function readNetwork(text: string): Network | undefined {
  const [host = '', length, more] = text.split('/')
  const base = readAddress(host)
  if (base === undefined || more !== undefined) return undefined
  // A mapped range counts its bits in IPv6.
  const offset = host.includes(':') && base.bits === 32 ? 96 : 0
  const prefix = length === undefined ? base.bits : /^\d{1,3}$/.test(length) ? Number(length) - offset : -1
  return prefix < 0 || prefix > base.bits ? undefined : { text, base, prefix }
}

export function contains({ base, prefix }: Network, address: IpAddress): boolean {
  if (base.bits !== address.bits) return false
  const shift = BigInt(base.bits - prefix)
  return base.value >> shift === address.value >> shift
}

/** Whether `inner` lies inside `outer`. */
export function includes(outer: Network, inner: Network): boolean {
  return inner.prefix >= outer.prefix && contains(outer, inner.base)
}

/** Addresses that only a policy whose `networks` name them, or a part of them, may reach. */
export interface ReservedRange {
  readonly network: Network
  /** What lives there, to be read after "it is". */
  readonly what: string
}

const range = (what: string, ...texts: readonly string[]): readonly ReservedRange[] =>
  texts.map((text) => ({ what, network: readNetwork(text)! }))

/**
 * Never a Kafka broker by accident. Sources: RFC 6890 for the special ranges; the instance metadata addresses of AWS
 * (EC2 User Guide), Google Cloud, Alibaba Cloud, Azure and Oracle Cloud.
 */
export const alwaysReserved: readonly ReservedRange[] = [
  ...range(
    'a metadata address of clouds',
    '169.254.169.254',
    '100.100.100.200',
    '168.63.129.16',
    '192.0.0.192',
    'fd00:ec2::/32',
    'fd20:ce::254',
  ),
  ...range('link-local', '169.254.0.0/16', 'fe80::/10'),
  ...range('the unspecified address', '0.0.0.0/8', '::'),
  ...range('a multicast or broadcast address', '224.0.0.0/4', '255.255.255.255', 'ff00::/8'),
]

/** Reserved as well where a policy has `allowPrivate: false`. */
export const privateRanges: readonly ReservedRange[] = [
  ...range('a loopback address', '127.0.0.0/8', '::1'),
  ...range(
    'a private address',
    '10.0.0.0/8',
    '172.16.0.0/12',
    '192.168.0.0/16',
    '100.64.0.0/10',
    'fc00::/7',
    'fec0::/10',
  ),
]
