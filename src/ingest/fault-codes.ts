import { type ErrorCode } from '../errors.ts'
import { reason, type ProtocolFault } from './codec/reasons.ts'

/** Catalogue code of a fault that ended an open connection. */
export function faultCode({ reason: code }: ProtocolFault): ErrorCode {
  switch (code) {
    case reason.malformedPacket:
      return 'MQTT_MALFORMED_PACKET'
    case reason.packetTooLarge:
      return 'MQTT_PACKET_TOO_LARGE'
    case reason.quotaExceeded:
      return 'MQTT_QUOTA_EXCEEDED'
    case reason.receiveMaximumExceeded:
      return 'MQTT_RECEIVE_MAXIMUM_EXCEEDED'
    default:
      return 'MQTT_PROTOCOL_ERROR'
  }
}

/** Catalogue code of a fault that turned a CONNECT away. */
export function connectCode({ reason: code }: ProtocolFault): ErrorCode {
  switch (code) {
    case reason.badUserNameOrPassword:
    case reason.notAuthorized:
      return 'MQTT_CONNECT_NOT_AUTHORIZED'
    case reason.quotaExceeded:
      return 'MQTT_QUOTA_EXCEEDED'
    case reason.connectionRateExceeded:
      return 'MQTT_CONNECTION_RATE_EXCEEDED'
    case reason.serverUnavailable:
      return 'MQTT_UNAVAILABLE'
    case reason.malformedPacket:
      return 'MQTT_MALFORMED_PACKET'
    default:
      return 'MQTT_CONNECT_REFUSED'
  }
}

/** True when a 3.1.1 CONNECT does not conform: it is closed without a CONNACK (MQTT-3.1.4-1). */
export function isNonconforming({ reason: code }: ProtocolFault): boolean {
  return code === reason.malformedPacket || code === reason.protocolError || code === reason.topicNameInvalid
}
