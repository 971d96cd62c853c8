import { type PublishProperties } from '../../message/index.ts'
import { Cursor } from './cursor.ts'
import { readProperties, type Properties } from './properties.ts'
import { malformed, protocolError, reason, type ProtocolFault } from './reasons.ts'
import { hasWildcard, readText } from './text.ts'

export type ProtocolVersion = 4 | 5

const faults = {
  short: malformed('a PUBLISH ends inside its header'),
  qos3: malformed('both QoS bits of a PUBLISH are set'),
  dupQos0: malformed('DUP is set on a QoS 0 PUBLISH'),
  badTopic: malformed('the topic name is not well-formed UTF-8 or contains U+0000'),
  noTopic: malformed('the topic name is empty'),
  wildcard: { reason: reason.topicNameInvalid, text: 'the topic name contains a wildcard' },
  packetId0: malformed('the packet identifier is zero'),
  noTopicNoAlias: protocolError('the topic name is empty and there is no topic alias'),
  subscriptionId: protocolError('a client must not send a subscription identifier in PUBLISH'),
  responseTopic: protocolError('the response topic is empty or contains a wildcard'),
} satisfies Record<string, ProtocolFault>

/** The topics of at most this many bytes are remembered by a decoder. */
const MAX_REMEMBERED = 256

/**
 * Decodes PUBLISH packets of one connection into its own fields, which the next `decode` overwrites.
 * The topic of the previous packet is kept with its bytes, since most devices repeat it: the string is then reused
 * with its checks. Source: MQTT 3.1.1 and 5.0 section 3.3.
 */
export class PublishDecoder {
  readonly version: ProtocolVersion
  topic = ''
  /** Zero when the packet has none. */
  topicAlias = 0
  /** Zero with QoS 0. */
  packetId = 0
  qos: 0 | 1 | 2 = 0
  dup = false
  retain = false
  properties: PublishProperties | undefined
  payloadStart = 0

  readonly #remembered = Buffer.alloc(MAX_REMEMBERED)
  #rememberedLength = 0
  #rememberedTopic = ''

  constructor(version: ProtocolVersion) {
    this.version = version
  }

  /**
   * @param first first byte of the fixed header
   * @param bytes holds the packet after its fixed header from `start` to `end`
   * @returns why the packet is refused, or undefined
   */
  decode(first: number, bytes: Buffer, start: number, end: number): ProtocolFault | undefined {
    const qos = (first >> 1) & 3
    if (qos === 3) return faults.qos3
    this.qos = qos as 0 | 1 | 2
    this.dup = (first & 8) !== 0
    if (this.dup && qos === 0) return faults.dupQos0
    this.retain = (first & 1) !== 0
    this.topicAlias = 0
    this.properties = undefined

    if (end - start < 2) return faults.short
    const topicStart = start + 2
    const topicEnd = topicStart + ((bytes[start]! << 8) | bytes[start + 1]!)
    let at = topicEnd
    if (qos > 0) at += 2
    if (at > end) return faults.short
    const topicFault = this.#readTopic(bytes, topicStart, topicEnd)
    if (topicFault !== undefined) return topicFault
    this.packetId = 0
    if (qos > 0) {
      this.packetId = (bytes[topicEnd]! << 8) | bytes[topicEnd + 1]!
      if (this.packetId === 0) return faults.packetId0
    }
    if (this.version === 5) {
      if (bytes[at] === 0 && at < end) at++
      else {
        const cursor = new Cursor(bytes, at, end)
        const fault = this.#readProperties(cursor)
        if (fault !== undefined) return fault
        at = cursor.at
      }
      if (topicEnd === topicStart && this.topicAlias === 0) return faults.noTopicNoAlias
    } else if (topicEnd === topicStart) {
      return faults.noTopic
    }
    this.payloadStart = at
    return undefined
  }

  #readTopic(bytes: Buffer, start: number, end: number): ProtocolFault | undefined {
    const length = end - start
    if (length === this.#rememberedLength && this.#isRemembered(bytes, start, length)) {
      this.topic = this.#rememberedTopic
      return undefined
    }
    const topic = readText(bytes, start, end)
    if (topic === undefined) return faults.badTopic
    if (hasWildcard(bytes, start, end)) return faults.wildcard
    this.topic = topic
    if (length <= MAX_REMEMBERED) {
      bytes.copy(this.#remembered, 0, start, end)
      this.#rememberedLength = length
      this.#rememberedTopic = topic
    }
    return undefined
  }

  #isRemembered(bytes: Buffer, start: number, length: number): boolean {
    const remembered = this.#remembered
    // Device topics differ at their end more often than at their start.
    for (let at = length - 1; at >= 0; at--) if (remembered[at] !== bytes[start + at]) return false
    return true
  }

  #readProperties(cursor: Cursor): ProtocolFault | undefined {
    const properties = readProperties(cursor, 'publish')
    if (cursor.fault !== undefined) return cursor.fault
    if (properties === undefined) return undefined
    if (properties.subscriptionIdentifier !== undefined) return faults.subscriptionId
    if (properties.topicAlias !== undefined) {
      if (properties.topicAlias === 0)
        return { reason: reason.topicAliasInvalid, text: 'the topic alias is zero' }
      this.topicAlias = properties.topicAlias
    }
    if (!isResponseTopic(properties.responseTopic)) return faults.responseTopic
    this.properties = toPublishProperties(properties)
    return undefined
  }
}

/** True when absent, or a topic name that can be published to (MQTT-3.3.2-14). */
export function isResponseTopic(topic: string | undefined): boolean {
  return topic === undefined || (topic.length > 0 && !topic.includes('+') && !topic.includes('#'))
}

/** The properties that rules can read, or undefined when none of them is present. */
export function toPublishProperties(all: Properties): PublishProperties | undefined {
  const { payloadFormatIndicator, messageExpiryInterval, contentType, responseTopic, correlationData } = all
  const { userProperties } = all
  if (
    payloadFormatIndicator === undefined &&
    messageExpiryInterval === undefined &&
    contentType === undefined &&
    responseTopic === undefined &&
    correlationData === undefined &&
    userProperties === undefined
  ) {
    return undefined
  }
  return {
    payloadFormatIndicator,
    messageExpiryInterval,
    contentType,
    responseTopic,
    // Not a view, which would keep the chunk it came in.
    correlationData: correlationData && Buffer.from(correlationData),
    userProperties,
  }
}
