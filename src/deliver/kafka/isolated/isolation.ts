import { createHash } from 'node:crypto'
import { type HostOverrides } from '../destination/index.ts'
import { identityOf, isKerberos, type KerberosIdentity } from '../kerberos/identity.ts'
import { type KafkaTarget } from '../target.ts'

/**
 * Why producers live in a process of their own: libkrb5 and the resolver take what concerns them from the environment
 * of a process.
 */
export interface Isolation {
  /** Equal exactly for producers that may share a process; says nothing of the keytab. */
  readonly key: string
  readonly kerberos: KerberosIdentity | undefined
  readonly overrides: HostOverrides | undefined
}

/** What a target needs a process of its own for; undefined where it needs none. */
export function isolationOf({
  settings,
  egress,
}: Pick<KafkaTarget, 'settings' | 'egress'>): Isolation | undefined {
  const kerberos = isKerberos(settings) ? identityOf(settings) : undefined
  const { overrides } = egress
  if (kerberos === undefined && overrides === undefined) return undefined
  const hash = createHash('sha256').update(`${kerberos?.key ?? ''}\0`)
  hash.update(JSON.stringify([...(overrides ?? [])]))
  return { key: hash.digest('hex'), kerberos, overrides }
}
