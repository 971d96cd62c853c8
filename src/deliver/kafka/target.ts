import { createHash } from 'node:crypto'
import { type Diagnostic } from '../../errors.ts'
import { type DeliverPolicy } from '../action.ts'
import { checkProperties, clientProperties, propertyPath } from './properties/index.ts'
import { Secret } from './secret.ts'
import { readKeystore, readTruststore, type StoreResult } from './stores.ts'

/** Where and how to produce: client properties resolved, checked and with defaults. Equal targets share a producer. */
export interface KafkaTarget {
  /** Equal exactly for equal properties; says nothing of the secrets in them. */
  readonly identity: string
  /** `bootstrap.servers`, the name of the resource in failures. */
  readonly bootstrapServers: string
  /** Every property in effect by AWS's name; secrets wrapped. Stores are PEM here. */
  readonly settings: ReadonlyMap<string, string | Secret>
}

export type TargetResult =
  | { readonly ok: true; readonly target: KafkaTarget; readonly warnings: readonly Diagnostic[] }
  | { readonly ok: false; readonly diagnostics: readonly Diagnostic[] }

/** The setting under which a target carries the client's private key, read from `ssl.keystore`. */
export const PRIVATE_KEY = 'ssl.keystore.key'

/**
 * Turns rendered client properties into a target, or every fault with them. `properties` are by AWS's names with
 * no template left. Paths of diagnostics are relative to the action document.
 */
export function resolveTarget(
  properties: Readonly<Record<string, string>>,
  policy: DeliverPolicy,
): TargetResult {
  const found = checkProperties(properties, policy)
  const settings = settingsOf(properties, policy)
  if (settings.get('security.protocol')?.toString().endsWith('SSL') === true)
    found.push(...readStores(properties, settings))
  if (found.some(({ severity }) => severity === 'error')) return { ok: false, diagnostics: found }
  const target = {
    identity: identityOf(settings),
    bootstrapServers: properties['bootstrap.servers']!,
    settings,
  }
  return { ok: true, target, warnings: found }
}

function settingsOf(
  properties: Readonly<Record<string, string>>,
  policy: DeliverPolicy,
): Map<string, string | Secret> {
  const settings = new Map<string, string | Secret>()
  for (const spec of clientProperties) {
    const fallback = spec.name === 'acks' ? policy.acksWhenOmitted : spec.default
    const value = properties[spec.name] ?? fallback
    if (value !== undefined) settings.set(spec.name, spec.secret === true ? new Secret(value) : value)
  }
  return settings
}

/** Replaces store texts by PEM in `settings`; returns what is wrong with them. */
function readStores(
  properties: Readonly<Record<string, string>>,
  settings: Map<string, string | Secret>,
): Diagnostic[] {
  const found: Diagnostic[] = []
  const truststore = properties['ssl.truststore']
  if (truststore !== undefined) {
    const store = readTruststore(truststore)
    if (store.ok) settings.set('ssl.truststore', store.certificates)
    else found.push(storeFault('ssl.truststore', store))
  }
  const keystore = properties['ssl.keystore']
  if (keystore !== undefined) {
    const store = readKeystore(
      keystore,
      properties['ssl.key.password'] ?? properties['ssl.keystore.password'],
    )
    if (store.ok) {
      settings.set('ssl.keystore', store.certificates)
      settings.set(PRIVATE_KEY, new Secret(store.privateKey))
    } else found.push(storeFault('ssl.keystore', store))
  }
  return found
}

function storeFault(name: string, store: StoreResult & { ok: false }): Diagnostic {
  return { code: store.code, severity: 'error', path: propertyPath(name), message: `${name} ${store.reason}` }
}

/** A digest, so that a pool or a log may hold it; ordered by name, so that documents may order as they like. */
function identityOf(settings: ReadonlyMap<string, string | Secret>): string {
  const hash = createHash('sha256')
  for (const name of [...settings.keys()].sort()) {
    const value = settings.get(name)!
    const text = typeof value === 'string' ? value : value.reveal()
    hash.update(`${name}\0${text.length}\0${text}\0`)
  }
  return hash.digest('hex')
}
