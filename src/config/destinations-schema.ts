import { z } from 'zod'

const PORTS = /^\d{1,5}(?:-\d{1,5})?$/
const OVERRIDDEN = /^[a-z0-9_](?:[a-z0-9_.-]*[a-z0-9_])?$/
const HOST = /^(?:\*|\[?[0-9a-f:.]+\]?|(?:\*\.)?[a-z0-9_*-]+(?:\.[a-z0-9_*-]+)*\.?)$/i

const network = z
  .union([z.cidrv4(), z.cidrv6(), z.ipv4(), z.ipv6()], {
    error: 'must be an address or a range such as 10.1.0.0/16 or fd12::/16',
  })
  .meta({ type: 'string' })

const port = z.union([z.number(), z.string()]).refine(isPorts, {
  error: 'must be a port from 1 to 65535, or a range such as 9092-9098',
})

function isPorts(given: number | string): boolean {
  const [first = NaN, last = first] = typeof given === 'number' ? [given] : given.split('-').map(Number)
  return (
    (Number.isInteger(given) || PORTS.test(String(given))) && first >= 1 && first <= last && last <= 65_535
  )
}

const address = z.union([z.ipv4(), z.ipv6()], { error: 'must be an IPv4 or IPv6 address' })

const overrides = z.record(
  z.string().min(1).max(253).regex(OVERRIDDEN, 'must be a host name in lower case, without *'),
  z.union([address, z.array(address).min(1).max(8)], { error: 'must be an address, or up to 8 of them' }),
)

const policy = z.strictObject({
  enabled: z.boolean().default(true).describe('False refuses the rules that name the destination.'),
  hosts: z
    .array(z.string().max(253).regex(HOST, 'must be a host name, which may have * in it'))
    .min(1)
    .max(100)
    .optional()
    .describe(
      'Host names, or addresses, of brokers. `*.example.com` stands for all below example.com, `*` elsewhere for any characters of one label. Without it any name goes.',
    ),
  ports: z
    .array(port)
    .min(1)
    .max(100)
    .optional()
    .describe('Ports of brokers, or ranges such as `9092-9098`. Without it any port goes.'),
  networks: z
    .array(network)
    .min(1)
    .max(100)
    .optional()
    .describe(
      'Addresses, and ranges such as `10.1.0.0/16`, that names must resolve to. Without it all but link-local, multicast, unspecified and cloud metadata addresses go; one of those must be named here, by itself or by a range of such addresses alone.',
    ),
  hostOverrides: overrides
    .optional()
    .describe(
      'Addresses of host names, `{name: address}` or `{name: [address, address]}`, where brokers are found in place of what the resolver says of the name; certificates are still verified for the name. The rest of the policy holds for the addresses. At most 100 names and addresses together. Needs the library nss_wrapper (Debian: libnss-wrapper).',
    ),
  allowPrivate: z
    .boolean()
    .default(true)
    .describe('False refuses loopback and private addresses that `networks` does not name.'),
  ca: z
    .string()
    .min(1)
    .optional()
    .describe('File of certificates (PEM) to trust where a rule has no `ssl.truststore`.'),
})

/** What the producers of rules may reach, by the `destinationArn` that a rule names. */
export const destinationsSchema = z
  .record(z.string().min(1).max(2048), policy)
  .optional()
  .describe(
    'Policies by the ARN of a rule destination, or by its beginning and `*`; see docs/destinations.md. With this key a rule must name one of them; without it every ARN is taken.',
  )
