import { createSign, generateKeyPairSync } from 'node:crypto'
import { createServer } from 'node:https'
import { type AddressInfo } from 'node:net'

/** An OpenID provider's token endpoint over TLS, with client credentials and RS256. */
export interface Oidc {
  readonly tokenUrl: string
  readonly issuer: string
  readonly audience: string
  /** Public keys, as the provider would publish them. */
  readonly keys: string
  /** Scopes of each token that was issued. */
  readonly issued: readonly (string | undefined)[]
  stop(): Promise<void>
}

export interface OidcOptions {
  readonly key: string
  readonly cert: string
  readonly clients: Readonly<Record<string, string>>
  /** Seconds that a token lasts. */
  readonly lifetime: number
}

const ISSUER = 'https://localhost/issuer'
const AUDIENCE = 'kafka'

export async function startOidc({ key, cert, clients, lifetime }: OidcOptions): Promise<Oidc> {
  const { publicKey, privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 })
  const issued: (string | undefined)[] = []
  const token = (subject: string, scope: string | undefined): string => {
    const now = Math.floor(Date.now() / 1000)
    const claims = { sub: subject, iss: ISSUER, aud: AUDIENCE, iat: now, exp: now + lifetime, scope }
    const parts = [{ alg: 'RS256', typ: 'JWT', kid: 'one' }, claims].map((part) =>
      Buffer.from(JSON.stringify(part)).toString('base64url'),
    )
    const signature = createSign('RSA-SHA256').update(parts.join('.')).sign(privateKey, 'base64url')
    return [...parts, signature].join('.')
  }
  const server = createServer({ key, cert }, (request, response) => {
    let body = ''
    request.on('data', (chunk: Buffer) => (body += chunk.toString()))
    request.on('end', () => {
      const [, basic = ''] = (request.headers.authorization ?? '').split(' ')
      const [id = '', secret] = Buffer.from(basic, 'base64').toString().split(':')
      const form = new URLSearchParams(body)
      response.setHeader('content-type', 'application/json')
      if (
        form.get('grant_type') !== 'client_credentials' ||
        clients[id] === undefined ||
        clients[id] !== secret
      ) {
        response.writeHead(401).end(JSON.stringify({ error: 'invalid_client' }))
        return
      }
      const scope = form.get('scope') ?? undefined
      issued.push(scope)
      response.end(
        JSON.stringify({ access_token: token(id, scope), token_type: 'Bearer', expires_in: lifetime }),
      )
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const jwk = { ...publicKey.export({ format: 'jwk' }), kid: 'one', alg: 'RS256', use: 'sig' }
  return {
    tokenUrl: `https://localhost:${(server.address() as AddressInfo).port}/token`,
    issuer: ISSUER,
    audience: AUDIENCE,
    keys: JSON.stringify({ keys: [jwk] }),
    issued,
    stop: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
}
