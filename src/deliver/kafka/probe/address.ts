import { type EgressPolicy } from '../destination/policy.ts'

export interface BrokerAddress {
  readonly host: string
  readonly port: number
  /** Where to connect in place of what a resolver says of the host. */
  readonly addresses?: readonly string[] | undefined
}

/** A broker with the addresses that a policy gives its host. */
export function located({ host, port }: BrokerAddress, policy: EgressPolicy): BrokerAddress {
  return { host, port, addresses: policy.addressesOf(host) }
}

/** The broker that a line of librdkafka speaks of (`]: ssl://host:port/bootstrap:`); undefined when it names none. */
export function addressIn(line: string): BrokerAddress | undefined {
  const found = /(?:\w:\/\/|\]: )([^/\s]+:\d+)\/(?:bootstrap|\d+)/.exec(line)?.[1]
  return found === undefined ? undefined : parseAddress(found)
}

/** Brokers of `bootstrap.servers`. */
export function addressesOf(servers: string): readonly BrokerAddress[] {
  return servers.split(',').flatMap((server) => parseAddress(server.trim()) ?? [])
}

function parseAddress(text: string): BrokerAddress | undefined {
  const [, bracketed, plain, port] = /^(?:\[([^\]]+)\]|([^:]+)):(\d{1,5})$/.exec(text) ?? []
  const host = bracketed ?? plain
  return host === undefined ? undefined : { host, port: Number(port) }
}

export function shown({ host, port }: BrokerAddress): string {
  return `${host.includes(':') ? `[${host}]` : host}:${port}`
}
