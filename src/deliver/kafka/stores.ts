import { createPrivateKey, type KeyObject, X509Certificate } from 'node:crypto'
import { type ErrorCode } from '../../errors.ts'

/** What went wrong with a store, as the end of the sentence "<property> …". */
export interface StoreFault {
  readonly ok: false
  readonly code: ErrorCode
  readonly reason: string
}
export type StoreResult = { readonly ok: true; readonly certificates: string } | StoreFault
export type KeystoreResult =
  { readonly ok: true; readonly certificates: string; readonly privateKey: string } | StoreFault

const CERTIFICATES = /-----BEGIN (?:TRUSTED )?CERTIFICATE-----[\s\S]+?-----END (?:TRUSTED )?CERTIFICATE-----/g
const PRIVATE_KEYS = /-----BEGIN (?:[A-Z]+ )?PRIVATE KEY-----[\s\S]+?-----END (?:[A-Z]+ )?PRIVATE KEY-----/g
const ACCEPTED = 'PEM text, or PEM text in base64'

/** Reads the certificates of a truststore: one or more, in PEM or in base64 of PEM. */
export function readTruststore(text: string): StoreResult {
  const pem = pemOf(text)
  return pem.ok ? certificatesOf(pem.text) : pem
}

/** Reads certificate chain and private key from PEM; the key comes back decrypted, in PKCS#8. */
export function readKeystore(text: string, password: string | undefined): KeystoreResult {
  const pem = pemOf(text)
  if (!pem.ok) return pem
  const chain = certificatesOf(pem.text)
  if (!chain.ok) return chain
  const keys = pem.text.match(PRIVATE_KEYS) ?? []
  if (keys.length !== 1)
    return invalid(`holds ${keys.length === 0 ? 'no' : 'more than one'} private key; give exactly one.`)
  const key = decrypt(keys[0]!, password)
  if (!('type' in key)) return key
  if (!new X509Certificate(chain.certificates).checkPrivateKey(key)) {
    return invalid('holds a private key that does not belong to its first certificate.')
  }
  const privateKey = key.export({ type: 'pkcs8', format: 'pem' }).toString()
  return { ok: true, certificates: chain.certificates, privateKey }
}

function decrypt(pem: string, password: string | undefined): KeyObject | StoreFault {
  try {
    return createPrivateKey({ key: pem, ...(password !== undefined && { passphrase: password }) })
  } catch {
    const encrypted = pem.includes('ENCRYPTED')
    if (!encrypted) return invalid('holds a private key that cannot be read.')
    return invalid(
      password === undefined
        ? 'holds an encrypted private key; give ssl.key.password or ssl.keystore.password.'
        : 'holds a private key that ssl.key.password (else ssl.keystore.password) does not open.',
    )
  }
}

function certificatesOf(pem: string): StoreResult {
  const certificates = pem.match(CERTIFICATES) ?? []
  if (certificates.length === 0) return invalid('holds no certificate.')
  for (const [index, certificate] of certificates.entries()) {
    try {
      new X509Certificate(certificate)
    } catch {
      return invalid(`holds a certificate (number ${index + 1}) that cannot be read.`)
    }
  }
  return { ok: true, certificates: `${certificates.join('\n')}\n` }
}

function pemOf(text: string): { readonly ok: true; readonly text: string } | StoreFault {
  if (text.includes('-----BEGIN ')) return { ok: true, text }
  const bytes = Buffer.from(text, 'base64')
  const decoded = bytes.toString('latin1')
  if (decoded.includes('-----BEGIN ')) return { ok: true, text: decoded }
  const format = binaryFormat(bytes)
  if (format === undefined) return invalid(`is neither ${ACCEPTED.replace(', or ', ' nor ')}.`)
  return {
    ok: false,
    code: 'KAFKA_NOT_DELIVERABLE',
    reason: `is a ${format} store, which this release does not read; give ${ACCEPTED} (keytool -list -rfc and openssl pkcs12 -nodes make it).`,
  }
}

/** Names the container by its first bytes: JKS and JCEKS have magic numbers, PKCS#12 is an ASN.1 sequence. */
function binaryFormat(bytes: Buffer): string | undefined {
  if (bytes.length < 8) return undefined
  const magic = bytes.readUInt32BE(0)
  if (magic === 0xfeedfeed) return 'JKS'
  if (magic === 0xcececece) return 'JCEKS'
  return bytes[0] === 0x30 && bytes[1]! >= 0x80 ? 'PKCS#12 (or DER)' : undefined
}

function invalid(reason: string): StoreFault {
  return { ok: false, code: 'KAFKA_STORE_INVALID', reason }
}
