import { type Cursor } from './cursor.ts'
import { malformed, protocolError } from './reasons.ts'

/** Packets a client sends that carry properties; `will` stands for the will properties of CONNECT. */
export type PropertyPlace =
  'connect' | 'will' | 'publish' | 'acknowledgement' | 'subscribe' | 'unsubscribe' | 'disconnect' | 'auth'

/** Properties of one packet, by name. Source: MQTT 5.0 section 2.2.2.2. */
export interface Properties {
  payloadFormatIndicator?: 0 | 1
  messageExpiryInterval?: number
  contentType?: string
  responseTopic?: string
  correlationData?: Buffer
  subscriptionIdentifier?: number
  sessionExpiryInterval?: number
  authenticationMethod?: string
  authenticationData?: Buffer
  requestProblemInformation?: 0 | 1
  willDelayInterval?: number
  requestResponseInformation?: 0 | 1
  reasonString?: string
  receiveMaximum?: number
  topicAliasMaximum?: number
  topicAlias?: number
  userProperties?: [key: string, value: string][]
  maximumPacketSize?: number
}

type Kind = 'flag' | 'uint16' | 'uint32' | 'varint' | 'text' | 'binary' | 'pair'

interface PropertySpec {
  readonly name: keyof Properties
  readonly kind: Kind
  readonly places: readonly PropertyPlace[]
  /** Zero is a protocol error. */
  readonly nonZero?: true
}

/** By identifier; only those that a client may send. Source: MQTT 5.0 table 2-4. */
const specs: readonly (PropertySpec | undefined)[] = table([
  [0x01, { name: 'payloadFormatIndicator', kind: 'flag', places: ['publish', 'will'] }],
  [0x02, { name: 'messageExpiryInterval', kind: 'uint32', places: ['publish', 'will'] }],
  [0x03, { name: 'contentType', kind: 'text', places: ['publish', 'will'] }],
  [0x08, { name: 'responseTopic', kind: 'text', places: ['publish', 'will'] }],
  [0x09, { name: 'correlationData', kind: 'binary', places: ['publish', 'will'] }],
  [0x0b, { name: 'subscriptionIdentifier', kind: 'varint', places: ['subscribe', 'publish'], nonZero: true }],
  [0x11, { name: 'sessionExpiryInterval', kind: 'uint32', places: ['connect', 'disconnect'] }],
  [0x15, { name: 'authenticationMethod', kind: 'text', places: ['connect', 'auth'] }],
  [0x16, { name: 'authenticationData', kind: 'binary', places: ['connect', 'auth'] }],
  [0x17, { name: 'requestProblemInformation', kind: 'flag', places: ['connect'] }],
  [0x18, { name: 'willDelayInterval', kind: 'uint32', places: ['will'] }],
  [0x19, { name: 'requestResponseInformation', kind: 'flag', places: ['connect'] }],
  [0x1f, { name: 'reasonString', kind: 'text', places: ['acknowledgement', 'disconnect', 'auth'] }],
  [0x21, { name: 'receiveMaximum', kind: 'uint16', places: ['connect'], nonZero: true }],
  [0x22, { name: 'topicAliasMaximum', kind: 'uint16', places: ['connect'] }],
  [0x23, { name: 'topicAlias', kind: 'uint16', places: ['publish'] }],
  [0x27, { name: 'maximumPacketSize', kind: 'uint32', places: ['connect'], nonZero: true }],
  [
    0x26,
    {
      name: 'userProperties',
      kind: 'pair',
      places: [
        'connect',
        'will',
        'publish',
        'acknowledgement',
        'subscribe',
        'unsubscribe',
        'disconnect',
        'auth',
      ],
    },
  ],
])

function table(rows: readonly (readonly [number, PropertySpec])[]): (PropertySpec | undefined)[] {
  const byIdentifier = new Array<PropertySpec | undefined>(0x2b).fill(undefined)
  for (const [identifier, spec] of rows) byIdentifier[identifier] = spec
  return byIdentifier
}

/**
 * Reads a property block strictly: an identifier foreign to the packet is malformed; a repeated one and a value
 * outside its range are protocol errors (MQTT 5.0 section 2.2.2). The fault is left in the cursor.
 * @returns undefined when the block is empty.
 */
export function readProperties(cursor: Cursor, place: PropertyPlace): Properties | undefined {
  const length = cursor.varint()
  if (length === 0 || cursor.fault !== undefined) return undefined
  if (length > cursor.remaining) {
    cursor.fail(malformed('the properties are longer than the packet'))
    return undefined
  }
  const packetEnd = cursor.end
  const end = cursor.at + length
  const properties: Properties = {}
  cursor.end = end
  while (cursor.at < end && cursor.fault === undefined) readProperty(cursor, place, properties)
  cursor.end = packetEnd
  return properties
}

function readProperty(cursor: Cursor, place: PropertyPlace, into: Properties): void {
  const identifier = cursor.varint()
  const spec = specs[identifier]
  if (spec === undefined || !spec.places.includes(place)) {
    cursor.fail(malformed(`property 0x${identifier.toString(16)} is not allowed in this packet`))
    return
  }
  if (spec.kind === 'pair') {
    const pair: [string, string] = [cursor.text(), cursor.text()]
    if (into.userProperties === undefined) into.userProperties = [pair]
    else into.userProperties.push(pair)
    return
  }
  if (into[spec.name] !== undefined) {
    cursor.fail(protocolError(`property ${spec.name} appears twice`))
    return
  }
  const value = readValue(cursor, spec.kind)
  if (spec.nonZero === true && value === 0) cursor.fail(protocolError(`property ${spec.name} is zero`))
  if (spec.kind === 'flag' && (value as number) > 1) {
    cursor.fail(protocolError(`property ${spec.name} is neither 0 nor 1`))
  }
  Object.assign(into, { [spec.name]: value })
}

function readValue(cursor: Cursor, kind: Exclude<Kind, 'pair'>): number | string | Buffer {
  switch (kind) {
    case 'flag':
      return cursor.byte()
    case 'uint16':
      return cursor.uint16()
    case 'uint32':
      return cursor.uint32()
    case 'varint':
      return cursor.varint()
    case 'text':
      return cursor.text()
    case 'binary':
      return cursor.binary()
  }
}
