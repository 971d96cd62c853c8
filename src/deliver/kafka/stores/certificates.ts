import { type KeyObject, X509Certificate } from 'node:crypto'
import { type StoredCertificate } from './contents.ts'
import { corrupt } from './refusal.ts'

const MAX_CHAIN = 20

/** A certificate that parses, with what the store says of it. */
export interface Certificate {
  readonly x509: X509Certificate
  readonly stored: StoredCertificate
}

export function parseCertificates(stored: readonly StoredCertificate[]): readonly Certificate[] {
  return stored.map((certificate, index) => {
    try {
      return { x509: new X509Certificate(certificate.der), stored: certificate }
    } catch {
      throw corrupt(`is damaged: its certificate number ${index + 1} cannot be read.`)
    }
  })
}

/** The leaf and, behind it, the issuers that are there, each certified by the next. */
export function chainOf(leaf: Certificate, all: readonly Certificate[]): readonly Certificate[] {
  const chain = [leaf]
  while (chain.length < MAX_CHAIN) {
    const last = chain.at(-1)!
    const issuer = all.find((other) => !chain.includes(other) && isIssuedBy(last.x509, other.x509))
    if (issuer === undefined || isSelfSigned(last.x509)) break
    chain.push(issuer)
  }
  return chain
}

export function isSelfSigned(x509: X509Certificate): boolean {
  return isIssuedBy(x509, x509)
}

function isIssuedBy(x509: X509Certificate, issuer: X509Certificate): boolean {
  try {
    return x509.checkIssued(issuer) && x509.verify(issuer.publicKey)
  } catch {
    return false
  }
}

export function belongsTo({ x509 }: Certificate, key: KeyObject): boolean {
  try {
    return x509.checkPrivateKey(key)
  } catch {
    return false
  }
}

export function toPem(certificates: readonly Certificate[]): string {
  return certificates.map(({ x509 }) => x509.toString()).join('')
}

/** "expired on …" or "is not valid before …"; undefined now and in between. */
export function validityFault({ x509 }: Certificate, now = Date.now()): string | undefined {
  const [from, to] = [Date.parse(x509.validFrom), Date.parse(x509.validTo)]
  if (to < now) return `expired on ${new Date(to).toISOString()}`
  if (from > now) return `is not valid before ${new Date(from).toISOString()}`
  return undefined
}

/** Subject on one line, bounded: it comes from the store. */
export function subjectOf({ x509 }: Certificate): string {
  return x509.subject.replaceAll('\n', ', ').slice(0, 120)
}
