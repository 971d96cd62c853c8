import mqtt, { type MqttClient } from 'mqtt'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { access, kcat, startKafka, type Kafka } from '../helpers/kafka/index.ts'
import { faultsOfOrder, LedgerPublisher } from '../helpers/ledger-publisher.ts'
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
      // Well before the default of a minute.
      expect(each).toBeLessThan(30_000)
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
    await expect
      .poll(async () => (await fetch(health)).text(), { timeout: 30_000 })
      .toMatch(/^ready\n(?!.*hanging)/s)
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

describe('the delivery timeout of a republished message', () => {
  const roleArn = 'arn:aws:iam::000000000000:role/republish'
  const to = (kafka: Kafka, topic: string): object => kafkaAction({ topic, properties: properties(kafka) })
  const first = (more: object): object => ({
    ...payload("SELECT n FROM 'out/+'", { republish: { roleArn, topic: 'next/x' } }),
    ...more,
  })

  async function start(topic: string, next: object): Promise<MqttClient> {
    await main.createTopic(topic, 1)
    await spare.createTopic(`${topic}-errors`, 1)
    await spare.createTopic(`${topic}-first-errors`, 1)
    const errorAction = to(spare, `${topic}-first-errors`)
    server = await TestServer.start(
      {
        first: first({ errorAction }),
        next: { ...payload("SELECT n FROM 'next/x'", to(main, topic)), ...next },
      },
      {
        kafka: { extensions: ['PLAINTEXT'], deliveryTimeout: '3s' },
        deadLetter: { directory: 'dead-letters' },
      },
    )
    const client = await mqtt.connectAsync(server.url, { clientId: topic, clean: false })
    ends.push(() => client.endAsync(true))
    expect(await publish(client, 0)).toBeLessThan(3_000)
    main.suspend()
    return client
  }

  it('is that of the rule which takes it: its error action ends both', async () => {
    const client = await start('taker', { errorAction: to(spare, 'taker-errors') })
    const waited = await publish(client, 1)
    expect(waited).toBeGreaterThan(2_900)
    expect(waited).toBeLessThan(8_000)
    const errors = await kcat(access(spare, 'PLAINTEXT'), 'taker-errors')
    expect(errors.map(({ value }) => (JSON.parse(value!) as { ruleName: string }).ruleName)).toEqual(['next'])
    expect(await kcat(access(spare, 'PLAINTEXT'), 'taker-first-errors')).toEqual([])
    expect(await server!.metrics()).not.toMatch(/topicrule_dead_letters_total\{.*\} [1-9]/)
  })

  it('ends with the dead letters where the error action cannot be addressed', async () => {
    const client = await start('dead', { errorAction: to(spare, '${nothing}') })
    expect(await publish(client, 1)).toBeGreaterThan(2_900)
    expect(await server!.metrics()).toContain('topicrule_dead_letters_total{rule="next"} 1\n')
    expect(await kcat(access(spare, 'PLAINTEXT'), 'dead-first-errors')).toEqual([])
  })

  it('is none without an error action of its own, whatever the rule that republished it has', async () => {
    const client = await start('none', {})
    const acknowledged = publish(client, 1)
    const other = new Promise((resolve) => setTimeout(resolve, 6_000, 'waits'))
    expect(await Promise.race([acknowledged, other])).toBe('waits')
    main.resume()
    await acknowledged
    expect(await numbers(main, 'none')).toEqual([0, 1])
    expect(await kcat(access(spare, 'PLAINTEXT'), 'none-first-errors')).toEqual([])
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
  const stored = new Map<string, number[]>([
    ['device-4', []],
    ['device-5', []],
  ])
  for (const { value } of await kcat(access(main, 'PLAINTEXT'), 'reloads')) {
    const { n, device } = JSON.parse(value!) as { n: number; device: string }
    stored.get(device)!.push(n)
  }
  for (const [index, publisher] of publishers.entries())
    expect(faultsOfOrder(publisher, stored.get(`device-${[4, 5][index]}`)!)).toEqual([])
})
