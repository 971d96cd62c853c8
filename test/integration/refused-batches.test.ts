import { connectAsync, type MqttClient } from 'mqtt'
import { afterAll, afterEach, beforeAll, expect, it } from 'vitest'
import { access, kcat, startKafka, type Kafka } from '../helpers/kafka/index.ts'
import { killAllProcesses } from '../helpers/process.ts'
import { kafkaAction, payload, TestServer } from '../helpers/server.ts'

let kafka: Kafka
let server: TestServer | undefined
let client: MqttClient | undefined
beforeAll(async () => {
  kafka = await startKafka()
}, 300_000)
afterEach(async () => {
  await client?.endAsync(true)
  await server?.stop()
})
afterAll(async () => {
  await kafka.stop()
  await killAllProcesses()
})

function action(topic: string, more: object = {}): object {
  const properties = { 'bootstrap.servers': kafka.bootstrap.plaintext, 'security.protocol': 'PLAINTEXT' }
  return kafkaAction({ topic, properties, more })
}

/** Publishes all at once, so that many records share a batch; resolves when all are acknowledged. */
async function burst(topics: readonly string[], padding: number): Promise<void> {
  client = await connectAsync(server!.url, { clientId: 'burst', reconnectPeriod: 0 })
  const pad = 'x'.repeat(padding)
  await client.publishAsync(topics[0]!, '{"n":-1}', { qos: 1 })
  await Promise.all(
    topics.map((topic, n) => client!.publishAsync(topic, JSON.stringify({ n, pad }), { qos: 1 })),
  )
}

async function numbers(topic: string): Promise<number[]> {
  const records = await kcat(access(kafka, 'PLAINTEXT'), topic)
  return records.map(({ value }) => (JSON.parse(value!) as { n: number }).n).sort((a, b) => a - b)
}

const upTo = (count: number): number[] => Array.from({ length: count + 1 }, (_, n) => n - 1)

it('a topic that takes less than a batch loses nothing of a burst', async () => {
  await kafka.createTopic('narrow', 1, { 'max.message.bytes': '4096' })
  server = await TestServer.start({ narrow: payload("SELECT * FROM 'narrow'", action('narrow')) })
  await burst(
    Array.from({ length: 300 }, () => 'narrow'),
    500,
  )
  expect(await numbers('narrow')).toEqual(upTo(300))
})

it('a record that a compacted topic refuses takes no other down with it', async () => {
  await kafka.createTopic('compacted', 1, { 'cleanup.policy': 'compact' })
  server = await TestServer.start({
    keyed: payload("SELECT * FROM 'keyed'", action('compacted', { key: '${n}' })),
    keyless: payload("SELECT * FROM 'keyless'", action('compacted')),
  })
  await burst(
    Array.from({ length: 100 }, (_, n) => (n % 10 === 5 ? 'keyless' : 'keyed')),
    10,
  )
  expect(await numbers('compacted')).toEqual(upTo(100).filter((n) => n % 10 !== 5))
})
