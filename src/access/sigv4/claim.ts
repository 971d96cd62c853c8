import { type AccessRefusal } from '../access.ts'
import { normalPath, readQuery, type QueryPair } from './canonical.ts'
import { readHeaders, type Headers } from './headers.ts'
import { incomplete, invalid, refuse } from './refusals.ts'
import { ALGORITHM, TERMINATOR, type Scope } from './signature.ts'
import { readDateHeader, readTime } from './time.ts'

/** A request without its body. Texts have one character a byte, as node:http gives them. */
export interface SignedHead {
  readonly method: string
  /** The target as in the request line. */
  readonly url: string
  /** Names and values in turns. */
  readonly rawHeaders: readonly string[]
}

/** What a request says of its signature; nothing of it is verified. */
export interface Claim {
  readonly keyId: string
  readonly scope: Scope
  /** `20150830T123600Z` */
  readonly time: string
  /** Seconds for which a presigned URL is good. */
  readonly expires: number | undefined
  readonly signedHeaders: readonly string[]
  readonly signature: Buffer
  readonly path: string
  /** Without the signature. */
  readonly query: readonly QueryPair[]
  readonly headers: Headers
  /** What `x-amz-content-sha256` says. */
  readonly declaredHash: string | undefined
}

interface Stated {
  readonly credential: string
  readonly signedHeaders: string
  readonly signature: string
  readonly time: string
  readonly expires: number | undefined
  readonly query: readonly QueryPair[]
}

/** Headers that must not come twice, nor those that must be signed: two readers could each believe another one. */
const ONCE = ['date', 'content-length', 'transfer-encoding']
const LONGEST_EXPIRY = 604_800

/** Whether a request has a signature, in its headers or its query, well-formed or not. */
export function isSigned({ url, rawHeaders }: Pick<SignedHead, 'url' | 'rawHeaders'>): boolean {
  return (
    hasAuthorization(rawHeaders, /^\s*AWS4-/i) || /[?&]X-Amz-(?:Algorithm|Signature|Credential)=/i.test(url)
  )
}

/** Whether a request has a bearer token, well-formed or not. */
export function isBearer({ rawHeaders }: Pick<SignedHead, 'rawHeaders'>): boolean {
  return hasAuthorization(rawHeaders, /^\s*bearer\b/i)
}

function hasAuthorization(rawHeaders: readonly string[], scheme: RegExp): boolean {
  return rawHeaders.some(
    (text, index) =>
      index % 2 === 0 && text.toLowerCase() === 'authorization' && scheme.test(rawHeaders[index + 1] ?? ''),
  )
}

/**
 * Reads the signature of a request and refuses what a signature does not cover well enough: an unsigned host, an
 * unsigned `x-amz-*` header, a header twice, a path with `//` or `..`.
 * Source: IAM user guide, "AWS Signature Version 4 for API requests".
 */
export function readClaim(head: SignedHead): Claim | AccessRefusal {
  const { url } = head
  const headers = readHeaders(head.rawHeaders)
  const twice = [...headers].find(([name, values]) => values.length > 1 && mustBeSingle(name))?.[0]
  if (twice !== undefined)
    return incomplete(`The request has the header '${twice.slice(0, 64)}' more than once.`)
  const mark = url.indexOf('?')
  const path = mark === -1 ? url : url.slice(0, mark)
  if (path !== normalPath(path) || path.includes('#'))
    return invalid("The path of the request must be absolute and have no empty, '.' or '..' segments.")
  const query = readQuery(mark === -1 ? '' : url.slice(mark + 1))
  if (query === undefined) return invalid('The query of the request is not percent-encoded.')

  const authorization = headers.get('authorization')
  const isPresigned = query.some(([name]) => /^X-Amz-(?:Algorithm|Signature|Credential)$/i.test(name))
  if (isPresigned && authorization !== undefined)
    return incomplete('The request has a signature in its query and an Authorization header; send one.')
  if ((authorization?.length ?? 0) > 1) return incomplete('The request has several Authorization headers.')
  const stated = isPresigned
    ? readPresigned(query)
    : readAuthorization(authorization?.[0] ?? '', headers, query)
  if ('ok' in stated) return stated
  if (headers.has('x-amz-security-token') || query.some(([name]) => name === 'X-Amz-Security-Token'))
    return refuse(
      'UnrecognizedClientException',
      'The security token included in the request is invalid. This server has access keys without session tokens.',
    )
  return complete(stated, path, headers)
}

function complete(stated: Stated, path: string, headers: Headers): Claim | AccessRefusal {
  const { credential, time, expires, query } = stated
  const signedHeaders = stated.signedHeaders.split(';')
  const unfit = checkSignedHeaders(signedHeaders, headers)
  if (unfit !== undefined) return unfit
  const elements = credential.split('/')
  const [keyId, day, region, service, terminator] = elements
  if (elements.length !== 5 || !/^[\w-]{1,128}$/.test(keyId!) || !isName(region!) || !isName(service!))
    return incomplete(
      'Credential must have exactly 5 slash-delimited elements: keyid/date/region/service/term.',
    )
  if (terminator !== TERMINATOR)
    return invalid(`Credential should be scoped with a valid terminator: '${TERMINATOR}'.`)
  if (readTime(time) === undefined)
    return incomplete('The date of the request must be like 20150830T123600Z.')
  if (day !== time.slice(0, 8))
    return invalid(
      `Date in Credential scope does not match YYYYMMDD from ISO-8601 version of date from HTTP: '${time.slice(0, 8)}'.`,
    )
  if (!/^[0-9a-f]{64}$/.test(stated.signature))
    return incomplete('Signature must be 64 lower-case hex digits.')
  return {
    keyId: keyId!,
    scope: { day, region: region!, service: service! },
    time,
    expires,
    signedHeaders,
    signature: Buffer.from(stated.signature, 'hex'),
    path,
    query,
    headers,
    declaredHash: headers.get('x-amz-content-sha256')?.[0]?.trim(),
  }
}

function isName(text: string): boolean {
  return /^[A-Za-z0-9-]{1,64}$/.test(text)
}

function readAuthorization(
  text: string,
  headers: Headers,
  query: readonly QueryPair[],
): Stated | AccessRefusal {
  const [algorithm, ...rest] = text.trim().split(/\s+/)
  if (algorithm !== ALGORITHM) return incomplete(`The algorithm of the signature must be ${ALGORITHM}.`)
  const parameters = new Map<string, string>()
  for (const part of rest.join('').split(',')) {
    const equals = part.indexOf('=')
    if (equals === -1)
      return incomplete('A part of the Authorization header is not a key=value pair (missing equal-sign).')
    if (parameters.has(part.slice(0, equals)))
      return incomplete('A part of the Authorization header comes more than once.')
    parameters.set(part.slice(0, equals), part.slice(equals + 1))
  }
  const [credential, signedHeaders, signature] = ['Credential', 'SignedHeaders', 'Signature'].map((name) =>
    parameters.get(name),
  )
  const date = headers.get('x-amz-date')?.[0]?.trim()
  const time = date ?? readDateHeader(headers.get('date')?.[0]?.trim() ?? '')
  if (credential === undefined || signedHeaders === undefined || signature === undefined)
    return incomplete(
      "The Authorization header requires the parameters 'Credential', 'SignedHeaders' and 'Signature'.",
    )
  if (time === undefined)
    return incomplete("The Authorization header requires an 'X-Amz-Date' or a 'Date' header.")
  if (date === undefined && !signedHeaders.split(';').includes('date'))
    return invalid("'Date' must be a 'SignedHeader' in the AWS Authorization.")
  return { credential, signedHeaders, signature, time, expires: undefined, query }
}

function readPresigned(query: readonly QueryPair[]): Stated | AccessRefusal {
  const parameters = new Map<string, string>()
  for (const [name, value] of query) {
    if (!/^X-Amz-/i.test(name)) continue
    if (parameters.has(name)) return incomplete(`The query has '${name.slice(0, 64)}' more than once.`)
    parameters.set(name, value)
  }
  if (parameters.get('X-Amz-Algorithm') !== ALGORITHM)
    return incomplete(`The query requires 'X-Amz-Algorithm' with ${ALGORITHM}.`)
  const names = ['Credential', 'SignedHeaders', 'Signature', 'Date', 'Expires']
  const values = names.map((name) => parameters.get(`X-Amz-${name}`))
  const missing = names.find((_, index) => values[index] === undefined)
  if (missing !== undefined) return incomplete(`The query requires the parameter 'X-Amz-${missing}'.`)
  const [credential, signedHeaders, signature, time, expires] = values as [string, ...string[]]
  if (!/^\d{1,6}$/.test(expires!) || Number(expires) < 1 || Number(expires) > LONGEST_EXPIRY)
    return incomplete(`X-Amz-Expires must be a number of seconds from 1 to ${LONGEST_EXPIRY}.`)
  return {
    credential,
    signedHeaders: signedHeaders!,
    signature: signature!,
    time: time!,
    expires: Number(expires),
    query: query.filter(([name]) => name !== 'X-Amz-Signature'),
  }
}

function checkSignedHeaders(names: readonly string[], headers: Headers): AccessRefusal | undefined {
  if (names.some((name, index) => name !== name.toLowerCase() || (index > 0 && name <= names[index - 1]!)))
    return incomplete('SignedHeaders must be lower-case and sorted, each once.')
  if (names.some((name) => !headers.has(name)))
    return invalid('A header that SignedHeaders names is not in the request.')
  const uncovered = ['host', ...headers.keys()].find((name) => mustBeSigned(name) && !names.includes(name))
  return uncovered === undefined
    ? undefined
    : invalid(`'${uncovered.slice(0, 64)}' must be a 'SignedHeader' in the AWS Authorization.`)
}

function mustBeSingle(name: string): boolean {
  return mustBeSigned(name) || ONCE.includes(name)
}

/** What decides something here. */
function mustBeSigned(name: string): boolean {
  return ['host', 'content-type', 'if-match'].includes(name) || name.startsWith('x-amz-')
}
