import { createHash, timingSafeEqual } from 'node:crypto'
import { isLoopback } from '../config/index.ts'
import { Secret } from '../secret.ts'
import {
  type AccessRefusal,
  type AccessRequest,
  type Authentication,
  type Caller,
  type CallerCertificate,
} from './access.ts'
import { AddressBuckets } from './buckets.ts'
import { isFromPage, namesLoopback } from './browser.ts'
import { isSigned } from './sigv4/claim.ts'
import { type Headers, readHeaders } from './sigv4/headers.ts'
import { incomplete, refuse } from './sigv4/refusals.ts'
import { type AccessKey, randomSecret, SignatureVerifier } from './sigv4/verify.ts'

/** Who may call, as the configuration says; replaced as a whole. */
export interface AccessSettings {
  /** By access key id. */
  readonly keys: ReadonlyMap<string, AccessKey>
  readonly tokens: readonly AccessToken[]
  readonly certificates: readonly AccessCertificate[]
  readonly signatures: {
    readonly regions: readonly string[] | undefined
    readonly unsignedPayload: boolean
    /** Milliseconds. */
    readonly skew: number
  }
}

export interface AccessToken {
  /** SHA-256 of the token. */
  readonly digest: Buffer
  readonly caller: Caller
}

/** Fingerprint in lower-case hex or common name of a client certificate. */
export interface AccessCertificate {
  readonly fingerprint?: string | undefined
  readonly commonName?: string | undefined
  readonly caller: Caller
}

export interface GateOptions {
  /** Names of the service that a signature may be for; the first is shown. */
  readonly services: readonly string[]
  /** With nothing configured callers of this machine may do everything; else nobody may do anything. */
  readonly opensLocally: boolean
  /** Failed attempts of an address; 0: without a bound. */
  readonly failuresPerMinute: number
  /** Requests of an address; 0: without a bound. */
  readonly requestsPerMinute: number
  /** Told of each refusal. */
  readonly onRefused: (refusal: AccessRefusal, address: string | undefined) => void
}

/** The part of a request before its body. */
export type AccessHead = Omit<AccessRequest, 'body'>

/** A caller whose signature is verified when the body is there. */
export interface Pending {
  readonly ok: 'pending'
  verify(body: Buffer): Authentication
}

const OPEN: Caller = { name: 'local', role: 'admin', by: 'open' }

const throttled: AccessRefusal = {
  ok: false,
  status: 400,
  error: 'ThrottlingException',
  message: 'Too many requests, or too many that failed to authenticate, came from this address.',
}
const missing = refuse('MissingAuthenticationTokenException', 'Missing Authentication Token')
const foreignPage: AccessRefusal = {
  ok: false,
  status: 403,
  error: 'AccessDeniedException',
  message: 'Requests of web pages are not taken; send an access key or a token.',
}
const foreignHost: AccessRefusal = {
  ok: false,
  status: 403,
  error: 'AccessDeniedException',
  message: 'Without configured access the Host header must be localhost or a loopback address.',
}

/** Decides who sends a request: by signature, bearer token or client certificate. */
export class Gate {
  readonly #options: GateOptions
  readonly #decoy = new Secret(randomSecret())
  readonly #failures: AddressBuckets
  readonly #requests: AddressBuckets
  #settings: AccessSettings
  #verifier: SignatureVerifier

  constructor(settings: AccessSettings, options: GateOptions) {
    this.#options = options
    this.#failures = new AddressBuckets(options.failuresPerMinute)
    this.#requests = new AddressBuckets(options.requestsPerMinute)
    this.#settings = settings
    this.#verifier = this.#verifierOf(settings)
  }

  /** From the next request on. */
  reconfigure(settings: AccessSettings): void {
    this.#settings = settings
    this.#verifier = this.#verifierOf(settings)
  }

  /** `now`: milliseconds since 1970. */
  authenticate(request: AccessRequest, now = Date.now()): Authentication {
    const begun = this.begin(request, now)
    return begun.ok === 'pending' ? begun.verify(request.body) : begun
  }

  /** Everything that can be said before the body. */
  begin(head: AccessHead, now = Date.now()): Authentication | Pending {
    const { address } = head
    if (!this.#requests.take(address, now) || !this.#failures.has(address, now)) {
      this.#options.onRefused(throttled, address)
      return throttled
    }
    const decided = this.#decide(head, now)
    if (decided.ok !== 'pending') return this.#counted(decided, address, now)
    return { ok: 'pending', verify: (body) => this.#counted(decided.verify(body), address, now) }
  }

  #counted(decided: Authentication, address: string | undefined, now: number): Authentication {
    if (decided.ok) return decided
    this.#failures.take(address, now)
    this.#options.onRefused(decided, address)
    return decided
  }

  #decide(head: AccessHead, now: number): Authentication | Pending {
    const headers = readHeaders(head.rawHeaders)
    if (isEmpty(this.#settings)) return this.#open(headers, head.address)
    if (isSigned(head)) {
      const signed = this.#verifier.begin(head, now)
      return signed.ok ? { ok: 'pending', verify: signed.verify } : signed
    }
    const authorization = headers.get('authorization')
    if (authorization !== undefined) return this.#byToken(authorization)
    if (head.certificate !== undefined) return this.#byCertificate(head.certificate, headers)
    return missing
  }

  #open(headers: Headers, address: string | undefined): Authentication {
    if (!this.#options.opensLocally || address === undefined || !isLoopback(address)) return missing
    if (!namesLoopback(headers)) return foreignHost
    return isFromPage(headers) ? foreignPage : { ok: true, caller: OPEN }
  }

  #byToken([value, ...more]: readonly string[]): Authentication {
    const match = /^bearer +([\x21-\x7e]{1,4096})$/i.exec(value!.trim())
    if (match === null || more.length > 0)
      return incomplete(
        'The Authorization header must hold a signature (AWS4-HMAC-SHA256) or a bearer token.',
      )
    const digest = createHash('sha256').update(match[1]!).digest()
    let found: Caller | undefined
    for (const token of this.#settings.tokens) if (timingSafeEqual(token.digest, digest)) found = token.caller
    if (found === undefined)
      return refuse('UnrecognizedClientException', 'The bearer token of the request is not known.')
    return { ok: true, caller: found }
  }

  #byCertificate({ fingerprint, commonName }: CallerCertificate, headers: Headers): Authentication {
    const found = this.#settings.certificates.find(
      (one) =>
        one.fingerprint === fingerprint || (one.commonName !== undefined && one.commonName === commonName),
    )
    if (found === undefined)
      return refuse('UnrecognizedClientException', 'The client certificate of the request is not known.')
    return isFromPage(headers) ? foreignPage : { ok: true, caller: found.caller }
  }

  #verifierOf({ keys, signatures }: AccessSettings): SignatureVerifier {
    return new SignatureVerifier({ keys, services: this.#options.services, ...signatures }, this.#decoy)
  }
}

/** Whether nobody is named who may call. */
export function isEmpty({ keys, tokens, certificates }: AccessSettings): boolean {
  return keys.size === 0 && tokens.length === 0 && certificates.length === 0
}
