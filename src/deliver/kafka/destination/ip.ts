import { isIPv4, isIPv6 } from 'node:net'

/** An address as a number: 32 bits of IPv4 or 128 of IPv6. */
export interface IpAddress {
  readonly bits: 32 | 128
  readonly value: bigint
}

const MAPPED = 0xffffn
/** 64:ff9b::/96, which translators turn into IPv4 (RFC 6052). */
const TRANSLATED = 0x64ff9bn << 64n
/** 2002::/16, 6to4: the IPv4 address follows the prefix (RFC 3056). */
const SIX_TO_FOUR = 0x2002n
const LOW_32 = 0xffff_ffffn

/**
 * Reads an address, also in the forms that only a resolver takes: `0x7f.1`, `2852039166`, `0251.0376.0.1`; brackets
 * and a zone are left out. An IPv4 address mapped into IPv6 is that IPv4 address. Undefined for a name.
 */
export function readAddress(text: string): IpAddress | undefined {
  const bare = text.replace(/^\[(.*)\]$/s, '$1').replace(/%.*$/s, '')
  if (!isIPv6(bare)) {
    const value = readIpv4(bare.replace(/\.$/, ''))
    return value === undefined ? undefined : { bits: 32, value }
  }
  const value = readIpv6(bare)
  return value >> 32n === MAPPED ? { bits: 32, value: value & LOW_32 } : { bits: 128, value }
}

/** The IPv4 address that traffic to an IPv6 address may end at: translated, 6to4, or the old compatible form. */
export function innerAddress({ bits, value }: IpAddress): IpAddress | undefined {
  if (bits === 32) return undefined
  const high = value >> 32n
  if (high === TRANSLATED || (high === 0n && value > 1n)) return { bits: 32, value: value & LOW_32 }
  return value >> 112n === SIX_TO_FOUR ? { bits: 32, value: (value >> 80n) & LOW_32 } : undefined
}

/** As inet_aton of the C library reads it: one to four parts, each decimal, octal or hexadecimal, the last fills. */
function readIpv4(text: string): bigint | undefined {
  const parts = text.split('.')
  if (parts.length > 4 || !parts.every((part) => /^(?:0x[0-9a-f]{1,8}|\d{1,12})$/i.test(part)))
    return undefined
  const numbers = parts.map(readPart)
  if (numbers.some((number) => number === undefined)) return undefined
  const last = numbers.pop()!
  if (last >= 1n << BigInt(8 * (4 - numbers.length))) return undefined
  let value = last
  for (const [index, number] of numbers.entries()) {
    if (number! > 255n) return undefined
    value |= number! << BigInt(24 - 8 * index)
  }
  return value
}

function readPart(part: string): bigint | undefined {
  if (/^0x/i.test(part)) return BigInt(part)
  if (!/^0\d/.test(part)) return BigInt(part)
  return /^[0-7]+$/.test(part) ? BigInt(`0o${part}`) : undefined
}

function readIpv6(text: string): bigint {
  const dotted = /[^:]+\.[^:]+$/.exec(text)?.[0]
  let groups = text
  if (dotted !== undefined && isIPv4(dotted)) {
    const tail = readIpv4(dotted)!
    groups = `${text.slice(0, -dotted.length)}${(tail >> 16n).toString(16)}:${(tail & 0xffffn).toString(16)}`
  }
  const [head = '', tail] = groups.split('::')
  const before = head === '' ? [] : head.split(':')
  const after = tail === undefined || tail === '' ? [] : tail.split(':')
  const zeros = Array.from({ length: 8 - before.length - after.length }, () => '0')
  return [...before, ...zeros, ...after].reduce((value, group) => (value << 16n) | BigInt(`0x${group}`), 0n)
}
