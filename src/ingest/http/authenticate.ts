import { type Peer } from '../admission.ts'
import { type Authenticator } from '../authenticate.ts'
import { reason } from '../codec/reasons.ts'
import { type RequestHead } from './publish-request.ts'

/** Who sends a request, as far as it was verified. */
export interface HttpIdentity {
  readonly ok: true
  /** Verified user name, for the access list. */
  readonly username: string | undefined
  /** As `principal()` shows it. */
  readonly principal: string | undefined
  /** What the credentials allow by themselves, beside the access list; undefined: every topic. */
  readonly mayPublish?: ((topic: string) => boolean) | undefined
}

export interface HttpDenial {
  readonly ok: false
  /** Too many are being authenticated; nothing is known of these credentials. */
  readonly busy: boolean
  readonly text: string
  /** Answered as AWS IoT answers a signature that is not right: ForbiddenException with the text. */
  readonly isForbidden?: boolean
}

/** A scheme that covers the payload: it decides when that is there. */
export interface HttpPending {
  readonly ok: 'pending'
  readonly verify: (payload: Buffer) => HttpIdentity | HttpDenial
}

export type HttpAuthentication = HttpIdentity | HttpDenial

/**
 * Decides who sends a request, from its headers and its connection; undefined: this scheme is not the request's. Never
 * throws or rejects.
 */
export type Authenticate = (
  head: RequestHead,
  peer: Peer,
) => Promise<HttpAuthentication> | HttpAuthentication | HttpPending | undefined

/** By client certificate, or Basic authentication against the users; without either as nobody, where that is allowed. */
export function byPassword(
  authenticator: Authenticator,
): (head: Pick<RequestHead, 'headers'>, peer: Peer) => Promise<HttpAuthentication> {
  return async ({ headers }, { certificate, anonymous }) => {
    const basic = basicCredentials(headers.authorization)
    const outcome = await authenticator.authenticate({
      certificate,
      username: basic?.username,
      password: basic?.password,
      anonymous,
    })
    if (outcome.ok) return outcome
    return { ok: false, busy: outcome.reason === reason.serverUnavailable, text: outcome.text }
  }
}

/** Source: RFC 7617 section 2. Credentials that are not well-formed are those of a user with an empty name. */
function basicCredentials(
  header: string | undefined,
): { readonly username: string; readonly password: Buffer } | undefined {
  const match = /^basic(?: +(.*))?$/i.exec(header ?? '')
  if (match === null) return undefined
  const bytes = Buffer.from(match[1] ?? '', 'base64')
  const colon = bytes.indexOf(':')
  if (colon === -1) return { username: '', password: Buffer.alloc(0) }
  return { username: bytes.toString('utf8', 0, colon), password: bytes.subarray(colon + 1) }
}
