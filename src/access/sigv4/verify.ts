import { randomBytes, timingSafeEqual } from 'node:crypto'
import { type AccessRefusal, type Authentication, type Caller } from '../access.ts'
import { type Secret } from '../../secret.ts'
import { canonicalRequest, sha256Hex } from './canonical.ts'
import { readClaim, type Claim, type SignedHead } from './claim.ts'
import { invalid, mismatch, unknownKey } from './refusals.ts'
import { type Scope, sign, signingKey, stringToSign } from './signature.ts'
import { readTime, writeTime } from './time.ts'

export interface AccessKey {
  readonly secret: Secret
  readonly caller: Caller
}

export interface SignatureOptions {
  /** By access key id. */
  readonly keys: ReadonlyMap<string, AccessKey>
  /** Names of the service that a signature may be for. */
  readonly services: readonly string[]
  /** Regions that a signature may be for; undefined: any. */
  readonly regions: readonly string[] | undefined
  /** Whether `UNSIGNED-PAYLOAD` is taken for the hash of a body. */
  readonly unsignedPayload: boolean
  /** Milliseconds that the clocks of client and server may differ, and for which a signature is good. */
  readonly skew: number
}

/** A signed request whose head is in order; the body decides. */
export interface Signed {
  readonly ok: true
  verify(body: Buffer): Authentication
}

const UNSIGNED = 'UNSIGNED-PAYLOAD'

/** The signing key of the last scope that a secret was used for: mostly that of the day. */
class SigningKey {
  readonly #secret: Secret
  #scope: string | undefined
  #key: Buffer = Buffer.alloc(0)

  constructor(secret: Secret) {
    this.#secret = secret
  }

  of(scope: Scope): Buffer {
    const name = `${scope.day}/${scope.region}/${scope.service}`
    if (name !== this.#scope) {
      this.#key = signingKey(this.#secret.reveal(), scope)
      this.#scope = name
    }
    return this.#key
  }
}

/**
 * Verifies Signature Version 4, in the Authorization header or in the query. As on AWS a signature may be used again
 * while its time lasts.
 */
export class SignatureVerifier {
  readonly #options: SignatureOptions
  readonly #signers: ReadonlyMap<string, SigningKey>
  /** Signs for keys that do not exist, so that they take as long as those that do. */
  readonly #decoy: SigningKey

  constructor(options: SignatureOptions, decoy: Secret) {
    this.#options = options
    this.#signers = new Map([...options.keys].map(([id, { secret }]) => [id, new SigningKey(secret)]))
    this.#decoy = new SigningKey(decoy)
  }

  /** Checks all that can be said before the body. `now`: milliseconds since 1970. */
  begin(head: SignedHead, now: number): Signed | AccessRefusal {
    const claim = readClaim(head)
    if ('ok' in claim) return claim
    const refused = this.#checkScope(claim) ?? this.#checkTime(claim, now) ?? this.#checkHash(claim)
    return refused ?? { ok: true, verify: (body) => this.#verify(head.method, claim, body) }
  }

  #checkScope({ scope: { region, service } }: Claim): AccessRefusal | undefined {
    const { services, regions } = this.#options
    if (!services.includes(service))
      return invalid(`Credential should be scoped to correct service: '${services[0]!}'.`)
    if (regions !== undefined && !regions.includes(region))
      return invalid(`Credential should be scoped to a valid region, not '${region}'.`)
    return undefined
  }

  #checkTime({ time, expires }: Claim, now: number): AccessRefusal | undefined {
    const { skew } = this.#options
    const signed = readTime(time)!
    const minutes = Math.round(skew / 6_000) / 10
    const [current, earliest, latest] = [now, now - skew, now + skew].map(writeTime)
    if (signed > now + skew)
      return invalid(
        `Signature not yet current: ${time} is still later than ${latest} (${current} + ${minutes} min.).`,
      )
    if (expires !== undefined)
      return now <= signed + expires * 1000
        ? undefined
        : invalid(`Signature expired: ${time} and ${expires} s are earlier than ${current}.`)
    if (signed < now - skew)
      return invalid(
        `Signature expired: ${time} is now earlier than ${earliest} (${current} - ${minutes} min.).`,
      )
    return undefined
  }

  #checkHash({ declaredHash }: Claim): AccessRefusal | undefined {
    if (declaredHash === undefined || /^[0-9a-f]{64}$/.test(declaredHash)) return undefined
    if (declaredHash === UNSIGNED)
      return this.#options.unsignedPayload
        ? undefined
        : invalid('The payload must be signed: this server does not take UNSIGNED-PAYLOAD.')
    return invalid('x-amz-content-sha256 must be the SHA-256 of the body in hex.')
  }

  #verify(method: string, claim: Claim, body: Buffer): Authentication {
    const { declaredHash, keyId, time, scope, signature } = claim
    const actual = declaredHash === UNSIGNED ? UNSIGNED : sha256Hex(body)
    const canonical = canonicalRequest({ ...claim, method, bodyHash: actual })
    const key = (this.#signers.get(keyId) ?? this.#decoy).of(scope)
    const expected = sign(key, stringToSign(time, scope, canonical))
    const isRight = timingSafeEqual(expected, signature)
    const known = this.#options.keys.get(keyId)
    if (known === undefined) return unknownKey
    if (declaredHash !== undefined && declaredHash !== actual)
      return invalid("The provided 'x-amz-content-sha256' header does not match what was computed.")
    return isRight ? { ok: true, caller: known.caller } : mismatch
  }
}

/** What `SignatureVerifier` needs as its second secret. */
export function randomSecret(): string {
  return randomBytes(30).toString('base64')
}
