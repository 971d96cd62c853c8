import { createHash } from 'node:crypto'
import { type Work } from './work.ts'

/** What the derived bytes are for; RFC 7292 appendix B.3. */
export const FOR_KEY = 1
export const FOR_IV = 2
export const FOR_MAC = 3

const BLOCK: Readonly<Record<string, number>> = { sha1: 64, sha224: 64, sha256: 64, sha384: 128, sha512: 128 }

/** UTF-16 with a terminating zero, as PKCS #12 hashes a password; undefined is no password at all. */
export function bmpPassword(password: string | undefined): Buffer {
  return password === undefined ? Buffer.alloc(0) : Buffer.from(`${password}\0`, 'utf16le').swap16()
}

/** Derives `length` bytes from a password; RFC 7292 appendix B.2. */
export function pkcs12Key(
  digest: string,
  password: Buffer,
  salt: Buffer,
  purpose: number,
  iterations: number,
  length: number,
  work: Work,
): Buffer {
  const block = BLOCK[digest]!
  const diversifier = Buffer.alloc(block, purpose)
  let mixed = Buffer.concat([filled(salt, block), filled(password, block)])
  const out: Buffer[] = []
  for (let made = 0; made < length;) {
    work.slow(iterations)
    let hash = createHash(digest).update(diversifier).update(mixed).digest()
    for (let round = 1; round < iterations; round += 1) hash = createHash(digest).update(hash).digest()
    out.push(hash)
    made += hash.length
    mixed = added(mixed, repeated(hash, block), block)
  }
  return Buffer.concat(out).subarray(0, length)
}

/** `bytes` over and over until a whole number of blocks is full; nothing stays nothing. */
function filled(bytes: Buffer, block: number): Buffer {
  return bytes.length === 0 ? bytes : repeated(bytes, block * Math.ceil(bytes.length / block))
}

function repeated(bytes: Buffer, length: number): Buffer {
  return Buffer.alloc(length, bytes)
}

/** Each block of `mixed` plus `addend` plus one, modulo the size of a block. */
function added(mixed: Buffer, addend: Buffer, block: number): Buffer<ArrayBuffer> {
  const sum = Buffer.from(mixed)
  for (let start = 0; start < sum.length; start += block) {
    let carry = 1
    for (let at = block - 1; at >= 0; at -= 1) {
      carry += sum[start + at]! + addend[at]!
      sum[start + at] = carry & 0xff
      carry >>= 8
    }
  }
  return sum
}
