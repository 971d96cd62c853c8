import { type Failure } from '../errors.ts'
import { AwsBackend, type AwsOptions } from './aws.ts'
import { type Fetched, type LookUp, type SecretBackend, secretFailure } from './backend.ts'
import { SecretCache } from './cache.ts'
import { DirectoryBackend } from './directory.ts'
import { EnvironmentBackend } from './environment.ts'
import { type GetOptions, type SecretAnswer, type SecretRequest, type SecretSource } from './request.ts'
import { select } from './select.ts'

/** A store of secrets and the beginning of the names it serves; the beginning is not part of the look-up. */
export type StoreOptions =
  | ({ readonly kind: 'aws'; readonly prefix: string } & AwsOptions)
  | { readonly kind: 'directory'; readonly prefix: string; readonly path: string }
  | { readonly kind: 'environment'; readonly prefix: string; readonly variables: string }

export interface SecretSourceOptions {
  readonly stores: readonly StoreOptions[]
  /** Milliseconds that a value is used before it is fetched again. */
  readonly cacheTime: number
  /** Told of every request to a store that ended; a `kept` one failed and the value known before stays. */
  readonly onFetch?: (outcome: 'ok' | 'failed' | 'kept', failure: Failure | undefined) => void
  readonly now?: () => number
  readonly random?: () => number
}

interface Store {
  readonly prefix: string
  readonly kind: StoreOptions['kind']
  readonly backend: SecretBackend
}

/** Chooses the store of a secret by the longest prefix of its name; an ARN belongs to Secrets Manager. */
export function createSecretSource(options: SecretSourceOptions): SecretSource {
  return new CachedSource(options)
}

/** A message may name the secret it wants, so devices could ask for any number at once. */
const MAX_FETCHING = 100

class CachedSource implements SecretSource {
  readonly #stores: readonly Store[]
  readonly #cache: SecretCache
  #fetching = 0
  readonly #onFetch: NonNullable<SecretSourceOptions['onFetch']>

  constructor({ stores, cacheTime, onFetch, now, random }: SecretSourceOptions) {
    this.#stores = stores
      .map((store) => ({ prefix: store.prefix, kind: store.kind, backend: backendOf(store) }))
      .sort((a, b) => b.prefix.length - a.prefix.length)
    this.#onFetch = onFetch ?? (() => {})
    this.#cache = new SecretCache({
      cacheTime,
      // Not the wall clock: set back, it would keep values for as long as it went back.
      now: now ?? (() => performance.now()),
      random: random ?? Math.random,
      onStale: (failure) => this.#onFetch('kept', failure),
    })
  }

  async get(request: SecretRequest, { maxAge }: GetOptions = {}): Promise<SecretAnswer> {
    const store = this.#storeOf(request.id)
    if (store === undefined)
      return secretFailure('SECRET_NOT_FOUND', 'rule', request.id, 'the configuration names no store for it.')
    const isArn = request.id.startsWith('arn:')
    const id = isArn ? request.id : request.id.slice(store.prefix.length)
    const lookUp = { id, key: request.key, roleArn: request.roleArn }
    const identity = JSON.stringify([store.prefix, id, request.roleArn, store.backend.keyed && request.key])
    const fetched = await this.#cache.get(identity, maxAge, () => this.#fetch(store, lookUp))
    return fetched.ok ? select(fetched.content, request) : fetched
  }

  close(): void {
    for (const { backend } of this.#stores) backend.close()
  }

  #storeOf(id: string): Store | undefined {
    if (id.startsWith('arn:')) return this.#stores.find(({ kind }) => kind === 'aws')
    return this.#stores.find(({ prefix }) => id.startsWith(prefix) && id.length > prefix.length)
  }

  async #fetch({ backend }: Store, lookUp: LookUp): Promise<Fetched> {
    if (this.#fetching >= MAX_FETCHING) {
      const tooMany = `${MAX_FETCHING} secrets are being read already.`
      return secretFailure('SECRET_THROTTLED', 'environment', lookUp.id, tooMany)
    }
    this.#fetching += 1
    const fetched = await backend.fetch(lookUp)
    this.#fetching -= 1
    if (fetched.ok) this.#onFetch('ok', undefined)
    else this.#onFetch('failed', fetched.failure)
    return fetched
  }
}

function backendOf(store: StoreOptions): SecretBackend {
  switch (store.kind) {
    case 'aws':
      return new AwsBackend(store)
    case 'directory':
      return new DirectoryBackend(store.path)
    case 'environment':
      return new EnvironmentBackend(store.variables, process.env)
  }
}
