import { randomUUID } from 'node:crypto'
import { type IConnackPacket } from 'mqtt-packet'
import { type ConnectPacket } from './codec/connect.ts'
import { reason, returnCodeOf, type ProtocolFault } from './codec/reasons.ts'
import { type ProtocolVersion } from './codec/publish.ts'
import { type MqttLimits } from './options.ts'

/** What a CONNECT comes to once it is admitted. */
export interface Terms {
  readonly clientId: string
  /** The server chose the client identifier. */
  readonly assigned: boolean
  /** Seconds; what the server counts with. */
  readonly keepAlive: number
  /** Seconds; what the server grants. */
  readonly sessionExpiry: number
}

/** Checks of CONNECT that need no credentials. Source: MQTT 3.1.1 and 5.0 section 3.1. */
export function negotiate(packet: ConnectPacket, limits: MqttLimits): Terms | ProtocolFault {
  const { version, clientId, clean, properties } = packet
  if (properties.authenticationMethod !== undefined) {
    return { reason: reason.badAuthenticationMethod, text: 'enhanced authentication is not supported' }
  }
  if (clientId === '' && version === 4 && !clean) {
    return { reason: reason.clientIdentifierNotValid, text: 'a session needs a client identifier' }
  }
  if (Buffer.byteLength(clientId) > limits.maxClientIdBytes) {
    const text = `the client identifier is longer than ${limits.maxClientIdBytes} bytes`
    return { reason: reason.clientIdentifierNotValid, text }
  }
  return {
    clientId: clientId === '' ? randomUUID() : clientId,
    assigned: clientId === '',
    keepAlive: keepAliveOf(packet, limits.keepAliveMaximum),
    sessionExpiry: sessionExpiryOf(packet, limits.sessionExpiryMaximum),
  }
}

function keepAliveOf({ version, keepAlive }: ConnectPacket, maximum: number): number {
  if (version === 4 || maximum === 0) return keepAlive
  return keepAlive === 0 || keepAlive > maximum ? maximum : keepAlive
}

/** Without Clean Session a 3.1.1 session has no end; it gets the longest there is. */
function sessionExpiryOf({ version, clean, properties }: ConnectPacket, maximum: number): number {
  if (version === 4) return clean ? 0 : maximum
  return Math.min(properties.sessionExpiryInterval ?? 0, maximum)
}

/** CONNACK for an admitted client. */
export function acceptance(
  packet: ConnectPacket,
  terms: Terms,
  sessionPresent: boolean,
  limits: MqttLimits,
): IConnackPacket {
  if (packet.version === 4) return { cmd: 'connack', returnCode: 0, sessionPresent }
  const asked = packet.properties.sessionExpiryInterval ?? 0
  return {
    cmd: 'connack',
    reasonCode: reason.success,
    sessionPresent,
    properties: {
      sessionExpiryInterval: terms.sessionExpiry === asked ? undefined : terms.sessionExpiry,
      receiveMaximum: limits.receiveMaximum,
      maximumPacketSize: limits.maxPacketSize,
      topicAliasMaximum: limits.topicAliasMaximum,
      assignedClientIdentifier: terms.assigned ? terms.clientId : undefined,
      serverKeepAlive: terms.keepAlive === packet.keepAlive ? undefined : terms.keepAlive,
      wildcardSubscriptionAvailable: false,
      subscriptionIdentifiersAvailable: false,
      sharedSubscriptionAvailable: false,
    },
  }
}

/** CONNACK for a client that is turned away. */
export function refusal(version: ProtocolVersion, fault: ProtocolFault, withReason: boolean): IConnackPacket {
  if (version === 4) return { cmd: 'connack', returnCode: returnCodeOf(fault.reason), sessionPresent: false }
  const properties = withReason ? { reasonString: fault.text } : undefined
  return { cmd: 'connack', reasonCode: fault.reason, sessionPresent: false, properties }
}
