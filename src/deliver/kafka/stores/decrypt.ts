import { createDecipheriv, pbkdf2Sync, scryptSync } from 'node:crypto'
import { algorithmOf, type Der, INTEGER, required, SEQUENCE } from './der.ts'
import { bmpPassword, FOR_IV, FOR_KEY, pkcs12Key } from './pkcs12-key.ts'
import { decryptRc2 } from './rc2.ts'
import { corrupt, unsupportedAlgorithm } from './refusal.ts'
import { type Work } from './work.ts'

const PBES2 = '1.2.840.113549.1.5.13'
const PBKDF2 = '1.2.840.113549.1.5.12'
const SCRYPT = '1.3.6.1.4.1.11591.4.11'
const SCRYPT_MEMORY = 64 * 1024 * 1024
const SCRYPT_BLOCKS = 1 << 20

/** Pseudo-random functions of PBKDF2; RFC 8018 appendix B.1. */
const PRFS: Readonly<Record<string, string>> = {
  '1.2.840.113549.2.7': 'sha1',
  '1.2.840.113549.2.8': 'sha224',
  '1.2.840.113549.2.9': 'sha256',
  '1.2.840.113549.2.10': 'sha384',
  '1.2.840.113549.2.11': 'sha512',
}

/** Ciphers of PBES2 with the length of their key. */
const CIPHERS: Readonly<Record<string, readonly [cipher: string, keyLength: number]>> = {
  '2.16.840.1.101.3.4.1.2': ['aes-128-cbc', 16],
  '2.16.840.1.101.3.4.1.22': ['aes-192-cbc', 24],
  '2.16.840.1.101.3.4.1.42': ['aes-256-cbc', 32],
  '1.2.840.113549.3.7': ['des-ede3-cbc', 24],
}

/** Schemes of PKCS #12 itself, all with SHA-1; RFC 7292 appendix C. RC4 is left out: nothing writes it. */
const OLD: Readonly<
  Record<string, readonly [cipher: 'des-ede3-cbc' | 'des-ede-cbc' | 'rc2', keyLength: number]>
> = {
  '1.2.840.113549.1.12.1.3': ['des-ede3-cbc', 24],
  '1.2.840.113549.1.12.1.4': ['des-ede-cbc', 16],
  '1.2.840.113549.1.12.1.5': ['rc2', 16],
  '1.2.840.113549.1.12.1.6': ['rc2', 5],
}

/**
 * Decrypts what an AlgorithmIdentifier of password-based encryption protects. Undefined: the password is wrong.
 * Throws a `StoreRefusal` for algorithms that are not known.
 */
export function decrypt(
  algorithm: Der | undefined,
  bytes: Buffer,
  password: string | undefined,
  work: Work,
): Buffer | undefined {
  const { oid, parameters } = algorithmOf(algorithm)
  const old = OLD[oid]
  if (oid === PBES2) return decryptPbes2(required(parameters), bytes, password ?? '', work)
  if (old === undefined) throw unsupportedAlgorithm('the encryption', oid)
  const [salt, iterations] = required(parameters).inside(SEQUENCE)
  const secret = bmpPassword(password)
  const derive = (purpose: number, length: number): Buffer =>
    pkcs12Key('sha1', secret, required(salt).octets(), purpose, required(iterations).integer(), length, work)
  const [cipher, keyLength] = old
  const [key, iv] = [derive(FOR_KEY, keyLength), derive(FOR_IV, 8)]
  return cipher === 'rc2' ? decryptRc2(key, keyLength * 8, iv, bytes) : decipher(cipher, key, iv, bytes)
}

function decryptPbes2(parameters: Der, bytes: Buffer, password: string, work: Work): Buffer | undefined {
  const [derivation, encryption] = parameters.inside(SEQUENCE)
  const { oid, parameters: iv } = algorithmOf(encryption)
  const cipher = CIPHERS[oid]
  if (cipher === undefined) throw unsupportedAlgorithm('the cipher', oid)
  const key = deriveKey(derivation, password, cipher[1], work)
  return decipher(cipher[0], key, required(iv).octets(), bytes)
}

/** PBKDF2 or scrypt as the AlgorithmIdentifier says; the password counts in UTF-8. RFC 8018 appendix A.2, RFC 7914. */
export function deriveKey(derivation: Der | undefined, password: string, length: number, work: Work): Buffer {
  const { oid, parameters } = algorithmOf(derivation)
  const fields = required(parameters).inside(SEQUENCE)
  const salt = required(fields[0]).octets()
  const numbers = fields.slice(1).filter(({ tag }) => tag === INTEGER)
  if (oid === PBKDF2) {
    const iterations = required(numbers[0]).integer()
    work.native(iterations)
    return pbkdf2Sync(
      password,
      salt,
      iterations,
      length,
      digestOf(fields.find(({ tag }) => tag === SEQUENCE)),
    )
  }
  if (oid !== SCRYPT) throw unsupportedAlgorithm('the key derivation', oid)
  const [N, r, p] = [0, 1, 2].map((index) => required(numbers[index]).integer()) as [number, number, number]
  if (N * r * p > SCRYPT_BLOCKS)
    throw unsupportedAlgorithm('too costly parameters of the key derivation', oid)
  return scryptSync(password, salt, length, { N, r, p, maxmem: SCRYPT_MEMORY })
}

/** Digest of an HMAC's AlgorithmIdentifier; SHA-1 where it is left out. */
export function digestOf(prf: Der | undefined): string {
  if (prf === undefined) return 'sha1'
  const { oid } = algorithmOf(prf)
  const digest = PRFS[oid]
  if (digest === undefined) throw unsupportedAlgorithm('the function', oid)
  return digest
}

function decipher(cipher: string, key: Buffer, iv: Buffer, bytes: Buffer): Buffer | undefined {
  if (iv.length !== (cipher.startsWith('aes') ? 16 : 8)) throw corrupt()
  // The two-key form of 3DES is the three-key form with the first key again.
  const [name, whole] =
    cipher === 'des-ede-cbc' ? ['des-ede3-cbc', Buffer.concat([key, key.subarray(0, 8)])] : [cipher, key]
  const decoder = createDecipheriv(name, whole, iv)
  try {
    return Buffer.concat([decoder.update(bytes), decoder.final()])
  } catch {
    return undefined
  }
}
