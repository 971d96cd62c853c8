import { chainOf, isSelfSigned, parseCertificates, subjectOf, toPem, validityFault } from './certificates.ts'
import { type StoreContents, type StoredCertificate } from './contents.ts'
import { type StoreWarning } from './keystore.ts'
import { StoreRefusal } from './refusal.ts'

const MAX_WARNINGS = 5

export interface Trust {
  /** PEM. */
  readonly certificates: string
  readonly warnings: readonly StoreWarning[]
}

/** The certificates that a truststore trusts, and what is odd about them. */
export function trustOf(contents: StoreContents): Trust {
  const certificates = parseCertificates(anchors(contents))
  if (certificates.length === 0) {
    const reason =
      'holds no certificate; a truststore needs those of the authorities that signed the brokers.'
    throw new StoreRefusal('KAFKA_STORE_NO_CERTIFICATE', reason)
  }
  const warnings: StoreWarning[] = []
  for (const certificate of certificates) {
    const fault = validityFault(certificate)
    if (fault !== undefined && warnings.length < MAX_WARNINGS) {
      const reason = `holds a certificate (${subjectOf(certificate)}) that ${fault}.`
      warnings.push({ code: 'KAFKA_STORE_EXPIRED', reason })
    }
    const root = chainOf(certificate, certificates).at(-1)!
    if (!isSelfSigned(root.x509) && warnings.length < MAX_WARNINGS) {
      const reason = `holds a certificate (${subjectOf(certificate)}) without the root that its chain ends at; it verifies no broker before that root is added.`
      warnings.push({ code: 'KAFKA_STORE_NO_ROOT', reason })
    }
  }
  return { certificates: toPem(certificates), warnings }
}

/**
 * Java trusts the entries marked so and the own certificate of each private key. OpenSSL marks nothing, so in a store
 * without marks and without private keys every certificate counts.
 */
function anchors({ certificates, keys }: StoreContents): readonly StoredCertificate[] {
  const seen = new Set<string>()
  const trusted = certificates.filter(({ trusted: marked, keyId }, index) => {
    if (marked) return true
    if (keyId === undefined) return keys.length === 0
    return certificates.findIndex((other) => other.keyId === keyId) === index
  })
  return trusted.filter(({ der }) => {
    const text = der.toString('latin1')
    return !seen.has(text) && seen.add(text)
  })
}
