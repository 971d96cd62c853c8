import { appendFileSync } from 'node:fs'
import { copyFile, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { freePorts } from '../ports.ts'
import { runProcess, startProcess, type RunningProcess } from '../process.ts'
import { type Certificate, makeAuthority } from '../tls.ts'
import { createTopic } from './admin.ts'
import { javaArguments } from './java.ts'
import {
  advertisedHost,
  listenersOf,
  scramArguments,
  serverProperties,
  type BrokerLayout,
  type KafkaAddress,
  type KerberosLogin,
  type ListenerKey,
  type OidcTrust,
} from './properties.ts'

/** A real Apache Kafka broker (KRaft, one node, replication 1) with a listener for every way of connecting. */
export interface Kafka extends KafkaAddress {
  createTopic(name: string, partitions?: number, config?: Readonly<Record<string, string>>): Promise<void>
  /** Ends the broker and removes its data. */
  stop(): Promise<void>
  /** SIGKILL. The page cache survives, so what was acknowledged is there after `restart`. */
  kill9(): Promise<void>
  /** SIGSTOP and SIGCONT: connections stay open and nothing answers. */
  suspend(): void
  resume(): void
  /**
   * What the listeners with the usual certificate show from the next start on: that one, an expired one, or a new one
   * of the same authority.
   */
  setCertificate(which: 'usual' | 'expired' | 'renewed'): Promise<void>
  /** Starts the broker again on the same ports and data, after `kill9` or from a running state. */
  restart(): Promise<void>
}

export interface KafkaOptions {
  /** Topics that do not exist are created when a client asks for them. Off unless said. */
  readonly autoCreateTopics?: boolean
  /** Adds the listener `kerberos`. */
  readonly kerberos?: KerberosLogin
  /** Adds the listener `oidc`. */
  readonly oidc?: OidcTrust
  /** The name under which it advertises every listener but `plaintext`, and of its certificates; `localhost` unless said. */
  readonly host?: string
}

const START_TIMEOUT = 120_000

/** Formats and starts a broker; ready when it resolves (3 to 6 s, plus the download of the jars the first time). */
export async function startKafka(options: KafkaOptions = {}): Promise<Kafka> {
  const jars = await kafkaJars()
  const directory = await mkdtemp(join(tmpdir(), 'topicrule-kafka-'))
  const { layout, address, certificates } = await prepare(directory, jars, options)
  const properties = join(directory, 'server.properties')
  await writeFile(properties, serverProperties(layout))
  await format(jars, properties, layout.users)
  const java = [
    ...(options.kerberos === undefined
      ? []
      : [`-Djava.security.krb5.conf=${options.kerberos.configuration}`]),
    ...(options.oidc === undefined
      ? []
      : [`-Dorg.apache.kafka.sasl.oauthbearer.allowed.urls=file://${options.oidc.keysFile}`]),
  ]
  let broker = await start(address, properties, java)
  return {
    ...address,
    createTopic: (name, partitions, config) => createTopic(address, name, partitions, config),
    async stop() {
      await broker.kill9()
      await rm(directory, { recursive: true, force: true })
    },
    async kill9() {
      await broker.kill9()
    },
    suspend: () => broker.signal('SIGSTOP'),
    resume: () => broker.signal('SIGCONT'),
    setCertificate: (which) => copyFile(certificates[which], layout.keystore),
    async restart() {
      await broker.kill9()
      broker = await start(address, properties, java)
    },
  }
}

async function prepare(
  directory: string,
  jars: string,
  options: KafkaOptions,
): Promise<{
  layout: BrokerLayout
  address: KafkaAddress
  /** Keystores that the broker can be given. */
  certificates: Record<'usual' | 'expired' | 'renewed', string>
}> {
  const tls = join(directory, 'tls')
  const [authority, foreign] = [await makeAuthority(tls), await makeAuthority(join(directory, 'foreign'))]
  const client = await authority.issue('client', 'device-gateway')
  const between = await authority.intermediate('between', 'topicrule test intermediate')
  const chained = await between.issue('chained', 'chained-gateway', [], { rsa: true })
  const { host = 'localhost' } = options
  const own = host === 'localhost' ? ['DNS:localhost', 'IP:127.0.0.1'] : [`DNS:${host}`]
  const day = 86_400_000
  const leaves: Partial<Record<ListenerKey | 'broker' | 'renewed', Certificate>> = {
    broker: await authority.issue('broker', host, own),
    renewed: await authority.issue('renewed', host, own),
    badHost: await authority.issue('bad-host', 'other.example', ['DNS:other.example']),
    expired: await authority.issue('expired', host, own, {
      from: new Date(Date.now() - 20 * day),
      to: new Date(Date.now() - 10 * day),
    }),
    early: await authority.issue('early', host, own, {
      from: new Date(Date.now() + 5 * day),
      to: new Date(Date.now() + 20 * day),
    }),
  }
  const keystores: Record<string, string> = {}
  for (const [name, leaf] of Object.entries(leaves)) {
    keystores[name] = join(tls, `${name}-keystore.pem`)
    await writeFile(keystores[name], leaf.key + leaf.cert + authority.ca, { mode: 0o600 })
  }
  const { broker: keystore, renewed, ...special } = keystores
  const usual = join(tls, 'usual-keystore.pem')
  await copyFile(keystore!, usual)

  const listeners = listenersOf(options)
  const keys = [...listeners, 'controller'] as const
  const free = await freePorts(keys.length)
  const ports = Object.fromEntries(keys.map((key, i) => [key, free[i]])) as BrokerLayout['ports']
  const users = { admin: 'admin-secret', alice: 'alice-secret' }
  const bootstrap = Object.fromEntries(
    listeners.map((key) => [key, `${advertisedHost(key, host)}:${ports[key]}`]),
  )
  return {
    certificates: { usual, expired: special['expired']!, renewed: renewed! },
    layout: {
      ...{
        directory,
        host,
        ports,
        users,
        keystore: keystore!,
        keystores: special,
        truststore: authority.caFile,
      },
      autoCreateTopics: options.autoCreateTopics ?? false,
      kerberos: options.kerberos,
      oidc: options.oidc,
    },
    address: {
      bootstrap: bootstrap as Record<ListenerKey, string>,
      ...{ ca: authority.ca, caFile: authority.caFile, foreignCa: foreign.ca },
      chained: { key: chained.key, chain: [chained.cert, between.ca, authority.ca] },
      ...{ client, users, jars, logFile: join(directory, 'broker.log') },
    },
  }
}

/** Directory of Kafka's jars, fetched by Maven the first time. */
export async function kafkaJars(): Promise<string> {
  const script = fileURLToPath(new URL('../../../scripts/kafka-jars.mjs', import.meta.url))
  const { stdout } = await runProcess(process.execPath, [script], { timeout: 600_000 })
  return stdout.at(-1)!
}

async function format(jars: string, properties: string, users: KafkaAddress['users']): Promise<void> {
  const id = Buffer.from(crypto.randomUUID().replaceAll('-', ''), 'hex').toString('base64url')
  const args = ['format', '--standalone', `--cluster-id=${id}`, '-c', properties, ...scramArguments(users)]
  await runProcess('java', javaArguments(jars, 'kafka.tools.StorageTool', args), { timeout: START_TIMEOUT })
}

async function start(
  address: KafkaAddress,
  properties: string,
  java: readonly string[],
): Promise<RunningProcess> {
  const broker = startProcess(
    'java',
    [...java, ...javaArguments(address.jars, 'kafka.Kafka', [properties])],
    {
      onLine: (line) => appendFileSync(address.logFile, `${line}\n`),
    },
  )
  await broker.line(/Kafka Server started/, START_TIMEOUT)
  return broker
}
