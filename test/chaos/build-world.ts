import { appendFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { startCluster } from '../helpers/kafka/index.ts'
import { startKdc } from '../helpers/kdc.ts'
import { freePorts } from '../helpers/ports.ts'
import { kafkaAction, payload, TestServer } from '../helpers/server.ts'
import { makeSmallDisk } from '../helpers/small-disk.ts'
import { pathOf, ToxicProxy } from '../helpers/toxic-proxy.ts'
import { Certificates } from './certificates.ts'
import { faultOf, type Group, TICKET_LIFE, type World } from './faults.ts'
import { startLedger } from './ledger.ts'
import { type DeviceGroup } from './protocol.ts'
import { type RunOptions } from './run.ts'
import { SecretFiles } from './secret-files.ts'

const TOPIC = 'ledger'
const PARTITIONS = 4
const DEVICES = 12
const MORE_DEVICES = 4
const PRINCIPAL = 'gateway'
/** Room for the dead letters of half an hour, and little enough to fill. */
const DISK_BYTES = 128 * 1024 * 1024
const DEAD_RATE = 20

type Undo = (() => Promise<unknown>)[]
/** What the faults of a run need beside cluster, server and ledger. */
type Parts = Pick<World, 'secrets' | 'kdc' | 'certificates' | 'disk' | 'cluster'>

/** Starts everything that the faults of a run can reach; `undo` gets the steps that end it. */
export async function buildWorld(options: RunOptions, directory: string, undo: Undo): Promise<World> {
  const parts = await buildParts(options, directory, undo)
  const { secrets, certificates, disk } = parts
  const rules = (edit: number, producer: boolean): Record<string, object> => rulesOf(parts, edit, producer)
  const [securedPort] = await freePorts(1)
  const preload = fileURLToPath(new URL('./step-clock.mjs', import.meta.url))
  const { log } = options
  const server = await TestServer.start(
    rules(0, false),
    (port: number) => ({
      ack: options.ack,
      kafka: { extensions: ['PLAINTEXT', 'SASL_PLAINTEXT'] },
      mqtt: {
        listeners: [
          { port, anonymous: true },
          ...(certificates === undefined
            ? []
            : [{ port: securedPort, anonymous: true, tls: certificates.listener }]),
        ],
      },
      ...(secrets && { secrets: { cacheTime: '2s', directory: { path: secrets.directory } } }),
      ...(disk && { deadLetter: { directory: disk.directory } }),
    }),
    {
      env: { ...process.env, NODE_OPTIONS: `--import=${preload}` },
      onLine: (line) => log !== undefined && appendFileSync(log, `${line}\n`),
    },
  )
  undo.push(() => server.stop())
  const proxy = async (port: number): Promise<ToxicProxy> => {
    const started = await ToxicProxy.start({ port })
    undo.push(() => started.stop())
    return started
  }
  const plain = await proxy(server.port)
  const path = certificates && (await proxy(securedPort!))
  const secured = path && { port: securedPort!, path }
  const ledger = startLedger({
    file: join(directory, 'obligations'),
    groups: groupsOf(parts, options.rate, plain.port, path?.port),
    flapping: 100,
  })
  undo.push(() => ledger.end())
  const editRules = (edit: number, producer: boolean): void => {
    for (const [name, rule] of Object.entries(rules(edit, producer))) server.writeRule(name, rule)
  }
  return {
    ...{ ...parts, server, ledger, editRules, secured, topic: TOPIC, partitions: PARTITIONS },
    devicePath: path === undefined ? plain : pathOf([plain, path]),
  }
}

async function buildParts(options: RunOptions, directory: string, undo: Undo): Promise<Parts> {
  const groups = new Set(
    options.rounds.flatMap(({ faults }) => faults.map(({ name }) => faultOf(name).group)),
  )
  const has = (...names: Group[]): boolean => names.some((name) => groups.has(name))
  const kdc = has('kerberos', 'agent') ? await startKdc('CHAOS.TEST') : undefined
  undo.push(async () => kdc?.stop())
  const certificates = has('certificates') ? await Certificates.make(directory) : undefined
  const login = has('secrets')
  const cluster = await startCluster(options.brokers, {
    login,
    mutual: certificates?.mutual,
    kerberos: kdc && {
      principal: `kafka/localhost@${kdc.realm}`,
      keytabFile: await kdc.addPrincipal('kafka/localhost'),
      configuration: kdc.configuration,
    },
  })
  undo.push(() => cluster.stop())
  await cluster.createTopic(TOPIC, PARTITIONS)
  await cluster.createTopic('side', 1)
  const needed = login || kdc !== undefined || certificates !== undefined
  const secrets = needed ? new SecretFiles(directory, cluster) : undefined
  if (kdc !== undefined) {
    await kdc.addPrincipal(PRINCIPAL, ['-maxlife', `${TICKET_LIFE}sec`])
    secrets!.put('keytab', Buffer.from(await kdc.keytab(PRINCIPAL), 'base64'))
  }
  await certificates?.renewClient(secrets!)
  const disk = has('disk') ? await makeSmallDisk(join(directory, 'letters'), DISK_BYTES) : undefined
  undo.push(async () => disk?.remove())
  if (disk !== undefined) options.print(`a full disk: ${disk.kind}`)
  return { cluster, kdc, certificates, secrets, disk }
}

function groupsOf(
  { kdc, certificates, disk }: Parts,
  rate: number,
  port: number,
  securedPort: number | undefined,
): DeviceGroup[] {
  const more = { count: MORE_DEVICES, rate: (rate * MORE_DEVICES) / DEVICES }
  return [
    { name: 'device', count: DEVICES, rate, topic: 'ledger/x', port },
    ...(kdc === undefined ? [] : [{ ...more, name: 'kerberos', topic: 'kerberos/x', port }]),
    ...(certificates === undefined
      ? []
      : [{ ...more, name: 'secured', topic: 'secured/x', port: securedPort!, ca: certificates.ca }]),
    ...(disk === undefined
      ? []
      : [{ name: 'dead', count: MORE_DEVICES, rate: DEAD_RATE, topic: 'dead/x', port, dead: true }]),
  ]
}

function propertiesOf({ cluster, kdc, certificates }: Parts): Record<string, Record<string, string>> {
  const bootstrap = { 'bootstrap.servers': cluster.bootstrap('PROXIED') }
  const login = (key: string): string => `\${get_secret('login', 'SecretString', '${key}')}`
  const whole = (name: string): string => `\${get_secret('${name}', 'SecretBinary')}`
  return {
    plain: !cluster.login
      ? { ...bootstrap, 'security.protocol': 'PLAINTEXT' }
      : {
          ...{ ...bootstrap, 'security.protocol': 'SASL_PLAINTEXT', 'sasl.mechanism': 'SCRAM-SHA-512' },
          ...{ 'sasl.scram.username': login('user'), 'sasl.scram.password': login('password') },
        },
    ...(kdc && {
      kerberos: {
        'bootstrap.servers': cluster.bootstrap('KERBEROS'),
        ...{ 'security.protocol': 'SASL_PLAINTEXT', 'sasl.mechanism': 'GSSAPI' },
        'sasl.kerberos.service.name': 'kafka',
        'sasl.kerberos.krb5.kdc': kdc.address,
        'sasl.kerberos.krb5.realm': kdc.realm,
        'sasl.kerberos.principal': PRINCIPAL,
        'sasl.kerberos.keytab': whole('keytab'),
      },
    }),
    ...(certificates && {
      secured: {
        ...{ 'bootstrap.servers': cluster.bootstrap('MUTUAL'), 'security.protocol': 'SSL' },
        'ssl.truststore': certificates.ca,
        'ssl.keystore': whole('keystore'),
        'ssl.keystore.password': '',
      },
    }),
  }
}

/** The ledger's rules always match; the rule `side` comes, goes and changes. */
function rulesOf(parts: Parts, edit: number, producer: boolean): Record<string, object> {
  const { plain, ...others } = propertiesOf(parts)
  const compression = { 'compression.type': ['none', 'lz4', 'gzip'][edit % 3]! }
  const more = { key: '${clientid()}', headers: [{ key: 'edit', value: String(edit) }] }
  const forward = (filter: string, base: Record<string, string>): object => {
    const properties = producer ? { ...base, ...compression } : base
    return payload(`SELECT * FROM '${filter}/#'`, kafkaAction({ topic: TOPIC, properties, more }))
  }
  const side = kafkaAction({ topic: 'side', properties: plain!, more: { key: '${n}' } })
  const undeliverable = kafkaAction({ topic: '${nothing}', properties: plain! })
  return {
    ledger: forward('ledger', plain!),
    side: {
      ...payload(`SELECT n FROM 'ledger/#' WHERE n % 10 = ${edit % 10}`, side),
      ruleDisabled: edit % 2 === 1,
    },
    ...Object.fromEntries(Object.entries(others).map(([name, base]) => [name, forward(name, base)])),
    ...(parts.disk && { dead: payload("SELECT * FROM 'dead/#'", undeliverable) }),
  }
}
