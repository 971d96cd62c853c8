import { createHash } from 'node:crypto'
import { type Headers } from './headers.ts'

/** A query parameter as its bytes, one character a byte. */
export type QueryPair = readonly [name: string, value: string]

const HEX = '0123456789ABCDEF'

/** Unreserved characters of RFC 3986; every other byte is written as `%XX`. */
function encode(bytes: string, keep = ''): string {
  if (/^[A-Za-z0-9\-._~]*$/.test(bytes)) return bytes
  let encoded = ''
  for (const character of bytes) {
    const code = character.charCodeAt(0)
    if (/[A-Za-z0-9\-._~]/.test(character) || keep.includes(character)) encoded += character
    else encoded += `%${HEX[code >> 4]!}${HEX[code & 15]!}`
  }
  return encoded
}

/** @returns undefined for an escape that is none */
function decode(text: string): string | undefined {
  if (/%(?![0-9A-Fa-f]{2})/.test(text)) return undefined
  return text.replaceAll(/%(..)/g, (_, hex: string) => String.fromCharCode(parseInt(hex, 16)))
}

/** Without empty, `.` and `..` segments, as every service but S3 has it. */
export function normalPath(path: string): string {
  const segments: string[] = []
  for (const segment of path.split('/')) {
    if (segment === '..') segments.pop()
    else if (segment !== '' && segment !== '.') segments.push(segment)
  }
  const isFolder = path.endsWith('/') && segments.length > 0
  return `/${segments.join('/')}${isFolder ? '/' : ''}`
}

/**
 * The query as its pairs, in their order; undefined when it has an escape that is none. A plus sign is a space here as
 * it is for those who read the query, so that the one cannot be put for the other.
 */
export function readQuery(query: string): readonly QueryPair[] | undefined {
  const pairs: QueryPair[] = []
  for (const part of query.split('&')) {
    if (part === '') continue
    const equals = part.indexOf('=')
    const texts = equals === -1 ? [part, ''] : [part.slice(0, equals), part.slice(equals + 1)]
    const [name, value] = texts.map((text) => decode(text.replaceAll('+', ' ')))
    if (name === undefined || value === undefined) return undefined
    pairs.push([name, value])
  }
  return pairs
}

function canonicalQuery(pairs: readonly QueryPair[]): string {
  return pairs
    .map(([name, value]) => [encode(name), encode(value)] as const)
    .sort(([name, value], [other, otherValue]) => compare(name, other) || compare(value, otherValue))
    .map(([name, value]) => `${name}=${value}`)
    .join('&')
}

/** By code point; the texts are ASCII. */
function compare(a: string, b: string): number {
  if (a === b) return 0
  return a < b ? -1 : 1
}

/** Everything of a request that a signature covers. Texts have one character a byte, as node:http gives them. */
export interface Covered {
  readonly method: string
  /** The path of the request line. */
  readonly path: string
  /** Without the signature itself. */
  readonly query: readonly QueryPair[]
  readonly headers: Headers
  /** Lower-case names, sorted. */
  readonly signedHeaders: readonly string[]
  /** SHA-256 of the body in hex, or the word that stands for it. */
  readonly bodyHash: string
}

/**
 * Task 1 of Signature Version 4.
 * Source: IAM user guide, "Create a signed AWS API request", step 1, for services that encode the path twice.
 */
export function canonicalRequest(covered: Covered): string {
  const { method, path, query, headers, signedHeaders, bodyHash } = covered
  const lines = signedHeaders.map((name) => `${name}:${(headers.get(name) ?? []).map(trimmed).join(',')}`)
  return [
    method,
    encode(normalPath(path), '/'),
    canonicalQuery(query),
    ...lines,
    '',
    signedHeaders.join(';'),
    bodyHash,
  ].join('\n')
}

/** Sequences of blanks count as one; a folded line is one. */
function trimmed(value: string): string {
  return value.trim().replaceAll(/\s+/g, ' ')
}

/** SHA-256 in hex of bytes, or of a text with one character a byte. */
export function sha256Hex(data: Buffer | string): string {
  return createHash('sha256')
    .update(typeof data === 'string' ? Buffer.from(data, 'latin1') : data)
    .digest('hex')
}
