/** A keytab that can be used, with the principals it has keys for, or why not as the end of "<name> …". */
export type KeytabResult =
  | { readonly ok: true; readonly bytes: Buffer; readonly principals: readonly string[] }
  | { readonly ok: false; readonly reason: string }

const MAX_BYTES = 65 * 1024
const MAX_ENTRIES = 1_000
const MAX_COMPONENTS = 16

/**
 * Reads a keytab from base64, as `get_secret` with SecretBinary gives it. Never throws.
 * Format: https://web.mit.edu/kerberos/krb5-latest/doc/formats/keytab_file_format.html
 */
export function readKeytab(text: string): KeytabResult {
  const compact = text.replace(/\s+/g, '')
  if (compact === '') return { ok: false, reason: 'is empty' }
  if (!/^[A-Za-z0-9+/_-]+={0,2}$/.test(compact)) return { ok: false, reason: 'is not in base64' }
  const bytes = Buffer.from(compact, 'base64')
  if (bytes.length > MAX_BYTES)
    return { ok: false, reason: `has ${bytes.length} bytes; the limit is ${MAX_BYTES}` }
  if (bytes.length < 2 || bytes[0] !== 5 || bytes[1] !== 2)
    return { ok: false, reason: 'is not a keytab: it does not begin with the bytes 05 02' }
  const principals = principalsOf(bytes)
  if (principals === undefined) return { ok: false, reason: 'is a keytab that is cut off or corrupt' }
  if (principals.length === 0) return { ok: false, reason: 'is a keytab without a key' }
  return { ok: true, bytes, principals }
}

/** Whether a principal, with or without its realm, is among those of a keytab. */
export function hasKeyFor(principals: readonly string[], principal: string, realm: string): boolean {
  return principals.includes(principal.includes('@') ? principal : `${principal}@${realm}`)
}

function principalsOf(bytes: Buffer): readonly string[] | undefined {
  const found = new Set<string>()
  let at = 2
  for (let entry = 0; at + 4 <= bytes.length; entry += 1) {
    if (entry >= MAX_ENTRIES) return undefined
    const length = bytes.readInt32BE(at)
    at += 4
    // A negative length is a hole that a removed entry left; zero ends the file.
    if (length === 0) break
    const end = at + Math.abs(length)
    if (end > bytes.length) return undefined
    if (length > 0) {
      const principal = principalIn(bytes.subarray(at, end))
      if (principal === undefined) return undefined
      found.add(principal)
    }
    at = end
  }
  return [...found]
}

function principalIn(entry: Buffer): string | undefined {
  if (entry.length < 2) return undefined
  const count = entry.readUInt16BE(0)
  if (count > MAX_COMPONENTS) return undefined
  const parts: string[] = []
  let at = 2
  for (let index = 0; index <= count; index += 1) {
    if (at + 2 > entry.length) return undefined
    const length = entry.readUInt16BE(at)
    at += 2
    if (at + length > entry.length) return undefined
    parts.push(entry.toString('utf8', at, at + length))
    at += length
  }
  const [realm, ...components] = parts
  return `${components.join('/')}@${realm!}`
}
