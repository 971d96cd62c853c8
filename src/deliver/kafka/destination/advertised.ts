import { type BrokerAddress } from '../probe/address.ts'

const BROKER = /"nodeid":\s*(-?\d+),\s*"nodename":\s*"([^"]*)"/g

/**
 * Brokers that the cluster advertised, from librdkafka's statistics. A name is the cluster's text and stands there
 * unescaped; one with characters that no host name has comes out as a host that no policy lets through.
 * Source: librdkafka STATISTICS.md, `brokers`.
 */
export function advertisedBrokers(statistics: string): readonly BrokerAddress[] {
  const found: BrokerAddress[] = []
  for (const [, node, name = ''] of brokersPart(statistics).matchAll(BROKER)) {
    if (Number(node) < 0) continue
    const colon = name.lastIndexOf(':')
    const host = name.slice(0, Math.max(colon, 0)).replace(/^\[(.*)\]$/s, '$1')
    found.push({ host, port: Number(name.slice(colon + 1)) })
  }
  return found
}

/** Whether a broker answers, from librdkafka's statistics. */
export function isAnyBrokerUp(statistics: string): boolean {
  return /"state":"UP"/.test(brokersPart(statistics))
}

/** Statistics without the part on topics, which may be a thousand times as long. No topic's name has a quote in it. */
export function brokersPart(statistics: string): string {
  const topics = statistics.lastIndexOf('"topics":')
  return topics < 0 ? statistics : statistics.slice(0, topics)
}

/** Whether a text can be the name or address of a host. */
export function isHost(text: string): boolean {
  return (
    /^[a-z0-9_](?:[a-z0-9._-]*[a-z0-9_])?\.?$/i.test(text) || /^[0-9a-f:.]*:[0-9a-f:.]*(?:%\w+)?$/i.test(text)
  )
}
