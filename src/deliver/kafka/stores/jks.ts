import { createHash, timingSafeEqual } from 'node:crypto'
import { type StoreContents, type StoredCertificate, type StoredKey } from './contents.ts'
import { algorithmOf, Der, required, SEQUENCE } from './der.ts'
import { corrupt, StoreRefusal, unsupportedAlgorithm } from './refusal.ts'

const MAGIC = 0xfeedfeed
const KEY_ENTRY = 1
const CERTIFICATE_ENTRY = 2
const DIGEST = 20
const MAX_ENTRIES = 1000
const KEY_PROTECTOR = '1.3.6.1.4.1.42.2.17.1.1'
const WHITENER = 'Mighty Aphrodite'

export function isJks(bytes: Buffer): boolean {
  return bytes.length >= 4 && bytes.readUInt32BE(0) === MAGIC
}

/**
 * Reads Java's own format. Without a password certificates are read and their integrity is not checked, as Java does.
 * Source: sun.security.provider.JavaKeyStore, engineLoad.
 */
export function readJks(bytes: Buffer, password: string | undefined): StoreContents {
  const reader = new Reader(bytes)
  if (reader.number() !== MAGIC) throw corrupt()
  const version = reader.number()
  const count = reader.number()
  if (version < 1 || version > 2 || count > MAX_ENTRIES) throw corrupt()
  const certificates: StoredCertificate[] = []
  const keys: StoredKey[] = []
  for (let index = 0; index < count; index += 1) {
    const tag = reader.number()
    const alias = reader.text()
    reader.take(8)
    if (tag === KEY_ENTRY) {
      keys.push(keyOf(alias, reader.block()))
      const length = reader.number()
      if (length > MAX_ENTRIES) throw corrupt()
      for (let at = 0; at < length; at += 1) certificates.push(reader.certificate(version, alias))
    } else if (tag === CERTIFICATE_ENTRY) {
      certificates.push(reader.certificate(version, undefined))
    } else throw corrupt()
  }
  checkIntegrity(bytes, reader.position, password)
  return { format: 'JKS', certificates, keys }
}

function checkIntegrity(bytes: Buffer, end: number, password: string | undefined): void {
  if (bytes.length !== end + DIGEST)
    throw corrupt('is damaged: it is longer or shorter than its entries say.')
  if (password === undefined) return
  const digest = createHash('sha1').update(utf16(password)).update(WHITENER).update(bytes.subarray(0, end))
  if (timingSafeEqual(digest.digest(), bytes.subarray(end))) return
  throw new StoreRefusal(
    'KAFKA_STORE_PASSWORD',
    'does not open the store (or bytes of the store were changed).',
    'password',
  )
}

function keyOf(alias: string, block: Buffer): StoredKey {
  return { alias, id: alias, encrypted: true, open: (password) => decryptKey(block, password ?? '') }
}

/** Source: sun.security.provider.KeyProtector: XOR with a chain of SHA-1 over password and salt, then a check. */
function decryptKey(block: Buffer, password: string): Buffer | undefined {
  const [algorithm, encrypted] = Der.parse(block).inside(SEQUENCE)
  const { oid } = algorithmOf(algorithm)
  if (oid !== KEY_PROTECTOR) throw unsupportedAlgorithm('the key protection', oid)
  const bytes = required(encrypted).octets()
  if (bytes.length <= 2 * DIGEST) throw corrupt()
  const secret = utf16(password)
  const key = Buffer.from(bytes.subarray(DIGEST, -DIGEST))
  let chain = bytes.subarray(0, DIGEST)
  for (let at = 0; at < key.length; at += 1) {
    if (at % DIGEST === 0) chain = createHash('sha1').update(secret).update(chain).digest()
    key[at]! ^= chain[at % DIGEST]!
  }
  const check = createHash('sha1').update(secret).update(key).digest()
  return timingSafeEqual(check, bytes.subarray(-DIGEST)) ? key : undefined
}

function utf16(text: string): Buffer {
  return Buffer.from(text, 'utf16le').swap16()
}

/** Reads what java.io.DataOutputStream wrote, within the bytes there are. */
class Reader {
  readonly #bytes: Buffer
  position = 0

  constructor(bytes: Buffer) {
    this.#bytes = bytes
  }

  take(length: number): Buffer {
    const end = this.position + length
    if (end > this.#bytes.length) throw corrupt('is damaged: it ends in the middle of an entry.')
    const taken = this.#bytes.subarray(this.position, end)
    this.position = end
    return taken
  }

  number(): number {
    return this.take(4).readUInt32BE(0)
  }

  text(): string {
    return this.take(this.take(2).readUInt16BE(0)).toString('utf8')
  }

  block(): Buffer {
    return this.take(this.number())
  }

  certificate(version: number, keyId: string | undefined): StoredCertificate {
    if (version === 2) this.text()
    const der = this.block()
    return keyId === undefined ? { der, trusted: true } : { der, trusted: false, keyId }
  }
}
