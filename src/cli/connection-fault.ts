/** What OpenSSL's reasons mean to whoever wanted to connect; others are told in OpenSSL's words. */
const meanings: readonly (readonly [RegExp, string])[] = [
  [
    /alert certificate required|alert handshake failure/,
    'the server asks for a client certificate: give --cert and --key',
  ],
  [
    /alert (?:unknown ca|bad certificate|certificate unknown)/,
    'the server does not trust the client certificate',
  ],
  [/alert certificate expired/, 'the client certificate has expired'],
  [
    /wrong version number|packet length too long|before secure TLS/,
    'the server seems to speak no TLS on this port',
  ],
  [
    /self[- ]signed certificate|unable to (?:get|verify)/,
    'the certificate of the server comes from an authority that is not trusted: give it with --ca',
  ],
  [
    /Couldn't connect to server|socket hang up/,
    'the server closed the connection; with TLS, it may not trust the client certificate',
  ],
]

/** Why a connection could not be made, on one line: what it is, and in brackets what the library said. */
export function connectionFault(message: string): string {
  const [, reason = message] = /:SSL routines:[^:]*:([^:]+):/.exec(message) ?? []
  const said = reason.trim().replace(/\s+/g, ' ')
  const meaning = meanings.find(([pattern]) => pattern.test(said))?.[1]
  return meaning === undefined ? said : `${meaning} (${said})`
}
