import { connectAsync } from 'mqtt'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { access, kcat, startKafka, type Kafka } from '../helpers/kafka/index.ts'
import { killAllProcesses } from '../helpers/process.ts'
import { kafkaAction, payload, TestServer } from '../helpers/server.ts'

let kafka: Kafka
beforeAll(async () => {
  kafka = await startKafka()
}, 300_000)
afterAll(async () => {
  await kafka.stop()
  await killAllProcesses()
})

/** A server with 200 records that it has acknowledged and that a hanging broker has not taken. */
async function withHeldRecords(topic: string): Promise<TestServer> {
  await kafka.createTopic(topic)
  const properties = { 'bootstrap.servers': kafka.bootstrap.plaintext, 'security.protocol': 'PLAINTEXT' }
  const rule = payload(`SELECT * FROM '${topic}'`, kafkaAction({ topic, properties }))
  const server = await TestServer.start(
    { early: { ...rule, 'x-ack': 'received' } },
    { shutdownDeadline: '5s' },
  )
  const client = await connectAsync(server.url, { reconnectPeriod: 0 })
  kafka.suspend()
  await Promise.all(Array.from({ length: 200 }, (_, n) => client.publishAsync(topic, `${n}`, { qos: 1 })))
  await client.endAsync()
  return server
}

it('a stop waits for records of messages that were acknowledged on receipt', async () => {
  const server = await withHeldRecords('early')
  setTimeout(() => kafka.resume(), 1_000)
  expect(await server.stop()).toBe(0)
  expect(await kcat(access(kafka, 'PLAINTEXT'), 'early')).toHaveLength(200)
})

it('a stop that could not deliver them says so', async () => {
  const server = await withHeldRecords('late')
  expect(await server.stop()).toBe(1)
  kafka.resume()
  expect(server.process!.stderr.join('\n')).toMatch(/^200 messages had not settled/m)
})
