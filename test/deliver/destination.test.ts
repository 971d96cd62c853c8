import { afterEach, describe, expect, it } from 'vitest'
import { createDelivery, type KafkaDelivery, startEmbeddedKafka } from '../../src/deliver/index.ts'
import { type Lookup } from '../../src/deliver/kafka/destination/index.ts'
import { type Entry } from '../../src/deliver/kafka/outstanding.ts'
import {
  awsPolicy,
  type DestinationRules,
  EgressPolicy,
  type KafkaTarget,
  resolveTarget,
} from '../../src/deliver/specs.ts'
import { deliver, record, until } from './helpers.ts'
import { type ScriptedHandle, scriptedFactory } from './scripted-native.ts'

const ARN = 'arn:aws:iot:eu-west-1:123456789012:ruledestination/vpc/one'

function target(servers: string, rules?: DestinationRules): KafkaTarget {
  const destinations = rules && new Map([[ARN, new EgressPolicy(rules)]])
  const properties = { 'bootstrap.servers': servers, 'security.protocol': 'PLAINTEXT', acks: 'all' }
  const result = resolveTarget(properties, { ...awsPolicy, extensions: ['PLAINTEXT'], destinations }, ARN)
  if (!result.ok) throw new Error(JSON.stringify(result.diagnostics))
  return result.target
}

let delivery: KafkaDelivery
const faults: [string | undefined, string][] = []
afterEach(async () => {
  await delivery.close()
  faults.length = 0
})

function scripted(lookup: Lookup): ScriptedHandle<Entry>[] {
  const { handles, factory } = scriptedFactory<Entry>()
  const onFault = (_servers: string, message: string, code?: string): unknown => faults.push([code, message])
  delivery = createDelivery({ maxProducers: 4, idleTimeout: 60_000, factory, lookup, onFault })
  return handles
}

const names =
  (table: Record<string, readonly string[]>): Lookup =>
  (host) =>
    table[host] === undefined
      ? Promise.reject(Object.assign(new Error('not found'), { code: 'ENOTFOUND' }))
      : Promise.resolve(table[host])

/** Statistics of librdkafka as far as they matter here. */
function statistics(...brokers: readonly string[]): string {
  const shown = brokers.map(
    (name, node) =>
      `"${name}/${node}": { "name":"${name}/${node}", "nodeid":${node}, "nodename":"${name}", "state":"UP"}`,
  )
  return `{ "name": "x", "brokers":{ ${shown.join(',')} }, "topics":{} }`
}

describe('a producer', () => {
  it('is not opened where one address of a bootstrap name is refused', async () => {
    const handles = scripted(names({ kafka: ['10.0.0.1', '169.254.169.254'] }))
    const failure = await deliver(delivery.open(target('kafka:9092')), record())
    expect(failure).toMatchObject({
      code: 'KAFKA_DESTINATION_FORBIDS',
      class: 'rule',
      resource: 'kafka:9092',
    })
    expect(failure!.message).toContain('169.254.169.254 is refused: it is a metadata address of clouds')
    expect(handles).toHaveLength(0)
    expect(faults.map(([code]) => code)).toEqual(['KAFKA_DESTINATION_FORBIDS'])
  })

  it('waits for a name that has no address yet, and keeps the records', async () => {
    const table: Record<string, readonly string[]> = {}
    const handles = scripted((host) => names(table)(host))
    const outcome = deliver(delivery.open(target('kafka:9092')), record())
    await until(() => faults.length === 1, 'told')
    expect(faults[0]).toEqual([
      'KAFKA_DELIVERY_FAILED',
      expect.stringContaining('kafka has no address (ENOTFOUND)'),
    ])
    expect(handles).toHaveLength(0)
    table['kafka'] = ['10.0.0.1']
    await until(() => handles[0]?.produced.length === 1, 'produced')
    handles[0]!.report(0)
    expect(await outcome).toBeUndefined()
  })

  it('under a policy gets no record before the cluster has told its brokers', async () => {
    const handles = scripted(names({ kafka: ['10.0.0.1'], 'b-1.kafka': ['10.0.0.2'] }))
    const outcome = deliver(delivery.open(target('kafka:9092', { networks: ['10.0.0.0/24'] })), record())
    await until(() => handles.length === 1, 'asked')
    handles[0]!.event('stats', statistics())
    expect(handles).toHaveLength(1)
    handles[0]!.event('stats', statistics('b-1.kafka:9092'))
    await until(() => handles[1]?.produced.length === 1, 'produced')
    expect(handles[0]).toMatchObject({ produced: [], disconnected: true })
    handles[1]!.report(0)
    expect(await outcome).toBeUndefined()
  })

  it.each([
    ['a name that resolves outside', 'b-1.kafka:9092', '10.9.0.2 is not in 10.0.0.0/24'],
    ['an address', '10.9.0.3:9092', '10.9.0.3 is not in 10.0.0.0/24'],
    ['a port', '10.0.0.2:22', 'the port 22 is not among 9092'],
    ['a name with a quote in it', 'a","nodeid":-1,"nodename":"10.0.0.2:9092', 'is no name of a host'],
  ])('fails its records where the cluster advertises %s', async (_, broker, reason) => {
    const handles = scripted(names({ kafka: ['10.0.0.1'], 'b-1.kafka': ['10.9.0.2'] }))
    const egress = { networks: ['10.0.0.0/24'], ports: [9092] }
    const outcome = deliver(delivery.open(target('kafka:9092', egress)), record())
    await until(() => handles.length === 1, 'asked')
    handles[0]!.event('stats', statistics('10.0.0.1:9092', broker))
    const failure = await outcome
    expect(failure).toMatchObject({ code: 'KAFKA_DESTINATION_FORBIDS', class: 'rule' })
    expect(failure!.message).toContain(reason)
    expect(handles[0]).toMatchObject({ produced: [], disconnected: true })
    expect(delivery.health()[0]).toMatchObject({ state: 'refused', lastFault: failure!.message })
  })

  it('that delivered is closed by the fault of the environment when a broker outside of the policy joins', async () => {
    const handles = scripted(names({}))
    const sender = delivery.open(target('10.0.0.1:9092'))
    const first = deliver(sender, record())
    await until(() => handles[0]?.produced.length === 1, 'produced')
    handles[0]!.report(0)
    expect(await first).toBeUndefined()
    const second = deliver(sender, record())
    handles[0]!.event('stats', statistics('10.0.0.1:9092', '169.254.169.254:80'))
    expect(await second).toMatchObject({ code: 'KAFKA_DESTINATION_FORBIDS', class: 'environment' })
    expect(handles[0]!.disconnected).toBe(true)
  })

  it('opens again once the cluster advertises what the policy lets through', async () => {
    const handles = scripted(names({}))
    const sender = delivery.open(target('10.0.0.1:9092', { ports: [9092] }))
    const outcome = deliver(sender, record())
    handles[0]!.event('stats', statistics('10.0.0.1:9093'))
    expect(await outcome).toMatchObject({ code: 'KAFKA_DESTINATION_FORBIDS' })
    await until(() => handles.length === 2, 'asked again')
    handles[1]!.event('stats', statistics('10.0.0.1:9092'))
    const again = deliver(sender, record())
    await until(() => handles[2]?.produced.length === 1, 'produced')
    handles[2]!.report(0)
    expect(await again).toBeUndefined()
  })

  it('is shared under equal policies, and not under others', () => {
    const handles = scripted(names({}))
    for (const ports of [[9092], [9092], [9092, 9093]]) delivery.open(target('10.0.0.1:9092', { ports }))
    expect(handles).toHaveLength(2)
  })
})

describe('a real cluster', () => {
  it('is delivered to where the policy names its brokers, and refused where it names only the bootstrap', async () => {
    const kafka = await startEmbeddedKafka()
    const port = Number(kafka.bootstrap.split(':')[1])
    delivery = createDelivery({ maxProducers: 4, idleTimeout: 60_000 })
    // The cluster advertises 127.0.0.1.
    const servers = `localhost:${port}`
    const allowed = target(servers, {
      hosts: ['localhost', '127.0.0.1'],
      ports: [port],
      networks: ['127.0.0.0/8', '::1'],
    })
    expect(await deliver(delivery.open(allowed), record())).toBeUndefined()
    const failure = await deliver(delivery.open(target(servers, { hosts: ['localhost'] })), record())
    expect(failure).toMatchObject({ code: 'KAFKA_DESTINATION_FORBIDS', class: 'rule' })
    expect(failure!.message).toContain(`127.0.0.1:${port} be reached (hosts)`)
    await kafka.close()
  })
})
