import { createHash } from 'node:crypto'
import { type Diagnostic } from '../../errors.ts'
import { type DeliverPolicy } from '../action.ts'
import { checkDestination, type EgressPolicy, egressOf } from './destination/index.ts'
import { hasKeyFor, readKeytab } from './kerberos/keytab.ts'
import { ENDPOINT_TRUSTSTORE, textOf } from './mechanisms/index.ts'
import { checkProperties, clientProperties, propertyPath } from './properties/index.ts'
import { Secret } from './secret.ts'
import {
  readKeystore,
  readTruststore,
  type StoreFault,
  type StorePart,
  type StoreWarning,
} from './stores/index.ts'

/** Where and how to produce: client properties resolved, checked and with defaults. Equal targets share a producer. */
export interface KafkaTarget {
  /** Equal exactly for equal properties under equal policies; says nothing of the secrets in them. */
  readonly identity: string
  /** `bootstrap.servers`, the name of the resource in failures. */
  readonly bootstrapServers: string
  /** Every property in effect by AWS's name; secrets wrapped. Stores are PEM here. */
  readonly settings: ReadonlyMap<string, string | Secret>
  /** What its producer may reach. */
  readonly egress: EgressPolicy
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
  given: Readonly<Record<string, string>>,
  policy: DeliverPolicy,
  destinationArn?: string,
): TargetResult {
  const egress = egressOf(destinationArn, policy.destinations)
  const properties = withAuthorities(given, egress)
  const found = [
    ...checkProperties(properties, policy, { rendered: true }),
    ...checkDestination(destinationArn, given['bootstrap.servers'], policy.destinations),
  ]
  const settings = settingsOf(properties, policy)
  found.push(...readEndpointTrust(settings, policy))
  if (settings.get('security.protocol')?.toString().endsWith('SSL') === true)
    found.push(...readStores(properties, settings, policy))
  if (settings.get('sasl.mechanism') === 'GSSAPI') found.push(...checkKeytab(properties, settings))
  if (found.some(({ severity }) => severity === 'error')) return { ok: false, diagnostics: found }
  const target = {
    identity: identityOf(settings, egress),
    bootstrapServers: properties['bootstrap.servers']!,
    settings,
    egress,
  }
  return { ok: true, target, warnings: found }
}

/** A rule without a truststore trusts the authorities of its destination, where that names any. */
function withAuthorities(
  given: Readonly<Record<string, string>>,
  { ca }: EgressPolicy,
): Readonly<Record<string, string>> {
  const protocol = given['security.protocol'] ?? 'SSL'
  if (ca === undefined || given['ssl.truststore'] !== undefined || !protocol.endsWith('SSL')) return given
  return { ...given, 'ssl.truststore': ca }
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

/** Replaces store texts by PEM in `settings`; returns what is wrong or odd with them. */
function readStores(
  properties: Readonly<Record<string, string>>,
  settings: Map<string, string | Secret>,
  policy: DeliverPolicy,
): Diagnostic[] {
  const found: Diagnostic[] = []
  const directory = policy.storeDirectory
  const truststore = properties['ssl.truststore']
  if (truststore !== undefined) {
    const input = { store: truststore, password: properties['ssl.truststore.password'], directory }
    const store = readTruststore(input)
    const parts = { store: 'ssl.truststore', password: 'ssl.truststore.password' }
    found.push(...findings({ ...parts, 'key-password': parts.password }, store))
    if (store.ok) settings.set('ssl.truststore', store.certificates)
  }
  const keystore = properties['ssl.keystore']
  if (keystore !== undefined) {
    const input = { store: keystore, password: properties['ssl.keystore.password'], directory }
    const store = readKeystore(input, properties['ssl.key.password'])
    const parts = { store: 'ssl.keystore', password: 'ssl.keystore.password' }
    const opener = properties['ssl.key.password'] === undefined ? parts.password : 'ssl.key.password'
    found.push(...findings({ ...parts, 'key-password': opener }, store))
    if (store.ok) {
      settings.set('ssl.keystore', store.certificates)
      settings.set(PRIVATE_KEY, new Secret(store.privateKey))
    }
  }
  // What opened the stores is spent; it is not needed to produce, nor to tell targets apart.
  for (const name of ['ssl.truststore.password', 'ssl.keystore.password', 'ssl.key.password'])
    settings.delete(name)
  return found
}

/** The same for the authorities of a token endpoint. */
function readEndpointTrust(settings: Map<string, string | Secret>, policy: DeliverPolicy): Diagnostic[] {
  const text = textOf(settings, ENDPOINT_TRUSTSTORE)
  if (text === '') return []
  const store = readTruststore({ store: text, password: undefined, directory: policy.storeDirectory })
  if (store.ok) settings.set(ENDPOINT_TRUSTSTORE, store.certificates)
  const part = ENDPOINT_TRUSTSTORE
  return findings({ store: part, password: part, 'key-password': part }, store)
}

function findings(
  parts: Readonly<Record<StorePart, string>>,
  store: StoreFault | { readonly ok: true; readonly warnings: readonly StoreWarning[] },
): Diagnostic[] {
  if (store.ok) {
    return store.warnings.map(({ code, reason }) => diagnostic(parts.store, code, 'warning', reason))
  }
  return [diagnostic(parts[store.part], store.code, 'error', store.reason)]
}

function diagnostic(
  name: string,
  code: Diagnostic['code'],
  severity: Diagnostic['severity'],
  reason: string,
): Diagnostic {
  return { code, severity, path: propertyPath(name), message: `${name} ${reason}` }
}

/** What is wrong with the keytab; one that was exported for another principal is told before Kerberos does. */
function checkKeytab(
  properties: Readonly<Record<string, string>>,
  settings: ReadonlyMap<string, string | Secret>,
): Diagnostic[] {
  const name = 'sasl.kerberos.keytab'
  const text = properties[name]
  if (text === undefined) return []
  const keytab = readKeytab(text)
  const principal = textOf(settings, 'sasl.kerberos.principal')
  const fault = (reason: string): Diagnostic[] => [diagnostic(name, 'KAFKA_KEYTAB_INVALID', 'error', reason)]
  if (!keytab.ok) return fault(`${keytab.reason}.`)
  if (hasKeyFor(keytab.principals, principal, textOf(settings, 'sasl.kerberos.krb5.realm'))) return []
  const others = keytab.principals.slice(0, 5).map(shown).join(', ')
  return fault(`has no key for ${principal}; it has keys for ${others}.`)
}

/** A principal of a keytab is anyone's text. */
function shown(principal: string): string {
  const clean = principal.replace(/[^\x20-\x7e]/g, '?')
  return clean.length > 100 ? `${clean.slice(0, 100)}…` : clean
}

/** A digest, so that a pool or a log may hold it; ordered by name, so that documents may order as they like. */
function identityOf(settings: ReadonlyMap<string, string | Secret>, egress: EgressPolicy): string {
  const hash = createHash('sha256').update(`${egress.identity}\0`)
  for (const name of [...settings.keys()].sort()) {
    const value = settings.get(name)!
    const text = typeof value === 'string' ? value : value.reveal()
    hash.update(`${name}\0${text.length}\0${text}\0`)
  }
  return hash.digest('hex')
}
