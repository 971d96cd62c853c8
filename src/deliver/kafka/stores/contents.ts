import { type Work } from './work.ts'

/** A certificate of a store, not yet looked at. */
export interface StoredCertificate {
  readonly der: Buffer
  /** Marked by the store as one to trust. */
  readonly trusted: boolean
  /** Alias or identifier of the private key that it belongs to. */
  readonly keyId?: string
}

/** A private key of a store. */
export interface StoredKey {
  /** Name of the entry, by which the first is chosen. */
  readonly alias: string
  /** Equal to `keyId` of its certificate; undefined where the format ties them by nothing but the key itself. */
  readonly id?: string
  /** PKCS #8 in DER or a PEM block, decrypted; undefined when the password is wrong. */
  open(password: string | undefined, work: Work): Buffer | string | undefined
  /** Whether `open` needs a password. */
  readonly encrypted: boolean
}

/** What every format comes down to. */
export interface StoreContents {
  readonly format: 'JKS' | 'PKCS #12' | 'PEM'
  readonly certificates: readonly StoredCertificate[]
  readonly keys: readonly StoredKey[]
}
