import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type Kafka, type KafkaOptions, startKafka } from './kafka/index.ts'
import { type Kdc, startKdc } from './kdc.ts'
import { type Oidc, startOidc } from './oidc.ts'
import { makeAuthority } from './tls.ts'

/** A broker with a listener for every way of connecting, the key distribution center and the token endpoint. */
export interface SecuredKafka {
  readonly kafka: Kafka
  readonly kdc: Kdc
  readonly oidc: Oidc
  /** Client properties for each mechanism, by the right credential. */
  readonly sasl: Readonly<Record<SaslName, Readonly<Record<string, string>>>>
  /** What makes the credential of a mechanism a wrong one. */
  readonly wrong: Readonly<Record<SaslName, Readonly<Record<string, string>>>>
  /** Every secret in `sasl` and `wrong`. */
  readonly secrets: readonly string[]
  stop(): Promise<void>
}

export const saslNames = ['PLAIN', 'SCRAM-SHA-256', 'SCRAM-SHA-512', 'GSSAPI', 'OAUTHBEARER'] as const
export type SaslName = (typeof saslNames)[number]

const REALM = 'MATRIX.TEST'
const TOKEN_SECRET = 'token-secret-7261'
const WRONG = 'wrong-secret-9317'

export async function startSecuredKafka(options: KafkaOptions = {}): Promise<SecuredKafka> {
  const directory = await mkdtemp(join(tmpdir(), 'topicrule-secured-'))
  const endpoint = await makeAuthority(directory, 'token endpoint CA')
  const { key, cert } = await endpoint.issue('endpoint', 'localhost', ['DNS:localhost'])
  const oidc = await startOidc({ key, cert, clients: { gateway: TOKEN_SECRET }, lifetime: 600 })
  const keysFile = join(directory, 'keys.json')
  await writeFile(keysFile, oidc.keys)
  const kdc = await startKdc(REALM)
  const keytabFile = await kdc.addPrincipal('kafka/localhost')
  await kdc.addPrincipal('alice')
  await kdc.addPrincipal('stale')
  const stale = await kdc.keytab('stale')
  await kdc.rotateKey('stale')
  const kafka = await startKafka({
    ...options,
    kerberos: { principal: `kafka/localhost@${REALM}`, keytabFile, configuration: kdc.configuration },
    oidc: { keysFile, issuer: oidc.issuer, audience: oidc.audience },
  })
  const base = {
    ...{ acks: 'all', 'security.protocol': 'SASL_SSL', 'ssl.truststore': kafka.ca },
    'bootstrap.servers': kafka.bootstrap.sasl,
  }
  const { alice } = kafka.users
  const keytab = await kdc.keytab('alice')
  const scram = { ...base, 'sasl.scram.username': 'alice', 'sasl.scram.password': alice }
  return {
    ...{ kafka, kdc, oidc },
    sasl: {
      PLAIN: {
        ...base,
        'sasl.mechanism': 'PLAIN',
        'sasl.plain.username': 'alice',
        'sasl.plain.password': alice,
      },
      'SCRAM-SHA-256': { ...scram, 'sasl.mechanism': 'SCRAM-SHA-256' },
      'SCRAM-SHA-512': { ...scram, 'sasl.mechanism': 'SCRAM-SHA-512' },
      GSSAPI: {
        ...{ ...base, 'bootstrap.servers': kafka.bootstrap.kerberos, 'sasl.mechanism': 'GSSAPI' },
        'sasl.kerberos.service.name': 'kafka',
        'sasl.kerberos.krb5.kdc': kdc.address,
        'sasl.kerberos.krb5.realm': REALM,
        'sasl.kerberos.principal': 'alice',
        'sasl.kerberos.keytab': keytab,
      },
      OAUTHBEARER: {
        ...{ ...base, 'bootstrap.servers': kafka.bootstrap.oidc, 'sasl.mechanism': 'OAUTHBEARER' },
        'sasl.oauthbearer.token.endpoint.url': oidc.tokenUrl,
        'sasl.oauthbearer.client.id': 'gateway',
        'sasl.oauthbearer.client.secret': TOKEN_SECRET,
        'sasl.oauthbearer.token.endpoint.truststore': endpoint.ca,
      },
    },
    wrong: {
      PLAIN: { 'sasl.plain.password': WRONG },
      'SCRAM-SHA-256': { 'sasl.scram.password': WRONG },
      'SCRAM-SHA-512': { 'sasl.scram.password': WRONG },
      GSSAPI: { 'sasl.kerberos.principal': 'stale', 'sasl.kerberos.keytab': stale },
      OAUTHBEARER: { 'sasl.oauthbearer.client.secret': WRONG },
    },
    secrets: [alice, TOKEN_SECRET, WRONG, keytab, stale],
    async stop() {
      await kafka.stop()
      await Promise.all([kdc.stop(), oidc.stop()])
      await rm(directory, { recursive: true, force: true })
    },
  }
}
