import { createHash } from 'node:crypto'
import { type ErrorCode } from '../../../errors.ts'
import { type StoreContents } from './contents.ts'
import { readJks } from './jks.ts'
import { type Identity, identityOf } from './keystore.ts'
import { readPem } from './pem.ts'
import { readPkcs12 } from './pkcs12.ts'
import { corrupt, type StorePart, StoreRefusal } from './refusal.ts'
import { sourceOf, type StoreSource } from './source.ts'
import { type Trust, trustOf } from './truststore.ts'
import { Work } from './work.ts'

export { type StoreWarning } from './keystore.ts'
export { type StorePart } from './refusal.ts'

/** Why a store is not taken, as the end of a sentence that begins with the property to blame. */
export interface StoreFault {
  readonly ok: false
  readonly code: ErrorCode
  readonly part: StorePart
  readonly reason: string
}
export type TruststoreResult = ({ readonly ok: true } & Trust) | StoreFault
export type KeystoreResult = ({ readonly ok: true } & Identity) | StoreFault

export interface StoreInput {
  /** PEM text, base64 of JKS, PKCS #12 or PEM, or `file:///name` below `directory`. */
  readonly store: string
  readonly password: string | undefined
  /** Where the operator keeps files of stores; undefined when rules may name none. */
  readonly directory: string | undefined
}

/** Reads the certificates of a truststore. Never throws; the work it does is bounded whatever the store says. */
export function readTruststore({ store, password, directory }: StoreInput): TruststoreResult {
  return attempt(() => {
    const source = sourceOf(store, directory)
    return trusts.get(source, [password], (work) => trustOf(contentsOf(source, password, work)))
  })
}

/** Reads private key and certificate chain of a keystore. The key's password is the store's unless one is given. */
export function readKeystore(
  { store, password, directory }: StoreInput,
  keyPassword: string | undefined,
): KeystoreResult {
  return attempt(() => {
    const source = sourceOf(store, directory)
    return identities.get(source, [password, keyPassword], (work) =>
      identityOf(contentsOf(source, password, work), keyPassword ?? password, work),
    )
  })
}

function contentsOf(source: StoreSource, password: string | undefined, work: Work): StoreContents {
  if (source.format === 'PEM') return readPem(source.text)
  return source.format === 'JKS' ? readJks(source.bytes, password) : readPkcs12(source.bytes, password, work)
}

function attempt<Result extends object>(read: () => Result): ({ readonly ok: true } & Result) | StoreFault {
  try {
    return { ok: true, ...read() }
  } catch (error) {
    // Whatever a hostile store makes the readers stumble over, it is the store that is damaged.
    const { code, part, message } = error instanceof StoreRefusal ? error : corrupt()
    return { ok: false, code, part, reason: message }
  }
}

const REMEMBERED = 64

/** Stores that were read: many rules share one, and opening it takes thousands of rounds of hashing. */
class Memory<Result> {
  readonly #results = new Map<string, Result>()

  get(source: StoreSource, passwords: readonly (string | undefined)[], read: (work: Work) => Result): Result {
    const hash = createHash('sha256').update(source.format === 'PEM' ? source.text : source.bytes)
    const key = hash.update(JSON.stringify(passwords.map((password) => password ?? null))).digest('hex')
    const result = this.#results.get(key) ?? read(new Work())
    this.#results.delete(key)
    this.#results.set(key, result)
    if (this.#results.size > REMEMBERED) this.#results.delete(this.#results.keys().next().value!)
    return result
  }
}

const trusts = new Memory<Trust>()
const identities = new Memory<Identity>()
