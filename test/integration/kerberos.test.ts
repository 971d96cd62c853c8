import { readdirSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { connectAsync } from 'mqtt'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { createDelivery, type KafkaDelivery } from '../../src/deliver/index.ts'
import { awsPolicy, type KafkaTarget, resolveTarget } from '../../src/deliver/specs.ts'
import { deliver, record, until } from '../deliver/helpers.ts'
import { startKdc, type Kdc } from '../helpers/kdc.ts'
import { access, grantWrite, kcat, startKafka, type Kafka } from '../helpers/kafka/index.ts'
import { commandOf, producerProcesses } from '../helpers/producer-processes.ts'
import { killAllProcesses } from '../helpers/process.ts'
import { freePorts } from '../helpers/ports.ts'
import { kafkaAction, payload, TestServer } from '../helpers/server.ts'

interface Realm {
  readonly kdc: Kdc
  readonly kafka: Kafka
}

async function startRealm(name: string): Promise<Realm> {
  const kdc = await startKdc(name)
  const keytabFile = await kdc.addPrincipal('kafka/localhost')
  for (const user of ['alice', 'bob', 'gateway/edge-1']) await kdc.addPrincipal(user)
  const kafka = await startKafka({
    kerberos: {
      ...{ principal: `kafka/localhost@${name}`, keytabFile, configuration: kdc.configuration },
    },
  })
  await kafka.createTopic('readings')
  return { kdc, kafka }
}

let a: Realm
let b: Realm
beforeAll(async () => {
  ;[a, b] = await Promise.all([startRealm('A.TEST'), startRealm('B.TEST')])
}, 300_000)
afterAll(async () => {
  for (const { kdc, kafka } of [a, b]) {
    await kafka.stop()
    await kdc.stop()
  }
  await killAllProcesses()
})

const faults: string[] = []
let delivery: KafkaDelivery
function start(): KafkaDelivery {
  faults.length = 0
  delivery = createDelivery({
    maxProducers: 20,
    idleTimeout: 600_000,
    onFault: (_, message) => faults.push(message),
  })
  return delivery
}
afterEach(async () => {
  await delivery.close()
})

async function properties(
  { kdc, kafka }: Realm,
  principal: string,
  more: Readonly<Record<string, string>> = {},
): Promise<Record<string, string>> {
  return {
    acks: 'all',
    'bootstrap.servers': kafka.bootstrap.kerberos,
    'security.protocol': 'SASL_SSL',
    'ssl.truststore': kafka.ca,
    'sasl.mechanism': 'GSSAPI',
    'sasl.kerberos.service.name': 'kafka',
    'sasl.kerberos.krb5.kdc': kdc.address,
    'sasl.kerberos.krb5.realm': kdc.realm,
    'sasl.kerberos.principal': principal,
    'sasl.kerberos.keytab': await kdc.keytab(principal.replace(/@.*/, '')),
    ...more,
  }
}

function target(given: Readonly<Record<string, string>>): KafkaTarget {
  const result = resolveTarget(given, awsPolicy)
  if (!result.ok) throw new Error(JSON.stringify(result.diagnostics))
  return result.target
}

const agents = (parent = process.pid): number[] => producerProcesses(parent)

function privateDirectories(): string[] {
  return readdirSync(tmpdir()).filter((name) => name.startsWith(`topicrule-private-${process.pid}-`))
}

describe('GSSAPI', () => {
  it('delivers to clusters of two realms and by two principals of one realm at once', async () => {
    const pool = start()
    await a.kafka.createTopic('only-bob')
    await grantWrite(a.kafka, 'only-bob', 'bob.A.TEST')
    const alice = pool.open(target(await properties(a, 'alice')))
    const bob = pool.open(target(await properties(a, 'bob@A.TEST')))
    const other = pool.open(target(await properties(b, 'gateway/edge-1')))
    const values = Array.from({ length: 200 }, (_, index) => `v-${index}`)
    const sent = values.flatMap((value) => [
      deliver(alice, record({ value: Buffer.from(`alice ${value}`) })),
      deliver(other, record({ value: Buffer.from(`other ${value}`), key: 'k', headers: [['h', 'x']] })),
      deliver(bob, record({ topic: 'only-bob', value: Buffer.from(`bob ${value}`) })),
    ])
    const refused = await deliver(alice, record({ topic: 'only-bob' }))
    expect(await Promise.all(sent)).toEqual(sent.map(() => undefined))
    expect(refused?.code).toBe('KAFKA_NOT_AUTHORIZED')
    expect(agents()).toHaveLength(3)
    const read = async ({ kafka }: Realm, topic: string): Promise<unknown> =>
      (await kcat(access(kafka, 'PLAINTEXT'), topic)).map(({ value }) => value)
    expect(await read(a, 'readings')).toEqual(values.map((value) => `alice ${value}`))
    expect(await read(b, 'readings')).toEqual(values.map((value) => `other ${value}`))
    expect(await read(a, 'only-bob')).toEqual(values.map((value) => `bob ${value}`))
  }, 120_000)

  it('keeps the keytab in a private directory that goes with the producer', async () => {
    const pool = start()
    const sender = pool.open(target(await properties(a, 'alice')))
    expect(await deliver(sender, record())).toBeUndefined()
    const [directory, ...more] = privateDirectories()
    expect(more).toEqual([])
    const path = join(tmpdir(), directory!)
    expect(statSync(path).mode & 0o777).toBe(0o700)
    for (const file of readdirSync(path)) expect(statSync(join(path, file)).mode & 0o077).toBe(0)
    await pool.close()
    expect(privateDirectories()).toEqual([])
    await until(() => agents().length === 0, 'the agent ended')
  }, 60_000)

  it('sends again in order what a killed agent had not confirmed', async () => {
    const pool = start()
    await a.kafka.createTopic('killed')
    const sender = pool.open(target(await properties(a, 'alice')))
    expect(await deliver(sender, record({ topic: 'killed', value: Buffer.from('first') }))).toBeUndefined()
    a.kafka.suspend()
    const sent = Array.from({ length: 500 }, (_, index) =>
      deliver(sender, record({ topic: 'killed', value: Buffer.from(`${index}`) })),
    )
    const [agent] = agents()
    process.kill(agent!, 'SIGKILL')
    await until(() => agents().some((pid) => pid !== agent), 'a new agent')
    a.kafka.resume()
    expect(await Promise.all(sent)).toEqual(sent.map(() => undefined))
    const read = (await kcat(access(a.kafka, 'PLAINTEXT'), 'killed')).map(({ value }) => value)
    // What the killed agent had sent already may be there twice; the first of each are in order.
    expect([...new Set(read)]).toEqual(['first', ...sent.map((_, index) => `${index}`)])
  }, 120_000)

  it('fetches the next ticket before one ends', async () => {
    const pool = start()
    await a.kdc.addPrincipal('brief', ['-maxlife', '4sec'])
    const sender = pool.open(target(await properties(a, 'brief')))
    expect(await deliver(sender, record())).toBeUndefined()
    const [directory] = privateDirectories()
    const cache = join(tmpdir(), directory!, 'cache')
    const first = statSync(cache).mtimeMs
    await until(() => statSync(cache).mtimeMs > first + 4_000, 'tickets beyond the life of the first', 20_000)
    // New connections need the ticket; what is connected already does not.
    await a.kafka.restart()
    expect(await deliver(sender, record())).toBeUndefined()
  }, 120_000)

  it('names the cause where Kerberos gives no ticket', async () => {
    const pool = start()
    const alice = await properties(a, 'alice')
    await a.kdc.addPrincipal('gone')
    const gone = await properties(a, 'gone')
    await a.kdc.removePrincipal('gone')
    await a.kdc.addPrincipal('stale')
    const stale = await properties(a, 'stale')
    await a.kdc.rotateKey('stale')
    const failure = async (given: Record<string, string>): Promise<unknown> => {
      const settled = await deliver(pool.open(target(given)), record())
      return [settled?.code, settled?.class]
    }
    expect(await failure(gone)).toEqual(['KAFKA_KERBEROS_PRINCIPAL', 'rule'])
    expect(await failure(stale)).toEqual(['KAFKA_KERBEROS_KEYTAB', 'rule'])
    expect(await failure({ ...alice, 'sasl.kerberos.service.name': 'nobody' })).toEqual([
      'KAFKA_AUTHENTICATION',
      'rule',
    ])
    expect(faults.join('\n')).toContain('Server nobody/localhost@A.TEST not found in Kerberos database')
  }, 60_000)

  it('holds records while no key distribution center answers, and delivers when one does', async () => {
    const pool = start()
    await a.kdc.halt()
    const sender = pool.open(target(await properties(a, 'alice')))
    const sent = deliver(sender, record())
    await until(() => faults.length > 0, 'the fault is told')
    expect(faults[0]).toContain('no key distribution center in sasl.kerberos.krb5.kdc can be reached')
    await a.kdc.start()
    expect(await sent).toBeUndefined()
  }, 60_000)

  it('names the clocks where the ticket is not valid yet', async () => {
    const pool = start()
    await a.kdc.halt()
    await a.kdc.start('+3h')
    const sender = pool.open(target(await properties(a, 'alice')))
    let settled = false
    const sent = deliver(sender, record()).finally(() => (settled = true))
    await until(() => faults.some((fault) => fault.includes('180 minutes ahead')), 'the clocks are named')
    await a.kdc.halt()
    await a.kdc.start()
    expect(settled).toBe(false)
    await pool.close()
    expect((await sent)?.class).toBe('environment')
  }, 60_000)

  it('leaves no agent and no keytab behind when the server is killed', async () => {
    const given = { ...(await properties(a, 'alice')) }
    const server = await TestServer.start({
      kerberos: payload("SELECT * FROM 'k'", kafkaAction({ topic: 'readings', properties: given })),
    })
    const client = await connectAsync(server.url, { clientId: 'k', reconnectPeriod: 0 })
    await client.publishAsync('k', '{}', { qos: 1 })
    await client.endAsync()
    const owner = server.process!.pid
    const ours = (): string[] =>
      readdirSync(tmpdir()).filter((name) => name.startsWith(`topicrule-private-${owner}-`))
    expect([ours().length, agents(owner).length]).toEqual([1, 1])
    const [agent] = agents(owner)
    await server.process!.kill9()
    await until(() => commandOf(agent!) === '' && ours().length === 0, 'the agent is gone with its files')
    await server.stop()
  }, 60_000)

  it('asks the next key distribution center where the first is away', async () => {
    const pool = start()
    const [nobody] = await freePorts(1)
    const given = await properties(a, 'alice')
    const kdcs = `127.0.0.1:${nobody}, ${a.kdc.address}`
    const sender = pool.open(target({ ...given, 'sasl.kerberos.krb5.kdc': kdcs }))
    expect(await deliver(sender, record())).toBeUndefined()
  }, 60_000)
})
