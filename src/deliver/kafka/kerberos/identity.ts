import { createHash } from 'node:crypto'
import { type Settings, textOf } from '../mechanisms/mechanism.ts'
import { kdcsOf } from './names.ts'

/**
 * Who a producer is to Kerberos. libkrb5 reads its configuration and its credential cache from the environment of
 * the process, so each identity lives in a process of its own.
 */
export interface KerberosIdentity {
  /** Equal exactly for equal identities; says nothing of the keytab. */
  readonly key: string
  readonly principal: string
  readonly realm: string
  readonly kdcs: readonly string[]
  readonly keytab: Buffer
}

/** Whether settings ask for a login by Kerberos. */
export function isKerberos(settings: Settings): boolean {
  return (
    textOf(settings, 'security.protocol').startsWith('SASL_') &&
    textOf(settings, 'sasl.mechanism') === 'GSSAPI'
  )
}

/** The identity that the settings of a target with `sasl.mechanism` GSSAPI describe. */
export function identityOf(settings: Settings): KerberosIdentity {
  const principal = textOf(settings, 'sasl.kerberos.principal')
  const realm = textOf(settings, 'sasl.kerberos.krb5.realm')
  const kdc = textOf(settings, 'sasl.kerberos.krb5.kdc')
  const keytab = Buffer.from(textOf(settings, 'sasl.kerberos.keytab'), 'base64')
  const hash = createHash('sha256')
  for (const part of [principal, realm, kdc]) hash.update(`${part.length}\0${part}\0`)
  return { key: hash.update(keytab).digest('hex'), principal, realm, kdcs: kdcsOf(kdc), keytab }
}

/**
 * The krb5.conf of an identity. Host names are taken as they are written, so that what DNS answers does not choose
 * the service; TCP, because tickets with authorization data do not fit into datagrams.
 * Source: https://web.mit.edu/kerberos/krb5-latest/doc/admin/conf_files/krb5_conf.html
 */
export function krb5Configuration({ realm, kdcs }: KerberosIdentity): string {
  return [
    '[libdefaults]',
    `  default_realm = ${realm}`,
    '  rdns = false',
    '  dns_canonicalize_hostname = false',
    '  dns_lookup_realm = false',
    '  dns_lookup_kdc = false',
    '  udp_preference_limit = 1',
    '[realms]',
    `  ${realm} = {`,
    ...kdcs.map((kdc) => `    kdc = ${kdc}`),
    '  }',
    '',
  ].join('\n')
}
