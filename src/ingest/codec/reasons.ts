/** MQTT 5 reason codes that this server sends. Source: MQTT 5.0 section 2.4. */
export const reason = {
  success: 0x00,
  disconnectWithWill: 0x04,
  noMatchingSubscribers: 0x10,
  noSubscriptionExisted: 0x11,
  malformedPacket: 0x81,
  protocolError: 0x82,
  implementationSpecific: 0x83,
  unsupportedProtocolVersion: 0x84,
  clientIdentifierNotValid: 0x85,
  badUserNameOrPassword: 0x86,
  notAuthorized: 0x87,
  serverUnavailable: 0x88,
  serverBusy: 0x89,
  serverShuttingDown: 0x8b,
  badAuthenticationMethod: 0x8c,
  keepAliveTimeout: 0x8d,
  sessionTakenOver: 0x8e,
  topicFilterInvalid: 0x8f,
  topicNameInvalid: 0x90,
  packetIdentifierInUse: 0x91,
  packetIdentifierNotFound: 0x92,
  receiveMaximumExceeded: 0x93,
  topicAliasInvalid: 0x94,
  packetTooLarge: 0x95,
  quotaExceeded: 0x97,
  sharedSubscriptionsNotSupported: 0x9e,
  connectionRateExceeded: 0x9f,
  wildcardSubscriptionsNotSupported: 0xa2,
} as const

export type Reason = (typeof reason)[keyof typeof reason]

/**
 * Why a packet ends its connection: the MQTT 5 reason code and a sentence for the log and the reason string.
 * MQTT 3.1.1 closes without a code.
 */
export interface ProtocolFault {
  readonly reason: Reason
  readonly text: string
}

/** A packet that does not follow the format. Source: MQTT 5.0 section 4.13.1. */
export function malformed(text: string): ProtocolFault {
  return { reason: reason.malformedPacket, text }
}

/** A well-formed packet that the protocol does not allow here. Source: MQTT 5.0 section 4.13.1. */
export function protocolError(text: string): ProtocolFault {
  return { reason: reason.protocolError, text }
}

/** CONNACK return code of MQTT 3.1.1 that says the same as a reason code of MQTT 5. Source: MQTT 3.1.1 table 3.1. */
export function returnCodeOf(code: Reason): 1 | 2 | 3 | 4 | 5 {
  switch (code) {
    case reason.unsupportedProtocolVersion:
      return 1
    case reason.clientIdentifierNotValid:
      return 2
    case reason.badUserNameOrPassword:
      return 4
    case reason.notAuthorized:
      return 5
    default:
      return 3
  }
}
