import { Cursor } from './cursor.ts'
import { readProperties } from './properties.ts'
import { type ProtocolVersion } from './publish.ts'
import { malformed, protocolError, type ProtocolFault } from './reasons.ts'
import { isTopicFilter } from './text.ts'

/** Packet types by the high half of the first byte. Source: MQTT 5.0 table 2-1. */
export const packetType = {
  connect: 1,
  publish: 3,
  puback: 4,
  pubrec: 5,
  pubrel: 6,
  pubcomp: 7,
  subscribe: 8,
  unsubscribe: 10,
  pingreq: 12,
  disconnect: 14,
  auth: 15,
} as const

export interface Refused {
  readonly fault: ProtocolFault
}

export interface FilterList {
  readonly fault: undefined
  readonly packetId: number
  readonly filters: readonly string[]
}

/** Decodes PUBREL. Source: MQTT 5.0 section 3.6. */
export function decodeRelease(
  version: ProtocolVersion,
  bytes: Buffer,
  start: number,
  end: number,
): { readonly fault: undefined; readonly packetId: number } | Refused {
  const cursor = new Cursor(bytes, start, end)
  const packetId = readPacketId(cursor)
  if (version === 5 && cursor.remaining > 0) {
    const code = cursor.byte()
    if (code !== 0 && code !== 0x92) cursor.fail(malformed('the reason code of PUBREL is unknown'))
    if (cursor.remaining > 0) readProperties(cursor, 'acknowledgement')
  }
  return finish(cursor) ?? { fault: undefined, packetId }
}

/** Decodes SUBSCRIBE; options are checked and dropped, for no subscription is granted. Source: section 3.8. */
export function decodeSubscribe(
  version: ProtocolVersion,
  bytes: Buffer,
  start: number,
  end: number,
): FilterList | Refused {
  const cursor = new Cursor(bytes, start, end)
  const packetId = readPacketId(cursor)
  if (version === 5) readProperties(cursor, 'subscribe')
  const filters: string[] = []
  while (cursor.remaining > 0) {
    filters.push(readFilter(cursor))
    checkSubscriptionOptions(cursor, version)
  }
  return finishFilters(cursor, packetId, filters)
}

/** Decodes UNSUBSCRIBE. Source: MQTT 5.0 section 3.10. */
export function decodeUnsubscribe(
  version: ProtocolVersion,
  bytes: Buffer,
  start: number,
  end: number,
): FilterList | Refused {
  const cursor = new Cursor(bytes, start, end)
  const packetId = readPacketId(cursor)
  if (version === 5) readProperties(cursor, 'unsubscribe')
  const filters: string[] = []
  while (cursor.remaining > 0) filters.push(readFilter(cursor))
  return finishFilters(cursor, packetId, filters)
}

const clientDisconnectReasons = new Set([
  0x00, 0x04, 0x80, 0x81, 0x82, 0x83, 0x90, 0x93, 0x94, 0x95, 0x96, 0x97, 0x98, 0x99,
])

/** Decodes DISCONNECT. Source: MQTT 5.0 section 3.14. */
export function decodeDisconnect(
  version: ProtocolVersion,
  bytes: Buffer,
  start: number,
  end: number,
):
  | { readonly fault: undefined; readonly code: number; readonly sessionExpiryInterval: number | undefined }
  | Refused {
  const cursor = new Cursor(bytes, start, end)
  let code = 0
  let sessionExpiryInterval: number | undefined
  if (version === 5 && cursor.remaining > 0) {
    code = cursor.byte()
    if (!clientDisconnectReasons.has(code)) cursor.fail(malformed('the reason code of DISCONNECT is unknown'))
    if (cursor.remaining > 0) {
      sessionExpiryInterval = readProperties(cursor, 'disconnect')?.sessionExpiryInterval
    }
  }
  return finish(cursor) ?? { fault: undefined, code, sessionExpiryInterval }
}

/** Flags that the fixed header must carry, by packet type; PUBLISH has its own. Source: MQTT 5.0 table 2-2. */
export function hasReservedFlags(first: number): boolean {
  const type = first >> 4
  if (type === packetType.publish) return true
  const expected =
    type === packetType.pubrel || type === packetType.subscribe || type === packetType.unsubscribe ? 2 : 0
  return (first & 15) === expected
}

function readPacketId(cursor: Cursor): number {
  const packetId = cursor.uint16()
  if (packetId === 0) cursor.fail(malformed('the packet identifier is zero'))
  return packetId
}

function readFilter(cursor: Cursor): string {
  const filter = cursor.text()
  if (cursor.fault === undefined && filter.length === 0) cursor.fail(malformed('a topic filter is empty'))
  return filter
}

function checkSubscriptionOptions(cursor: Cursor, version: ProtocolVersion): void {
  const options = cursor.byte()
  const reserved = version === 5 ? 0xc0 : 0xfc
  if ((options & reserved) !== 0 || (options & 3) === 3 || (options & 0x30) === 0x30) {
    cursor.fail(malformed('the subscription options are not valid'))
  }
}

function finish(cursor: Cursor): Refused | undefined {
  if (cursor.fault !== undefined) return { fault: cursor.fault }
  return cursor.remaining > 0 ? { fault: malformed('bytes follow the last field') } : undefined
}

function finishFilters(cursor: Cursor, packetId: number, filters: readonly string[]): FilterList | Refused {
  const refused = finish(cursor)
  if (refused !== undefined) return refused
  if (filters.length === 0) return { fault: protocolError('there is no topic filter') }
  return { fault: undefined, packetId, filters }
}

/** True when no filter of the list breaks the wildcard rules. */
export function areFilters(filters: readonly string[]): boolean {
  return filters.every(isTopicFilter)
}
