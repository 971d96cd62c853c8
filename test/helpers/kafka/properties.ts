import { type Certificate } from '../tls.ts'

/** Everything a client needs to reach the broker; plain data, so that vitest can hand it to its workers. */
export interface KafkaAddress {
  /** `host:port` by listener. `sasl` is SASL_SSL with PLAIN and SCRAM; `badHost` shows a certificate for another host. */
  readonly bootstrap: Readonly<Record<ListenerKey, string>>
  readonly ca: string
  readonly caFile: string
  /** A CA the broker does not know, for failure cases. */
  readonly foreignCa: string
  /** Client certificate that the `mtls` listener accepts. */
  readonly client: Certificate
  readonly users: Readonly<Record<'admin' | 'alice', string>>
  readonly logFile: string
  readonly jars: string
}

export type ListenerKey = 'plaintext' | 'ssl' | 'mtls' | 'sasl' | 'badHost'

export const listenerKeys: readonly ListenerKey[] = ['plaintext', 'ssl', 'mtls', 'sasl', 'badHost']

const names: Record<ListenerKey, { name: string; protocol: string }> = {
  plaintext: { name: 'PLAINTEXT', protocol: 'PLAINTEXT' },
  ssl: { name: 'SSL', protocol: 'SSL' },
  mtls: { name: 'MTLS', protocol: 'SSL' },
  sasl: { name: 'SASLS', protocol: 'SASL_SSL' },
  badHost: { name: 'BADHOST', protocol: 'SSL' },
}

/** Inputs of the broker's `server.properties`. */
export interface BrokerLayout {
  readonly directory: string
  readonly ports: Readonly<Record<ListenerKey | 'controller', number>>
  readonly users: KafkaAddress['users']
  readonly keystore: string
  readonly badHostKeystore: string
  readonly truststore: string
  readonly autoCreateTopics: boolean
}

/** One KRaft node that is broker and controller, small enough for a shared machine. */
export function serverProperties(layout: BrokerLayout): string {
  const { ports, directory } = layout
  const controller = `127.0.0.1:${ports.controller}`
  const entries: [string, string | number | boolean][] = [
    ['process.roles', 'broker,controller'],
    ['node.id', 1],
    ['controller.quorum.bootstrap.servers', controller],
    ['controller.listener.names', 'CONTROLLER'],
    ['inter.broker.listener.name', 'PLAINTEXT'],
    ['listeners', [...listeners(ports, '127.0.0.1'), `CONTROLLER://${controller}`].join(',')],
    ['advertised.listeners', listeners(ports, 'localhost').join(',')],
    ['listener.security.protocol.map', protocols()],
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
    ['listener.name.badhost.ssl.keystore.type', 'PEM'],
    ['listener.name.badhost.ssl.keystore.location', layout.badHostKeystore],
    ['listener.name.mtls.ssl.client.auth', 'required'],
    ['listener.name.sasls.sasl.enabled.mechanisms', 'PLAIN,SCRAM-SHA-256,SCRAM-SHA-512'],
    ['listener.name.sasls.plain.sasl.jaas.config', plainLogin(layout.users)],
    ['listener.name.sasls.scram-sha-256.sasl.jaas.config', scramLogin],
    ['listener.name.sasls.scram-sha-512.sasl.jaas.config', scramLogin],
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

function listeners(ports: BrokerLayout['ports'], host: string): string[] {
  return listenerKeys.map((key) => `${names[key].name}://${host}:${ports[key]}`)
}

function protocols(): string {
  return [
    ...listenerKeys.map((key) => `${names[key].name}:${names[key].protocol}`),
    'CONTROLLER:PLAINTEXT',
  ].join(',')
}

function plainLogin(users: KafkaAddress['users']): string {
  const known = Object.entries(users).map(([name, password]) => `user_${name}="${password}"`)
  return `org.apache.kafka.common.security.plain.PlainLoginModule required username="admin" password="${users.admin}" ${known.join(' ')};`
}

const scramLogin = 'org.apache.kafka.common.security.scram.ScramLoginModule required;'
