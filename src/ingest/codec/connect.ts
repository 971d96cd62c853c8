import { Cursor } from './cursor.ts'
import { readProperties, type Properties } from './properties.ts'
import { isResponseTopic, type ProtocolVersion } from './publish.ts'
import { malformed, protocolError, reason, type ProtocolFault } from './reasons.ts'

export interface ConnectWill {
  readonly topic: string
  /** A copy: a will outlives the buffer its CONNECT came in. */
  readonly payload: Buffer
  readonly qos: 0 | 1 | 2
  readonly retain: boolean
  readonly properties: Properties | undefined
}

export interface ConnectPacket {
  readonly version: ProtocolVersion
  /** Clean Session in 3.1.1, Clean Start in 5. */
  readonly clean: boolean
  /** Seconds; zero is none. */
  readonly keepAlive: number
  readonly clientId: string
  readonly will: ConnectWill | undefined
  readonly username: string | undefined
  readonly password: Buffer | undefined
  readonly properties: Properties
}

/** `version` is the one to answer in; undefined when nothing but closing is right. */
export type ConnectDecoded =
  | { readonly ok: true; readonly packet: ConnectPacket }
  | { readonly ok: false; readonly fault: ProtocolFault; readonly version: ProtocolVersion | undefined }

const RESERVED = 0x01
const CLEAN = 0x02
const WILL = 0x04
const WILL_RETAIN = 0x20
const PASSWORD = 0x40
const USERNAME = 0x80

/** Decodes CONNECT strictly. Source: MQTT 3.1.1 and 5.0 section 3.1. */
export function decodeConnect(bytes: Buffer, start: number, end: number): ConnectDecoded {
  const cursor = new Cursor(bytes, start, end)
  const name = cursor.text()
  const level = cursor.byte()
  if (cursor.fault !== undefined) return refused(cursor.fault, undefined)
  if (name === 'MQIsdp') return refused(unsupported(level), 4)
  if (name !== 'MQTT') return refused(malformed('the protocol name is not MQTT'), undefined)
  if (level !== 4 && level !== 5) return refused(unsupported(level), level > 5 ? 5 : 4)
  return decodeBody(cursor, level)
}

function decodeBody(cursor: Cursor, version: ProtocolVersion): ConnectDecoded {
  const flags = cursor.byte()
  const keepAlive = cursor.uint16()
  const flagFault = cursor.fault ?? checkFlags(flags, version)
  if (flagFault !== undefined) return refused(flagFault, version)
  const properties = (version === 5 ? readProperties(cursor, 'connect') : undefined) ?? {}
  const clientId = cursor.text()
  const will = (flags & WILL) === 0 ? undefined : readWill(cursor, flags, version)
  const username = (flags & USERNAME) === 0 ? undefined : cursor.text()
  const password = (flags & PASSWORD) === 0 ? undefined : Buffer.from(cursor.binary())
  const fault = cursor.fault ?? checkFields(cursor, properties, will)
  if (fault !== undefined) return refused(fault, version)
  const clean = (flags & CLEAN) !== 0
  return { ok: true, packet: { version, clean, keepAlive, clientId, will, username, password, properties } }
}

function checkFlags(flags: number, version: ProtocolVersion): ProtocolFault | undefined {
  if ((flags & RESERVED) !== 0) return malformed('the reserved connect flag is set')
  const willQos = (flags >> 3) & 3
  if (willQos === 3) return malformed('both QoS bits of the will are set')
  if ((flags & WILL) === 0 && (willQos !== 0 || (flags & WILL_RETAIN) !== 0)) {
    return malformed('will flags are set without a will')
  }
  // MQTT-3.1.2-22; MQTT 5 allows a password alone.
  if (version === 4 && (flags & USERNAME) === 0 && (flags & PASSWORD) !== 0) {
    return malformed('there is a password without a user name')
  }
  return undefined
}

function checkFields(
  cursor: Cursor,
  properties: Properties,
  will: ConnectWill | undefined,
): ProtocolFault | undefined {
  if (cursor.remaining > 0) return malformed('bytes follow the last field of CONNECT')
  if (properties.authenticationData !== undefined && properties.authenticationMethod === undefined) {
    return protocolError('there is authentication data without a method')
  }
  if (will === undefined) return undefined
  if (will.topic.length === 0) return malformed('the will topic is empty')
  if (will.topic.includes('+') || will.topic.includes('#')) {
    return { reason: reason.topicNameInvalid, text: 'the will topic contains a wildcard' }
  }
  return isResponseTopic(will.properties?.responseTopic)
    ? undefined
    : protocolError('the response topic of the will is empty or contains a wildcard')
}

function readWill(cursor: Cursor, flags: number, version: ProtocolVersion): ConnectWill {
  const properties = version === 5 ? readProperties(cursor, 'will') : undefined
  if (properties?.correlationData !== undefined) {
    properties.correlationData = Buffer.from(properties.correlationData)
  }
  const topic = cursor.text()
  const payload = Buffer.from(cursor.binary())
  return {
    topic,
    payload,
    qos: ((flags >> 3) & 3) as 0 | 1 | 2,
    retain: (flags & WILL_RETAIN) !== 0,
    properties,
  }
}

function unsupported(level: number): ProtocolFault {
  const text = `protocol level ${level} is not supported; 4 (3.1.1) and 5 are`
  return { reason: reason.unsupportedProtocolVersion, text }
}

function refused(fault: ProtocolFault, version: ProtocolVersion | undefined): ConnectDecoded {
  return { ok: false, fault, version }
}
