import { type StoreContents, type StoredCertificate, type StoredKey } from './contents.ts'
import { decrypt } from './decrypt.ts'
import { Der, required, SEQUENCE } from './der.ts'
import { corrupt } from './refusal.ts'

const BLOCK = /-----BEGIN ([A-Z0-9 ]{1,40})-----([\s\S]*?)-----END \1-----/g
const MAX_BLOCKS = 1000
const ENCRYPTED = 'ENCRYPTED PRIVATE KEY'

export function isPem(text: string): boolean {
  return text.includes('-----BEGIN ')
}

/** Reads the certificates and private keys among the blocks of a text; other blocks are left out. RFC 7468. */
export function readPem(text: string): StoreContents {
  const certificates: StoredCertificate[] = []
  const keys: StoredKey[] = []
  // Line ends that were escaped on their way through JSON or a properties file.
  const blocks = [...text.replaceAll('\\n', '\n').matchAll(BLOCK)]
  if (blocks.length === 0) throw corrupt('is damaged: a block of PEM has no end.')
  if (blocks.length > MAX_BLOCKS) throw corrupt(`holds more than ${MAX_BLOCKS} entries.`)
  for (const [block, label, body] of blocks) {
    if (label === 'CERTIFICATE' || label === 'X509 CERTIFICATE' || label === 'TRUSTED CERTIFICATE') {
      certificates.push({ der: firstElement(bytesOf(body!)), trusted: true })
    } else if (label === ENCRYPTED) keys.push(encryptedKey(keys.length, bytesOf(body!)))
    else if (label!.endsWith('PRIVATE KEY')) keys.push(keyOf(keys.length, block))
  }
  return { format: 'PEM', certificates, keys }
}

/** Decrypted here and not by OpenSSL, which would do any number of rounds of hashing. */
function encryptedKey(index: number, bytes: Buffer): StoredKey {
  return {
    alias: nameOf(index),
    encrypted: true,
    open: (password, work) => {
      if (password === undefined) return undefined
      const [algorithm, encrypted] = Der.parse(bytes).inside(SEQUENCE)
      return decrypt(algorithm, required(encrypted).octets(), password, work)
    },
  }
}

function keyOf(index: number, block: string): StoredKey {
  return { alias: nameOf(index), encrypted: block.includes('Proc-Type: 4,ENCRYPTED'), open: () => block }
}

/** Keeps the order of the text under a sort by alias. */
function nameOf(index: number): string {
  return String(index).padStart(4, '0')
}

function bytesOf(body: string): Buffer {
  return Buffer.from(body.replace(/^[A-Za-z-]+:.*$/gm, ''), 'base64')
}

/** A trusted certificate of OpenSSL has its trust settings behind the certificate itself. */
function firstElement(bytes: Buffer): Buffer {
  return bytes.subarray(0, Der.lengthOf(bytes))
}
