import { createHash, createHmac } from 'node:crypto'
import { IoTClient } from '@aws-sdk/client-iot'
import { type AccessHead, type AccessSettings } from '../../src/access/index.ts'
import { Secret } from '../../src/secret.ts'

export const KEY = 'AKIDEXAMPLE'
export const SECRET = 'wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY'
export const NOW = Date.UTC(2026, 10, 21, 12)
export const TIME = '20261121T120000Z'

/** A request on the wire, with its body. */
export interface Wire extends AccessHead {
  readonly body: Buffer
}

export const settings: AccessSettings = {
  keys: new Map([
    [KEY, { secret: new Secret(SECRET), caller: { name: KEY, role: 'admin', by: 'signature' } }],
  ]),
  tokens: [],
  certificates: [],
  signatures: { regions: undefined, unsignedPayload: false, skew: 300_000 },
}

/** What the AWS SDK for JavaScript sends for what `call` asks of a client. */
export async function sentByJavaScript(
  call: (client: IoTClient) => Promise<unknown>,
  secret = SECRET,
): Promise<Wire> {
  let wire: Wire | undefined
  const client = new IoTClient({
    endpoint: 'http://127.0.0.1:8090',
    region: 'eu-central-1',
    credentials: { accessKeyId: KEY, secretAccessKey: secret },
    maxAttempts: 1,
    requestHandler: {
      handle: ({ method, path, query, headers, body }: Sent) => {
        const text = Object.entries(query)
          .map(([name, value]) => `${encodeURIComponent(name)}=${encodeURIComponent(String(value))}`)
          .join('&')
        wire = {
          method,
          url: text === '' ? path : `${path}?${text}`,
          rawHeaders: Object.entries(headers).flat(),
          body: Buffer.from(body ?? ''),
          address: '127.0.0.1',
        }
        return Promise.reject(new Error('captured'))
      },
    },
  })
  await call(client).catch(() => undefined)
  if (wire === undefined) throw new Error('the client has sent nothing')
  return wire
}

interface Sent {
  readonly method: string
  readonly path: string
  readonly query: Readonly<Record<string, unknown>>
  readonly headers: Readonly<Record<string, string>>
  readonly body?: string | Buffer
}

export interface SignOptions {
  readonly method?: string
  readonly path?: string
  /** As in the request line, and already in canonical order. */
  readonly query?: string
  readonly headers?: Readonly<Record<string, string>>
  /** Names that the signature leaves out. */
  readonly unsigned?: readonly string[]
  readonly body?: string
  readonly hash?: string
  readonly keyId?: string
  readonly secret?: string
  readonly time?: string
  readonly day?: string
  readonly region?: string
  readonly service?: string
}

/** Signs a request as the specification says, for requests that no client would send. */
export function signed({
  method = 'POST',
  path = '/rules/orders',
  query = '',
  headers = {},
  unsigned = [],
  body = '{"sql":"SELECT 1"}',
  hash = hex(body),
  keyId = KEY,
  secret = SECRET,
  time = TIME,
  day = time.slice(0, 8),
  region = 'eu-central-1',
  service = 'iot',
}: SignOptions = {}): Wire {
  const all: Record<string, string> = { host: '127.0.0.1:8090', 'x-amz-date': time, ...headers }
  const names = Object.keys(all)
    .filter((name) => !unsigned.includes(name))
    .sort()
  const canonical = [
    ...[method, path.replaceAll('%', '%25'), query],
    ...names.map((name) => `${name}:${all[name]!}`),
    ...['', names.join(';'), hash],
  ].join('\n')
  const scope = [day, region, service, 'aws4_request']
  const signature = signatureOf(canonical, secret, time, scope)
  const authorization = `AWS4-HMAC-SHA256 Credential=${[keyId, ...scope].join('/')}, SignedHeaders=${names.join(';')}, Signature=${signature}`
  return {
    method,
    url: query === '' ? path : `${path}?${query}`,
    rawHeaders: [...Object.entries(all).flat(), 'Authorization', authorization],
    body: Buffer.from(body),
    address: '192.0.2.1',
  }
}

/** A presigned URL for `GET /rules`. `expires` in seconds. */
export function presigned({ expires }: { readonly expires: number }): Wire {
  const scope = [TIME.slice(0, 8), 'eu-central-1', 'iot', 'aws4_request']
  const query = [
    'X-Amz-Algorithm=AWS4-HMAC-SHA256',
    `X-Amz-Credential=${encodeURIComponent([KEY, ...scope].join('/'))}`,
    `X-Amz-Date=${TIME}`,
    `X-Amz-Expires=${expires}`,
    'X-Amz-SignedHeaders=host',
  ].join('&')
  const canonical = ['GET', '/rules', query, 'host:127.0.0.1:8090', '', 'host', hex('')].join('\n')
  const signature = signatureOf(canonical, SECRET, TIME, scope)
  return {
    method: 'GET',
    url: `/rules?${query}&X-Amz-Signature=${signature}`,
    rawHeaders: ['Host', '127.0.0.1:8090'],
    body: Buffer.alloc(0),
    address: '192.0.2.1',
  }
}

function signatureOf(canonical: string, secret: string, time: string, scope: readonly string[]): string {
  const toSign = ['AWS4-HMAC-SHA256', time, scope.join('/'), hex(canonical)].join('\n')
  let key: Buffer | string = `AWS4${secret}`
  for (const part of scope) key = createHmac('sha256', key).update(part).digest()
  return createHmac('sha256', key).update(toSign).digest('hex')
}

export function hex(text: string): string {
  return createHash('sha256').update(text).digest('hex')
}

/** The same request with one header as it is given; undefined takes it away. */
export function withHeader(wire: Wire, name: string, value: string | undefined): Wire {
  const rawHeaders: string[] = []
  for (let index = 0; index < wire.rawHeaders.length; index += 2)
    if (wire.rawHeaders[index]!.toLowerCase() !== name.toLowerCase())
      rawHeaders.push(...wire.rawHeaders.slice(index, index + 2))
  if (value !== undefined) rawHeaders.push(name, value)
  return { ...wire, rawHeaders }
}

export function headerOf(wire: Wire, name: string): string {
  const index = wire.rawHeaders.findIndex((text, at) => at % 2 === 0 && text.toLowerCase() === name)
  return wire.rawHeaders[index + 1] ?? ''
}
