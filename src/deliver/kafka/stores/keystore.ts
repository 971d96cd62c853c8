import { createPrivateKey, type KeyObject } from 'node:crypto'
import { type ErrorCode } from '../../../errors.ts'
import {
  belongsTo,
  type Certificate,
  chainOf,
  parseCertificates,
  subjectOf,
  toPem,
  validityFault,
} from './certificates.ts'
import { type StoreContents, type StoredKey } from './contents.ts'
import { StoreRefusal } from './refusal.ts'
import { type Work } from './work.ts'

export interface StoreWarning {
  readonly code: ErrorCode
  readonly reason: string
}
export interface Identity {
  /** PEM: the leaf first, each certified by the next. */
  readonly certificates: string
  /** PEM, PKCS #8, in the clear. */
  readonly privateKey: string
  readonly warnings: readonly StoreWarning[]
}

/** Picks the private key of a keystore and its certificates. `password` is that of the key. */
export function identityOf(contents: StoreContents, password: string | undefined, work: Work): Identity {
  const [entry, ...others] = [...contents.keys].sort(byAlias)
  if (entry === undefined) {
    throw new StoreRefusal(
      'KAFKA_STORE_NO_KEY',
      'holds no private key; a keystore needs the one of the client.',
    )
  }
  const key = openKey(entry, password, work)
  const certificates = parseCertificates(contents.certificates)
  const leaf = leafOf(entry, key, certificates)
  const warnings: StoreWarning[] = []
  const fault = validityFault(leaf)
  if (fault !== undefined) {
    warnings.push({
      code: 'KAFKA_STORE_EXPIRED',
      reason: `holds a client certificate (${subjectOf(leaf)}) that ${fault}.`,
    })
  }
  if (others.length > 0) {
    const which =
      contents.format === 'PEM'
        ? 'the first'
        : `the first by alias, ${JSON.stringify(entry.alias.slice(0, 80))},`
    warnings.push({
      code: 'KAFKA_STORE_SEVERAL_KEYS',
      reason: `holds ${others.length + 1} private keys; ${which} is used.`,
    })
  }
  const privateKey = key.export({ type: 'pkcs8', format: 'pem' }).toString()
  return { certificates: toPem(chainOf(leaf, certificates)), privateKey, warnings }
}

function byAlias(a: StoredKey, b: StoredKey): number {
  return a.alias < b.alias ? -1 : a.alias > b.alias ? 1 : 0
}

function openKey(entry: StoredKey, password: string | undefined, work: Work): KeyObject {
  const opened = entry.open(password, work)
  if (opened === undefined) throw keyPassword(password)
  let key: KeyObject
  try {
    key =
      typeof opened === 'string'
        ? createPrivateKey({ key: opened, passphrase: password ?? '' })
        : createPrivateKey({ key: opened, format: 'der', type: 'pkcs8' })
  } catch {
    if (entry.encrypted) throw keyPassword(password)
    throw new StoreRefusal('KAFKA_STORE_CORRUPT', 'holds a private key that cannot be read.')
  }
  if (key.asymmetricKeyType === 'rsa' || key.asymmetricKeyType === 'ec') return key
  throw new StoreRefusal(
    'KAFKA_STORE_KEY_TYPE',
    `holds a private key of type ${key.asymmetricKeyType ?? 'unknown'}; RSA and EC keys are supported.`,
  )
}

function keyPassword(password: string | undefined): StoreRefusal {
  return new StoreRefusal(
    'KAFKA_STORE_PASSWORD',
    password === undefined
      ? 'is missing: the private key in the store is encrypted.'
      : 'does not open the private key in the store.',
    'key-password',
  )
}

function leafOf(entry: StoredKey, key: KeyObject, certificates: readonly Certificate[]): Certificate {
  if (certificates.length === 0) {
    throw new StoreRefusal('KAFKA_STORE_NO_CERTIFICATE', 'holds no certificate.')
  }
  const named = entry.id === undefined ? [] : certificates.filter(({ stored }) => stored.keyId === entry.id)
  const matching = certificates.filter((certificate) => belongsTo(certificate, key))
  const leaf = matching.find((certificate) => validityFault(certificate) === undefined) ?? matching[0]
  const tied = matching.find((certificate) => named.includes(certificate))
  if (leaf === undefined || (named.length > 0 && tied === undefined)) {
    const reason = 'holds a private key that belongs to none of its certificates.'
    throw new StoreRefusal('KAFKA_STORE_KEY_MISMATCH', reason)
  }
  return tied ?? leaf
}
