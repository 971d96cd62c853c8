import { createHmac, randomBytes, scrypt, timingSafeEqual } from 'node:crypto'

const COST = 16_384
const BLOCK = 8
const PARALLEL = 1
const LENGTH = 32
/** Bounds on a hash's own parameters, so that a password file cannot exhaust memory: N·r·128 bytes. */
const MAX_MEMORY = 128 * 1024 * 1024
/** Verifications at once; each takes a thread of the pool for tens of milliseconds. */
const CONCURRENT = 2
const MAX_WAITING = 1_000
const REMEMBERED = 10_000

interface ParsedHash {
  readonly cost: number
  readonly block: number
  readonly parallel: number
  readonly salt: Buffer
  readonly hash: Buffer
}

/** @returns the password as `$scrypt$N$r$p$salt$hash` (base64), for a users file */
export async function hashPassword(password: string | Buffer): Promise<string> {
  const salt = randomBytes(16)
  const hash = await derive(password, {
    cost: COST,
    block: BLOCK,
    parallel: PARALLEL,
    salt,
    hash: Buffer.alloc(LENGTH),
  })
  return `$scrypt$${COST}$${BLOCK}$${PARALLEL}$${salt.toString('base64')}$${hash!.toString('base64')}`
}

/** @returns what is wrong with a hash, or undefined */
export function checkPasswordHash(text: string): string | undefined {
  return parse(text) === undefined ? 'the password is not of the form $scrypt$N$r$p$salt$hash' : undefined
}

/**
 * Reads a users file: one `name:hash` a line, `#` begins a comment line.
 * Faults name the line and never its content.
 */
export function parseUsers(
  text: string,
): { ok: true; users: Map<string, string> } | { ok: false; faults: { line: number; message: string }[] } {
  const users = new Map<string, string>()
  const faults: { line: number; message: string }[] = []
  for (const [index, raw] of text.split(/\r?\n/).entries()) {
    if (raw.trim() === '' || raw.startsWith('#')) continue
    const colon = raw.indexOf(':')
    const message =
      colon < 1 ? 'the line is not of the form name:hash' : checkPasswordHash(raw.slice(colon + 1).trim())
    if (message !== undefined) faults.push({ line: index + 1, message })
    else if (users.has(raw.slice(0, colon)))
      faults.push({ line: index + 1, message: 'the user appears twice' })
    else users.set(raw.slice(0, colon), raw.slice(colon + 1).trim())
  }
  return faults.length > 0 ? { ok: false, faults } : { ok: true, users }
}

/** Verifies passwords against a table of hashes, a bounded number at once; a verified pair is remembered by its MAC. */
export class PasswordVerifier {
  readonly #users: ReadonlyMap<string, string>
  readonly #key = randomBytes(32)
  readonly #verified = new Set<string>()
  readonly #waiting: (() => void)[] = []
  #running = 0

  constructor(users: ReadonlyMap<string, string>) {
    this.#users = users
  }

  /** @returns true synchronously for a pair verified before; `busy` when too many wait */
  verify(username: string, password: Buffer): true | Promise<boolean | 'busy'> {
    const mac = this.#mac(username, password)
    return this.#verified.has(mac) ? true : this.#verify(username, password, mac)
  }

  async #verify(username: string, password: Buffer, mac: string): Promise<boolean | 'busy'> {
    if (this.#waiting.length >= MAX_WAITING) return 'busy'
    if (this.#running >= CONCURRENT) await new Promise<void>((resolve) => this.#waiting.push(resolve))
    this.#running++
    try {
      const stored = this.#users.get(username)
      // An unknown user costs as much time as a known one.
      const parsed = (stored === undefined ? undefined : parse(stored)) ?? decoy
      const derived = await derive(password, parsed)
      const equal = derived !== undefined && timingSafeEqual(derived, parsed.hash) && stored !== undefined
      if (equal) this.#remember(mac)
      return equal
    } finally {
      this.#running--
      this.#waiting.shift()?.()
    }
  }

  #remember(mac: string): void {
    if (this.#verified.size >= REMEMBERED) this.#verified.clear()
    this.#verified.add(mac)
  }

  #mac(username: string, password: Buffer): string {
    const length = Buffer.alloc(4)
    length.writeUInt32BE(Buffer.byteLength(username))
    return createHmac('sha256', this.#key).update(length).update(username).update(password).digest('base64')
  }
}

const decoy: ParsedHash = {
  cost: COST,
  block: BLOCK,
  parallel: PARALLEL,
  salt: randomBytes(16),
  hash: randomBytes(LENGTH),
}

function parse(text: string): ParsedHash | undefined {
  const match = /^\$scrypt\$(\d{1,8})\$(\d{1,3})\$(\d{1,3})\$([A-Za-z0-9+/=]+)\$([A-Za-z0-9+/=]+)$/.exec(text)
  if (match === null) return undefined
  const [cost, block, parallel] = [Number(match[1]), Number(match[2]), Number(match[3])]
  const salt = Buffer.from(match[4]!, 'base64')
  const hash = Buffer.from(match[5]!, 'base64')
  if (cost < 2 || (cost & (cost - 1)) !== 0 || block < 1 || parallel < 1 || parallel > 16) return undefined
  if (cost * block * 128 > MAX_MEMORY / 2 || salt.length < 8 || hash.length < 16 || hash.length > 128)
    return undefined
  return { cost, block, parallel, salt, hash }
}

function derive(password: string | Buffer, to: ParsedHash): Promise<Buffer | undefined> {
  const options = { N: to.cost, r: to.block, p: to.parallel, maxmem: MAX_MEMORY }
  return new Promise((resolve) => {
    scrypt(password, to.salt, to.hash.length, options, (error, derived) =>
      resolve(error === null ? derived : undefined),
    )
  })
}
