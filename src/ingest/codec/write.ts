import { generate, type Packet } from 'mqtt-packet'
import { type ProtocolVersion } from './publish.ts'

export const PUBACK = 0x40
export const PUBREC = 0x50
export const PUBCOMP = 0x70

/** Two bytes that never change. */
export const pingResponse = Buffer.from([0xd0, 0])

/** Bytes that `writeAcknowledgement` needs at most. */
export const ACKNOWLEDGEMENT_SIZE = 5

/**
 * Writes PUBACK, PUBREC or PUBCOMP without properties at `at`; the reason code is left out where it is success or
 * where the version has none. Source: MQTT 5.0 section 3.4.2.1.
 * @returns the position behind it
 */
export function writeAcknowledgement(
  into: Uint8Array,
  at: number,
  first: number,
  packetId: number,
  code: number,
  version: ProtocolVersion,
): number {
  const withCode = code !== 0 && version === 5
  into[at] = first
  into[at + 1] = withCode ? 3 : 2
  into[at + 2] = packetId >> 8
  into[at + 3] = packetId & 0xff
  if (!withCode) return at + 4
  into[at + 4] = code
  return at + 5
}

/**
 * Encodes any other packet with mqtt-packet.
 * @param maximum the client's Maximum Packet Size in bytes; a reason string gives way to it
 * @returns undefined when the packet does not fit even so (MQTT-3.1.2-24: it is then not sent)
 */
export function encodePacket(packet: Packet, version: ProtocolVersion, maximum: number): Buffer | undefined {
  const bytes = generate(packet, { protocolVersion: version })
  if (bytes.length <= maximum) return bytes
  const { properties } = packet as { properties?: { reasonString?: string } }
  if (properties?.reasonString === undefined) return undefined
  const shorter = { ...packet, properties: { ...properties, reasonString: undefined } } as Packet
  return encodePacket(shorter, version, maximum)
}
