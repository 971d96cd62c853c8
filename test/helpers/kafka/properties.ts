import { type Certificate } from '../tls.ts'

/** Everything a client needs to reach the broker; plain data, so that vitest can hand it to its workers. */
export interface KafkaAddress {
  /**
   * `host:port` by listener. `sasl` is SASL_SSL with PLAIN and SCRAM; `badHost`, `expired` and `early` show a certificate
   * for another host, past its time, and before its time.
   */
  readonly bootstrap: Readonly<Record<ListenerKey, string>>
  readonly ca: string
  readonly caFile: string
  /** A CA the broker does not know, for failure cases. */
  readonly foreignCa: string
  /** Client certificate that the `mtls` listener accepts. */
  readonly client: Certificate
  /** The same issued by an intermediate authority, which the broker does not have: key, and leaf, intermediate, root. */
  readonly chained: { readonly key: string; readonly chain: readonly string[] }
  readonly users: Readonly<Record<'admin' | 'alice', string>>
  readonly logFile: string
  readonly jars: string
}

export type ListenerKey =
  'plaintext' | 'ssl' | 'mtls' | 'sasl' | 'badHost' | 'expired' | 'early' | 'kerberos' | 'oidc'

export const listenerKeys: readonly ListenerKey[] = [
  'plaintext',
  'ssl',
  'mtls',
  'sasl',
  'badHost',
  'expired',
  'early',
]

/** The listeners of a broker; `kerberos` and `oidc` (both SASL_SSL) only where it was given what they need. */
export function listenersOf({ kerberos, oidc }: OptionalListeners): readonly ListenerKey[] {
  return [
    ...listenerKeys,
    ...(kerberos === undefined ? [] : (['kerberos'] as const)),
    ...(oidc === undefined ? [] : (['oidc'] as const)),
  ]
}

export interface OptionalListeners {
  readonly kerberos?: KerberosLogin | undefined
  readonly oidc?: OidcTrust | undefined
}

/** What the broker takes bearer tokens by. */
export interface OidcTrust {
  /** Public keys of the provider (JWKS). */
  readonly keysFile: string
  readonly issuer: string
  readonly audience: string
}

/** What the broker is to Kerberos. */
export interface KerberosLogin {
  readonly principal: string
  readonly keytabFile: string
  /** krb5.conf of its realm. */
  readonly configuration: string
}

const names: Record<ListenerKey, { name: string; protocol: string }> = {
  plaintext: { name: 'PLAINTEXT', protocol: 'PLAINTEXT' },
  ssl: { name: 'SSL', protocol: 'SSL' },
  mtls: { name: 'MTLS', protocol: 'SSL' },
  sasl: { name: 'SASLS', protocol: 'SASL_SSL' },
  badHost: { name: 'BADHOST', protocol: 'SSL' },
  kerberos: { name: 'KRBS', protocol: 'SASL_SSL' },
  oidc: { name: 'OIDC', protocol: 'SASL_SSL' },
  expired: { name: 'EXPIRED', protocol: 'SSL' },
  early: { name: 'EARLY', protocol: 'SSL' },
}

/** Inputs of the broker's `server.properties`. */
export interface BrokerLayout extends OptionalListeners {
  readonly directory: string
  /** The name by which clients are told every listener but `plaintext`. */
  readonly host: string
  readonly ports: Readonly<Record<ListenerKey | 'controller', number>>
  readonly users: KafkaAddress['users']
  readonly keystore: string
  /** Keystores of the listeners that do not show the usual one. */
  readonly keystores: Readonly<Partial<Record<ListenerKey, string>>>
  readonly truststore: string
  readonly autoCreateTopics: boolean
}

/** One KRaft node that is broker and controller, small enough for a shared machine. */
export function serverProperties(layout: BrokerLayout): string {
  const { ports, directory } = layout
  const keys = listenersOf(layout)
  const controller = `127.0.0.1:${ports.controller}`
  const entries: [string, string | number | boolean][] = [
    ['process.roles', 'broker,controller'],
    ['node.id', 1],
    ['controller.quorum.bootstrap.servers', controller],
    ['controller.listener.names', 'CONTROLLER'],
    ['inter.broker.listener.name', 'PLAINTEXT'],
    ['listeners', [...listeners(keys, ports, () => '127.0.0.1'), `CONTROLLER://${controller}`].join(',')],
    ['advertised.listeners', listeners(keys, ports, (key) => advertisedHost(key, layout.host)).join(',')],
    ['listener.security.protocol.map', protocols(keys)],
    ['log.dirs', `${directory}/data`],
    ['authorizer.class.name', 'org.apache.kafka.metadata.authorizer.StandardAuthorizer'],
    ['super.users', 'User:ANONYMOUS;User:admin'],
    ['allow.everyone.if.no.acl.found', true],
    ['auto.create.topics.enable', layout.autoCreateTopics],
    ['num.partitions', 1],
    ['num.network.threads', 1],
    ['num.io.threads', 2],
    ['log.cleaner.threads', 1],
    ['log.cleaner.dedupe.buffer.size', 4194304],
    ['offsets.topic.num.partitions', 3],
    ['offsets.topic.replication.factor', 1],
    ['transaction.state.log.replication.factor', 1],
    ['transaction.state.log.min.isr', 1],
    ['share.coordinator.state.topic.replication.factor', 1],
    ['share.coordinator.state.topic.min.isr', 1],
    ['broker.session.timeout.ms', 2000],
    ['broker.heartbeat.interval.ms', 500],
    ['group.initial.rebalance.delay.ms', 0],
    ['ssl.truststore.type', 'PEM'],
    ['ssl.truststore.location', layout.truststore],
    ['ssl.keystore.type', 'PEM'],
    ['ssl.keystore.location', layout.keystore],
    ...Object.entries(layout.keystores).flatMap(([key, file]): [string, string][] => [
      [`listener.name.${key.toLowerCase()}.ssl.keystore.type`, 'PEM'],
      [`listener.name.${key.toLowerCase()}.ssl.keystore.location`, file],
    ]),
    ['listener.name.mtls.ssl.client.auth', 'required'],
    ['listener.name.sasls.sasl.enabled.mechanisms', 'PLAIN,SCRAM-SHA-256,SCRAM-SHA-512'],
    ['listener.name.sasls.plain.sasl.jaas.config', plainLogin(layout.users)],
    ['listener.name.sasls.scram-sha-256.sasl.jaas.config', scramLogin],
    ['listener.name.sasls.scram-sha-512.sasl.jaas.config', scramLogin],
    ...(layout.kerberos === undefined ? [] : kerberosEntries(layout.kerberos)),
    ...(layout.oidc === undefined ? [] : oidcEntries(layout.oidc)),
  ]
  return entries.map(([key, value]) => `${key}=${value}\n`).join('')
}

/** Arguments of StorageTool that store the users' SCRAM credentials. */
export function scramArguments(users: KafkaAddress['users']): string[] {
  return Object.entries(users).flatMap(([name, password]) =>
    ['SCRAM-SHA-256', 'SCRAM-SHA-512'].flatMap((mechanism) => [
      '--add-scram',
      `${mechanism}=[name=${name},password=${password}]`,
    ]),
  )
}

/** Brokers and the tools of the tests use `plaintext`, so it keeps a name that every machine knows. */
export function advertisedHost(key: ListenerKey, host: string): string {
  return key === 'plaintext' ? 'localhost' : host
}

function listeners(
  keys: readonly ListenerKey[],
  ports: BrokerLayout['ports'],
  hostOf: (key: ListenerKey) => string,
): string[] {
  return keys.map((key) => `${names[key].name}://${hostOf(key)}:${ports[key]}`)
}

function protocols(keys: readonly ListenerKey[]): string {
  return [...keys.map((key) => `${names[key].name}:${names[key].protocol}`), 'CONTROLLER:PLAINTEXT'].join(',')
}

function plainLogin(users: KafkaAddress['users']): string {
  const known = Object.entries(users).map(([name, password]) => `user_${name}="${password}"`)
  return `org.apache.kafka.common.security.plain.PlainLoginModule required username="admin" password="${users.admin}" ${known.join(' ')};`
}

function oidcEntries({ keysFile, issuer, audience }: OidcTrust): [string, string | number][] {
  const at = (name: string): string => `listener.name.oidc.${name}`
  const security = 'org.apache.kafka.common.security.oauthbearer'
  return [
    [at('sasl.enabled.mechanisms'), 'OAUTHBEARER'],
    [at('oauthbearer.sasl.jaas.config'), `${security}.OAuthBearerLoginModule required;`],
    [at('oauthbearer.sasl.server.callback.handler.class'), `${security}.OAuthBearerValidatorCallbackHandler`],
    [at('sasl.oauthbearer.jwt.validator.class'), `${security}.BrokerJwtValidator`],
    [at('sasl.oauthbearer.jwks.endpoint.url'), `file://${keysFile}`],
    [at('sasl.oauthbearer.expected.audience'), audience],
    [at('sasl.oauthbearer.expected.issuer'), issuer],
    // A session lasts no longer than its token.
    [at('oauthbearer.connections.max.reauth.ms'), 3_600_000],
  ]
}

function kerberosEntries({ principal, keytabFile }: KerberosLogin): [string, string][] {
  const login = `com.sun.security.auth.module.Krb5LoginModule required useKeyTab=true storeKey=true isInitiator=false keyTab="${keytabFile}" principal="${principal}";`
  return [
    ['listener.name.krbs.sasl.enabled.mechanisms', 'GSSAPI'],
    ['listener.name.krbs.gssapi.sasl.jaas.config', login],
    ['listener.name.krbs.sasl.kerberos.service.name', 'kafka'],
    // Keeps the realm visible in the log of requests.
    ['sasl.kerberos.principal.to.local.rules', 'RULE:[1:$1.$0],RULE:[2:$1.$2.$0]'],
  ]
}

const scramLogin = 'org.apache.kafka.common.security.scram.ScramLoginModule required;'
