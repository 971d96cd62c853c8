import mqtt, { type MqttClient } from 'mqtt'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { access, kcat, startKafka, type Kafka } from '../helpers/kafka/index.ts'
import { LedgerPublisher } from '../helpers/ledger-publisher.ts'
import { killAllProcesses } from '../helpers/process.ts'
import { kafkaAction, payload, TestServer } from '../helpers/server.ts'

let main: Kafka
let spare: Kafka
let server: TestServer | undefined
const ends: (() => Promise<unknown>)[] = []
beforeAll(async () => {
  main = await startKafka()
  spare = await startKafka()
}, 300_000)
afterEach(async () => {
  main.resume()
  spare.resume()
  await Promise.all(ends.splice(0).map((end) => end()))
  await server?.stop()
})
afterAll(async () => {
  await main.stop()
  await spare.stop()
  await killAllProcesses()
})

const properties = (kafka: Kafka): Record<string, string> => ({
  'bootstrap.servers': kafka.bootstrap.plaintext,
  'security.protocol': 'PLAINTEXT',
})

async function prepare(topic: string): Promise<{ client: MqttClient; closes: () => number }> {
  await main.createTopic(topic, 1)
  await spare.createTopic(`${topic}-errors`, 1)
  const action = kafkaAction({ topic, properties: properties(main) })
  const errorAction = kafkaAction({ topic: `${topic}-errors`, properties: properties(spare) })
  server = await TestServer.start(
    { outage: { ...payload("SELECT n FROM 'out/#'", action), errorAction } },
    { kafka: { extensions: ['PLAINTEXT'], deliveryTimeout: '3s' } },
  )
  const client = await mqtt.connectAsync(server.url, {
    ...{ clientId: topic, clean: false, reconnectPeriod: 200, protocolVersion: 4 },
  })
  let closed = 0
  client.on('close', () => (closed += 1))
  ends.push(() => client.endAsync(true))
  expect(await publish(client, 0)).toBeLessThan(3_000)
  return { client, closes: () => closed }
}

/** Milliseconds until it is acknowledged. */
async function publish(client: MqttClient, n: number): Promise<number> {
  const began = performance.now()
  await client.publishAsync('out/x', `{"n":${n}}`, { qos: 1 })
  return performance.now() - began
}

async function numbers(kafka: Kafka, topic: string): Promise<number[]> {
  const records = await kcat(access(kafka, 'PLAINTEXT'), topic)
  return records.map(({ value }) => (JSON.parse(value!) as { n: number }).n)
}

describe('a broker that hangs', () => {
  it('costs a message of a rule with an error action the delivery timeout: the error action takes it', async () => {
    const { client, closes } = await prepare('hangs')
    main.suspend()
    const waited = await Promise.all([1, 2, 3].map((n) => publish(client, n)))
    for (const each of waited) {
      expect(each).toBeGreaterThan(2_900)
      expect(each).toBeLessThan(6_000)
    }
    expect(closes()).toBe(0)
    const errors = await kcat(access(spare, 'PLAINTEXT'), 'hangs-errors')
    const documents = errors.map(({ value }) => JSON.parse(value!) as Record<string, unknown>)
    const payloads = documents.map(({ base64OriginalPayload }) =>
      Buffer.from(base64OriginalPayload as string, 'base64').toString(),
    )
    expect(payloads).toEqual(['{"n":1}', '{"n":2}', '{"n":3}'])
    expect(documents[0]).toMatchObject({
      ruleName: 'outage',
      failures: [{ failedAction: 'kafka[0]', failedResource: 'hangs' }],
    })
    const health = `http://127.0.0.1:${server!.metricsPort}/health/ready`
    await expect.poll(async () => (await fetch(health)).text(), { timeout: 20_000 }).toMatch(/hanging/)
    main.resume()
    expect(await publish(client, 4)).toBeLessThan(10_000)
    const there = await numbers(main, 'hangs')
    expect([...new Set(there)].filter((n) => n === 0 || n === 4)).toEqual([0, 4])
    await expect.poll(async () => (await fetch(health)).text(), { timeout: 10_000 }).toBe('ready\n')
    expect(await server!.metrics()).toContain('topicrule_kafka_records_timed_out_total 3\n')
  })

  it('with the broker of the error action withholds the message: the device sends it until one is back', async () => {
    const { client, closes } = await prepare('both')
    main.suspend()
    spare.suspend()
    const acknowledged = Promise.all([1, 2].map((n) => publish(client, n)))
    await expect.poll(closes, { timeout: 20_000 }).toBeGreaterThan(0)
    main.resume()
    spare.resume()
    await acknowledged
    expect(new Set(await numbers(main, 'both'))).toEqual(new Set([0, 1, 2]))
  })
})

it('records of a device stay in PUBLISH order while the client properties of its rule change', async () => {
  await main.createTopic('reloads', 4)
  const rule = (compression: string): object =>
    payload(
      "SELECT n, clientid() AS device FROM 'ledger/#'",
      kafkaAction({
        topic: 'reloads',
        properties: { ...properties(main), 'compression.type': compression },
        more: { key: '${clientid()}' },
      }),
    )
  server = await TestServer.start({ ledger: rule('none') })
  const publishers = [4, 5].map(
    (version) => new LedgerPublisher(server!.url, `device-${version}`, 'ledger/x', version as 4 | 5),
  )
  for (const publisher of publishers) ends.push(() => publisher.end())
  for (const publisher of publishers) publisher.start(500)
  for (const compression of ['gzip', 'none', 'lz4', 'gzip', 'none', 'snappy', 'none', 'zstd']) {
    const lines = server.process!.stderr.length
    server.writeRule('ledger', rule(compression))
    await expect
      .poll(() => server!.process!.stderr.slice(lines).some((line) => line.includes('rules.loaded')))
      .toBe(true)
    await Promise.all(publishers.map((publisher) => publisher.atLeast(publisher.published + 300)))
  }
  for (const publisher of publishers) publisher.stop()
  await Promise.all(publishers.map((publisher) => publisher.allAcknowledged(30_000)))
  // Should the machine pause, MQTT.js sends more than the server's Receive Maximum, and all of it again: first ones count.
  const stored = new Map<string, number[]>([
    ['device-4', []],
    ['device-5', []],
  ])
  for (const { value } of await kcat(access(main, 'PLAINTEXT'), 'reloads')) {
    const { n, device } = JSON.parse(value!) as { n: number; device: string }
    stored.get(device)!.push(n)
  }
  for (const [index, { published }] of publishers.entries())
    expect(runs([...new Set(stored.get(`device-${[4, 5][index]}`))])).toEqual([[0, published - 1]])
})

/** Consecutive numbers as first and last, so that a fault is short to read. */
function runs(list: readonly number[]): number[][] {
  const found: number[][] = []
  for (const n of list) {
    const last = found.at(-1)
    if (last !== undefined && last[1] === n - 1) last[1] = n
    else found.push([n, n])
  }
  return found
}
