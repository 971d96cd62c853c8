import { type KerberosLogin } from './properties.ts'

export interface ClusterOptions {
  /** The listener `PROXIED` asks for a login by SCRAM-SHA-512 (SASL_PLAINTEXT). */
  readonly login?: boolean
  /** Adds the listener `MUTUAL` (SSL), which asks clients for a certificate; PEM files. */
  readonly mutual?: { readonly keystoreFile: string; readonly truststoreFile: string } | undefined
  /** Adds the listener `KERBEROS` (SASL_PLAINTEXT, GSSAPI); brokers are advertised as `localhost` there. */
  readonly kerberos?: KerberosLogin | undefined
}

/** A listener that is reached through proxies alone. */
export type ProxiedListener = 'PROXIED' | 'MUTUAL' | 'KERBEROS'

/** The ports of one broker. */
export interface NodePorts {
  readonly direct: number
  readonly controller: number
  readonly behindProxy: ReadonlyMap<ProxiedListener, number>
}

/** One broker of a cluster that is being made. */
export interface NodeLayout {
  readonly directory: string
  readonly ports: readonly NodePorts[]
  readonly index: number
  readonly options: ClusterOptions
}

export function listenersOf({ mutual, kerberos }: ClusterOptions): ProxiedListener[] {
  return [
    'PROXIED',
    ...(mutual === undefined ? [] : (['MUTUAL'] as const)),
    ...(kerberos === undefined ? [] : (['KERBEROS'] as const)),
  ]
}

/** As clients are told: a ticket of Kerberos is for a host by its name. */
export function hostOf(listener: ProxiedListener): string {
  return listener === 'KERBEROS' ? 'localhost' : '127.0.0.1'
}

/** A KRaft node that is broker and controller; clients are told the ports of the proxies. */
export function clusterProperties(
  { directory, ports, index, options }: NodeLayout,
  proxyPorts: ReadonlyMap<ProxiedListener, number>,
): string {
  const own = ports[index]!
  const listeners = [...own.behindProxy].map(([name, port]) => `${name}://127.0.0.1:${port}`)
  const advertised = [...proxyPorts].map(([name, port]) => `${name}://${hostOf(name)}:${port}`)
  const size = ports.length
  const needed = size >= 3 ? 2 : 1
  const entries: [string, string | number | boolean][] = [
    ['process.roles', 'broker,controller'],
    ['node.id', index + 1],
    [
      'controller.quorum.voters',
      ports.map(({ controller }, at) => `${at + 1}@127.0.0.1:${controller}`).join(','),
    ],
    ['controller.listener.names', 'CONTROLLER'],
    ['inter.broker.listener.name', 'DIRECT'],
    [
      'listeners',
      [`DIRECT://127.0.0.1:${own.direct}`, ...listeners, `CONTROLLER://127.0.0.1:${own.controller}`].join(
        ',',
      ),
    ],
    ['advertised.listeners', [`DIRECT://127.0.0.1:${own.direct}`, ...advertised].join(',')],
    [
      'listener.security.protocol.map',
      `DIRECT:PLAINTEXT,PROXIED:${options.login === true ? 'SASL_PLAINTEXT' : 'PLAINTEXT'},MUTUAL:SSL,KERBEROS:SASL_PLAINTEXT,CONTROLLER:PLAINTEXT`,
    ],
    ['listener.name.proxied.sasl.enabled.mechanisms', 'SCRAM-SHA-512'],
    [
      'listener.name.proxied.scram-sha-512.sasl.jaas.config',
      'org.apache.kafka.common.security.scram.ScramLoginModule required;',
    ],
    ...mutualEntries(options.mutual),
    ...kerberosEntries(options.kerberos),
    ['log.dirs', `${directory}/data-${index + 1}`],
    ['auto.create.topics.enable', false],
    ['default.replication.factor', size],
    ['min.insync.replicas', needed],
    ['num.network.threads', 1],
    ['num.io.threads', 2],
    ['log.cleaner.threads', 1],
    ['log.cleaner.dedupe.buffer.size', 4194304],
    ['offsets.topic.num.partitions', 1],
    ['offsets.topic.replication.factor', size],
    ['transaction.state.log.replication.factor', size],
    ['transaction.state.log.min.isr', needed],
    ['share.coordinator.state.topic.replication.factor', size],
    ['share.coordinator.state.topic.min.isr', needed],
    ['replica.lag.time.max.ms', 4000],
    ['broker.session.timeout.ms', 3000],
    ['broker.heartbeat.interval.ms', 500],
    ['auto.leader.rebalance.enable', true],
    ['leader.imbalance.check.interval.seconds', 10],
  ]
  return entries.map(([key, value]) => `${key}=${value}\n`).join('')
}

function mutualEntries(mutual: ClusterOptions['mutual']): [string, string][] {
  if (mutual === undefined) return []
  const at = (name: string): string => `listener.name.mutual.ssl.${name}`
  return [
    [at('client.auth'), 'required'],
    [at('keystore.type'), 'PEM'],
    [at('keystore.location'), mutual.keystoreFile],
    [at('truststore.type'), 'PEM'],
    [at('truststore.location'), mutual.truststoreFile],
  ]
}

function kerberosEntries(login: KerberosLogin | undefined): [string, string][] {
  if (login === undefined) return []
  const { principal, keytabFile } = login
  const module = `com.sun.security.auth.module.Krb5LoginModule required useKeyTab=true storeKey=true isInitiator=false keyTab="${keytabFile}" principal="${principal}";`
  return [
    ['listener.name.kerberos.sasl.enabled.mechanisms', 'GSSAPI'],
    ['listener.name.kerberos.gssapi.sasl.jaas.config', module],
    ['listener.name.kerberos.sasl.kerberos.service.name', 'kafka'],
  ]
}
