/**
 * What a caller may do. `admin`: everything. `rules`: topic rules, destinations and tags. `read`: get and list, with
 * secrets masked. `publish`: the data plane, to its topics.
 */
export type Role = 'admin' | 'rules' | 'read' | 'publish'

/** Who sends a request, as far as it was verified. */
export interface Caller {
  /** Access key id, name of a token, or name of a client certificate; `local` where nothing is configured. */
  readonly name: string
  readonly role: Role
  /** How the caller was verified; `open`: not at all, for nothing is configured. */
  readonly by: 'signature' | 'token' | 'certificate' | 'open'
  /** MQTT topic filters that a `publish` caller may publish to; undefined: every topic. */
  readonly topics?: readonly string[]
}

/** A client certificate that TLS has verified. */
export interface CallerCertificate {
  /** SHA-256 of the certificate, lower-case hex. */
  readonly fingerprint: string
  readonly commonName: string | undefined
}

/** A request as it came, before anything was decoded. */
export interface AccessRequest {
  readonly method: string
  /** The target as in the request line, query included. */
  readonly url: string
  /** Names and values in turns, as `IncomingMessage.rawHeaders` has them. */
  readonly rawHeaders: readonly string[]
  readonly body: Buffer
  readonly address: string | undefined
  readonly certificate?: CallerCertificate | undefined
}

/** Why a request is refused: status, AWS's error name and a text without secrets. */
export interface AccessRefusal {
  readonly ok: false
  readonly status: 400 | 403
  readonly error: string
  readonly message: string
}

export type Authentication = { readonly ok: true; readonly caller: Caller } | AccessRefusal

/** Decides who sends a request. Never throws or rejects. */
export type Authenticate = (request: AccessRequest) => Promise<Authentication>
