import { createHmac, timingSafeEqual } from 'node:crypto'
import { type StoreContents, type StoredCertificate, type StoredKey } from './contents.ts'
import { decrypt, deriveKey, digestOf } from './decrypt.ts'
import { algorithmOf, Der, required, SEQUENCE } from './der.ts'
import { bmpPassword, FOR_MAC, pkcs12Key } from './pkcs12-key.ts'
import { corrupt, StoreRefusal, unsupportedAlgorithm } from './refusal.ts'
import { type Work } from './work.ts'

const DATA = '1.2.840.113549.1.7.1'
const ENCRYPTED_DATA = '1.2.840.113549.1.7.6'
const KEY_BAG = '1.2.840.113549.1.12.10.1.1'
const SHROUDED_KEY_BAG = '1.2.840.113549.1.12.10.1.2'
const CERTIFICATE_BAG = '1.2.840.113549.1.12.10.1.3'
const NESTED_BAG = '1.2.840.113549.1.12.10.1.6'
const X509 = '1.2.840.113549.1.9.22.1'
const FRIENDLY_NAME = '1.2.840.113549.1.9.20'
const LOCAL_KEY_ID = '1.2.840.113549.1.9.21'
/** Java's mark of an entry that is to be trusted. */
const TRUSTED_KEY_USAGE = '2.16.840.1.113894.746875.1.1'
const PBMAC1 = '1.2.840.113549.1.5.14'
const MAX_BAGS = 1000
const MAX_NESTING = 4

const DIGESTS: Readonly<Record<string, string>> = {
  '1.3.14.3.2.26': 'sha1',
  '2.16.840.1.101.3.4.2.4': 'sha224',
  '2.16.840.1.101.3.4.2.1': 'sha256',
  '2.16.840.1.101.3.4.2.2': 'sha384',
  '2.16.840.1.101.3.4.2.3': 'sha512',
}

export function isPkcs12(bytes: Buffer): boolean {
  return bytes.length > 8 && bytes[0] === SEQUENCE && bytes[1]! >= 0x80
}

/**
 * Reads PKCS #12 as keytool, OpenSSL and Windows write it. Without a password what is not encrypted is read, as Java
 * does. Source: RFC 7292 section 4; PBMAC1 by RFC 9579.
 */
export function readPkcs12(bytes: Buffer, password: string | undefined, work: Work): StoreContents {
  const [version, safe, mac] = Der.parse(bytes).inside(SEQUENCE)
  if (required(version).integer() !== 3) throw corrupt()
  const contents = dataOf(required(safe))
  const opener = new Opener(candidates(password, mac, contents, work), password, work)
  for (const info of Der.parse(contents).inside(SEQUENCE)) opener.addContent(info)
  return { format: 'PKCS #12', certificates: opener.certificates, keys: opener.keys }
}

/** How a password may have been meant: an empty one is hashed as nothing by some and as two zero bytes by others. */
function candidates(
  password: string | undefined,
  mac: Der | undefined,
  contents: Buffer,
  work: Work,
): readonly (string | undefined)[] {
  const meant = password === undefined || password === '' ? [undefined, ''] : [password]
  if (mac === undefined) return meant
  const right = meant.filter((candidate) => hasMac(mac, contents, candidate, work))
  if (right.length > 0) return right
  if (password === undefined) return meant
  throw wrongPassword()
}

function wrongPassword(): StoreRefusal {
  return new StoreRefusal(
    'KAFKA_STORE_PASSWORD',
    'does not open the store (or bytes of the store were changed).',
    'password',
  )
}

function hasMac(mac: Der, contents: Buffer, password: string | undefined, work: Work): boolean {
  const [info, salt, count] = mac.inside(SEQUENCE)
  const [algorithm, expected] = required(info).inside(SEQUENCE)
  const { oid, parameters } = algorithmOf(algorithm)
  const [digest, key] =
    oid === PBMAC1
      ? pbmac1Key(required(parameters), password, work)
      : macKey(oid, required(salt).octets(), count?.integer() ?? 1, password, work)
  const actual = createHmac(digest, key).update(contents).digest()
  const wanted = required(expected).octets()
  return actual.length === wanted.length && timingSafeEqual(actual, wanted)
}

function macKey(
  oid: string,
  salt: Buffer,
  iterations: number,
  password: string | undefined,
  work: Work,
): [digest: string, key: Buffer] {
  const digest = DIGESTS[oid]
  if (digest === undefined) throw unsupportedAlgorithm('the digest', oid)
  const length = createHmac(digest, '').digest().length
  return [digest, pkcs12Key(digest, bmpPassword(password), salt, FOR_MAC, iterations, length, work)]
}

function pbmac1Key(parameters: Der, password: string | undefined, work: Work): [string, Buffer] {
  const [derivation, scheme] = parameters.inside(SEQUENCE)
  const digest = digestOf(required(scheme))
  const length = createHmac(digest, '').digest().length
  return [digest, deriveKey(derivation, password ?? '', length, work)]
}

/** Content of a ContentInfo of type data. */
function dataOf(info: Der): Buffer {
  const [type, content] = info.inside(SEQUENCE)
  if (required(type).oid() !== DATA)
    throw corrupt('is a PKCS #12 store of a kind that is not supported: it is signed.')
  return required(required(content).children()[0]).octets()
}

class Opener {
  readonly certificates: StoredCertificate[] = []
  readonly keys: StoredKey[] = []
  readonly #passwords: readonly (string | undefined)[]
  readonly #given: string | undefined
  readonly #work: Work
  #bags = 0

  constructor(passwords: readonly (string | undefined)[], given: string | undefined, work: Work) {
    this.#passwords = passwords
    this.#given = given
    this.#work = work
  }

  /** One ContentInfo of the AuthenticatedSafe. */
  addContent(info: Der): void {
    const [type, content] = info.inside(SEQUENCE)
    const oid = required(type).oid()
    if (oid === DATA) this.#addBags(Der.parse(dataOf(info)), 0)
    else if (oid === ENCRYPTED_DATA) this.#addBags(this.#decrypted(required(content)), 0)
    else throw unsupportedAlgorithm('content of the type', oid)
  }

  #decrypted(content: Der): Der {
    const [, encrypted] = required(content.children()[0]).inside(SEQUENCE)
    const [, algorithm, bytes] = required(encrypted).inside(SEQUENCE)
    for (const password of this.#passwords) {
      const clear = decrypt(algorithm, required(bytes).octets(), password, this.#work)
      if (clear !== undefined) return Der.parse(clear)
    }
    if (this.#given !== undefined) throw wrongPassword()
    throw new StoreRefusal('KAFKA_STORE_PASSWORD', 'is missing: the store is encrypted.', 'password')
  }

  #addBags(safe: Der, depth: number): void {
    if (depth > MAX_NESTING) throw corrupt()
    for (const bag of safe.inside(SEQUENCE)) {
      this.#bags += 1
      if (this.#bags > MAX_BAGS) throw corrupt(`holds more than ${MAX_BAGS} entries.`)
      this.#addBag(bag, depth)
    }
  }

  #addBag(bag: Der, depth: number): void {
    const [type, wrapped, set] = bag.inside(SEQUENCE)
    const oid = required(type).oid()
    const value = required(required(wrapped).children()[0])
    const attributes = attributesOf(set)
    if (oid === NESTED_BAG) this.#addBags(value, depth + 1)
    else if (oid === CERTIFICATE_BAG) this.#addCertificate(value, attributes)
    else if (oid === KEY_BAG) this.#addKey(attributes, false, () => value.encoded())
    else if (oid === SHROUDED_KEY_BAG) this.#addKey(attributes, true, this.#unshroud(value))
  }

  #addCertificate(value: Der, attributes: ReadonlyMap<string, Der>): void {
    const [type, der] = value.inside(SEQUENCE)
    if (required(type).oid() !== X509) return
    const keyId = attributes.get(LOCAL_KEY_ID)?.octets().toString('hex')
    this.certificates.push({
      der: required(required(der).children()[0]).octets(),
      trusted: attributes.has(TRUSTED_KEY_USAGE),
      ...(keyId !== undefined && { keyId }),
    })
  }

  #addKey(attributes: ReadonlyMap<string, Der>, encrypted: boolean, open: StoredKey['open']): void {
    const id = attributes.get(LOCAL_KEY_ID)?.octets().toString('hex')
    const alias = attributes.get(FRIENDLY_NAME)
    this.keys.push({
      alias: alias === undefined ? '' : bmpText(alias.octets()),
      ...(id !== undefined && { id }),
      encrypted,
      open,
    })
  }

  /** EncryptedPrivateKeyInfo ::= SEQUENCE { AlgorithmIdentifier, OCTET STRING }; the empty password both ways. */
  #unshroud(value: Der): StoredKey['open'] {
    const [algorithm, bytes] = value.inside(SEQUENCE)
    return (password, work) => {
      const meant = password === undefined || password === '' ? ['', undefined] : [password]
      for (const candidate of meant) {
        const clear = decrypt(algorithm, required(bytes).octets(), candidate, work)
        if (clear !== undefined) return clear
      }
      return undefined
    }
  }
}

function attributesOf(set: Der | undefined): ReadonlyMap<string, Der> {
  const found = new Map<string, Der>()
  for (const attribute of set?.children() ?? []) {
    const [type, values] = attribute.inside(SEQUENCE)
    const first = required(values).children()[0]
    if (first !== undefined) found.set(required(type).oid(), first)
  }
  return found
}

function bmpText(bytes: Buffer): string {
  return Buffer.from(bytes.subarray(0, bytes.length & ~1))
    .swap16()
    .toString('utf16le')
}
