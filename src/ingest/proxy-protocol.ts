import { isIP } from 'node:net'

/** Longest version 1 header; longest version 2 header that is accepted, type-length-values included. */
const MAX_V1 = 107
const MAX_V2 = 16 + 4_096
const SIGNATURE = Buffer.from('\r\n\r\n\0\r\nQUIT\n', 'latin1')

export type ProxyHeader =
  /** More bytes are needed. */
  | { readonly kind: 'more' }
  | { readonly kind: 'invalid' }
  /** `sourceIp` is undefined when the proxy speaks for itself (UNKNOWN, LOCAL). */
  | { readonly kind: 'header'; readonly length: number; readonly sourceIp: string | undefined }

const more: ProxyHeader = { kind: 'more' }
const invalid: ProxyHeader = { kind: 'invalid' }

/**
 * Reads a PROXY protocol header at the start of a connection.
 * Source: haproxy.org, doc/proxy-protocol.txt, sections 2.1 and 2.2.
 */
export function readProxyHeader(bytes: Buffer): ProxyHeader {
  const compared = Math.min(bytes.length, SIGNATURE.length)
  if (bytes.subarray(0, compared).equals(SIGNATURE.subarray(0, compared))) {
    return compared < SIGNATURE.length ? more : readVersion2(bytes)
  }
  return readVersion1(bytes)
}

function readVersion1(bytes: Buffer): ProxyHeader {
  const beginning = bytes.toString('latin1', 0, 6)
  if (!'PROXY '.startsWith(beginning)) return invalid
  const end = bytes.subarray(0, MAX_V1).indexOf('\r\n')
  if (end === -1) return bytes.length >= MAX_V1 ? invalid : more
  const fields = bytes.toString('latin1', 0, end).split(' ')
  const length = end + 2
  if (fields[1] === 'UNKNOWN') return { kind: 'header', length, sourceIp: undefined }
  const [, family, source, destination, sourcePort, destinationPort] = fields
  const version = family === 'TCP4' ? 4 : family === 'TCP6' ? 6 : -1
  if (fields.length !== 6 || isIP(source!) !== version || isIP(destination!) !== version) return invalid
  if (!isPort(sourcePort!) || !isPort(destinationPort!)) return invalid
  return { kind: 'header', length, sourceIp: source }
}

function isPort(text: string): boolean {
  return /^\d{1,5}$/.test(text) && Number(text) <= 65_535
}

function readVersion2(bytes: Buffer): ProxyHeader {
  if (bytes.length < 16) return more
  const command = bytes[12]!
  const family = bytes[13]!
  const length = 16 + bytes.readUInt16BE(14)
  if (command >> 4 !== 2 || (command & 15) > 1 || length > MAX_V2) return invalid
  if (bytes.length < length) return more
  if ((command & 15) === 0) return { kind: 'header', length, sourceIp: undefined }
  switch (family >> 4) {
    case 1:
      return length < 16 + 12
        ? invalid
        : { kind: 'header', length, sourceIp: [...bytes.subarray(16, 20)].join('.') }
    case 2:
      return length < 16 + 36
        ? invalid
        : { kind: 'header', length, sourceIp: ipv6Text(bytes.subarray(16, 32)) }
    default:
      return { kind: 'header', length, sourceIp: undefined }
  }
}

function ipv6Text(address: Buffer): string {
  const groups: string[] = []
  for (let at = 0; at < 16; at += 2) groups.push(address.readUInt16BE(at).toString(16))
  // The URL parser writes the canonical form (RFC 5952).
  return plainAddress(new URL(`http://[${groups.join(':')}]/`).hostname.slice(1, -1))!
}

/** An IPv4 address as such where it is mapped into IPv6 (::ffff:10.0.0.1 or ::ffff:a00:1). */
export function plainAddress(address: string | undefined): string | undefined {
  if (address === undefined || !address.startsWith('::ffff:')) return address
  const rest = address.slice(7)
  if (rest.includes('.')) return rest
  const groups = /^([0-9a-f]{1,4}):([0-9a-f]{1,4})$/.exec(rest)
  if (groups === null) return address
  const [high, low] = [Number.parseInt(groups[1]!, 16), Number.parseInt(groups[2]!, 16)]
  return `${high >> 8}.${high & 255}.${low >> 8}.${low & 255}`
}
