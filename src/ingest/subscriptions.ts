import { type ISubackPacket, type IUnsubackPacket } from 'mqtt-packet'
import { type FilterList } from './codec/packets.ts'
import { type ProtocolVersion } from './codec/publish.ts'
import { reason, type Reason } from './codec/reasons.ts'
import { isTopicFilter } from './codec/text.ts'

const SUBACK_FAILURE = 0x80
const WHY = 'this server takes messages in and hands none out'

/** A SUBACK in which every filter failed: this is an ingest, not a broker. Source: MQTT 5.0 section 3.9.3. */
export function subscriptionAnswer(
  { packetId, filters }: FilterList,
  version: ProtocolVersion,
  withReason: boolean,
): ISubackPacket {
  if (version === 4) return { cmd: 'suback', messageId: packetId, granted: filters.map(() => SUBACK_FAILURE) }
  const properties = withReason ? { reasonString: WHY } : undefined
  return { cmd: 'suback', messageId: packetId, granted: filters.map(codeFor), properties }
}

/** An UNSUBACK that knows no subscription. Source: MQTT 5.0 section 3.11.3. */
export function unsubscriptionAnswer({ packetId, filters }: FilterList): IUnsubackPacket {
  return { cmd: 'unsuback', messageId: packetId, granted: filters.map(() => reason.noSubscriptionExisted) }
}

function codeFor(filter: string): Reason {
  if (!isTopicFilter(filter)) return reason.topicFilterInvalid
  if (filter.startsWith('$share/')) return reason.sharedSubscriptionsNotSupported
  if (filter.includes('+') || filter.includes('#')) return reason.wildcardSubscriptionsNotSupported
  return reason.implementationSpecific
}
