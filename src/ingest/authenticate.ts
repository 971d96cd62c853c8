import { type CertificateIdentity } from './authorize.ts'
import { reason, type Reason } from './codec/reasons.ts'
import { networkOf } from './connection-rate.ts'
import { PasswordVerifier } from './password.ts'

export interface Credentials {
  readonly certificate: CertificateIdentity | undefined
  readonly username: string | undefined
  readonly password: Buffer | undefined
  /** The listener admits clients without credentials. */
  readonly anonymous: boolean
}

export type Authentication =
  | { readonly ok: true; readonly username: string | undefined; readonly principal: string | undefined }
  | { readonly ok: false; readonly reason: Reason; readonly text: string }

const FIRST_DELAY = 100
const FORGET_AFTER = 60_000
const REMEMBERED_ADDRESSES = 10_000

/** Decides who a client is: by its certificate, by user name and password, or as nobody where that is allowed. */
export class Authenticator {
  readonly #verifier: PasswordVerifier | undefined

  constructor(users: ReadonlyMap<string, string> | undefined) {
    this.#verifier = users === undefined ? undefined : new PasswordVerifier(users)
  }

  /** A user name that cannot be verified is no identity: it is ignored where anonymous clients are admitted. */
  async authenticate(credentials: Credentials): Promise<Authentication> {
    const { certificate, username, password, anonymous } = credentials
    if (username !== undefined && this.#verifier !== undefined) {
      const verified = await this.#verifier.verify(username, password ?? Buffer.alloc(0))
      if (verified === 'busy') {
        return {
          ok: false,
          reason: reason.serverUnavailable,
          text: 'too many clients are being authenticated',
        }
      }
      if (!verified) {
        return { ok: false, reason: reason.badUserNameOrPassword, text: 'user name or password is wrong' }
      }
      return { ok: true, username, principal: certificate?.fingerprint ?? username }
    }
    if (certificate !== undefined)
      return { ok: true, username: undefined, principal: certificate.fingerprint }
    if (anonymous) return { ok: true, username: undefined, principal: undefined }
    return {
      ok: false,
      reason: reason.notAuthorized,
      text: 'this listener does not admit clients without credentials',
    }
  }
}

/** How long to wait before an address is told that it failed: doubling with each failure, forgotten after a minute. */
export class FailureDelay {
  readonly #failures = new Map<string, { count: number; last: number }>()
  readonly #maximum: number

  /** @param maximum milliseconds */
  constructor(maximum: number) {
    this.#maximum = maximum
  }

  /** Counts a failure at `now`, of a clock that never steps. @returns milliseconds */
  next(sourceIp: string, now: number): number {
    const address = networkOf(sourceIp)
    const known = this.#failures.get(address)
    const count = known === undefined || now - known.last > FORGET_AFTER ? 1 : known.count + 1
    this.#failures.delete(address)
    if (this.#failures.size >= REMEMBERED_ADDRESSES) {
      for (const oldest of this.#failures.keys()) {
        this.#failures.delete(oldest)
        break
      }
    }
    this.#failures.set(address, { count, last: now })
    return Math.min(FIRST_DELAY * 2 ** Math.min(count - 1, 20), this.#maximum)
  }
}
