import { afterAll, afterEach, beforeAll, expect, it } from 'vitest'
import { access, kcat, type Kafka, startKafka } from '../helpers/kafka/index.ts'
import { faultsOfOrder, LedgerPublisher } from '../helpers/ledger-publisher.ts'
import { killAllProcesses } from '../helpers/process.ts'
import { kafkaAction, payload, TestServer } from '../helpers/server.ts'

const RATE = 100

let kafka: Kafka
let server: TestServer
let publisher: LedgerPublisher
beforeAll(async () => {
  kafka = await startKafka()
}, 300_000)
afterEach(async () => {
  await publisher.end()
  await server.stop()
  await kafka.setCertificate('usual')
  await kafka.restart()
})
afterAll(async () => {
  await kafka.stop()
  await killAllProcesses()
})

async function start(topic: string): Promise<void> {
  await kafka.createTopic(topic)
  const properties = {
    'bootstrap.servers': kafka.bootstrap.ssl,
    'security.protocol': 'SSL',
    'ssl.truststore': Buffer.from(kafka.ca).toString('base64'),
  }
  const rule = payload("SELECT n FROM 'ledger/#'", kafkaAction({ topic, properties }))
  server = await TestServer.start({ ledger: rule })
  publisher = new LedgerPublisher(server.url, topic, 'ledger/x', 4)
  publisher.start(RATE)
  await publisher.atLeast(RATE * 2)
}

async function show(which: Parameters<Kafka['setCertificate']>[0]): Promise<void> {
  await kafka.setCertificate(which)
  await kafka.restart()
}

async function expectNothingLost(topic: string): Promise<void> {
  publisher.stop()
  await publisher.allAcknowledged(30_000)
  const records = await kcat(access(kafka, 'PLAINTEXT'), topic)
  const numbers = records.map(({ value }) => (JSON.parse(value!) as { n: number }).n)
  expect(faultsOfOrder(publisher, numbers, RATE)).toEqual([])
}

/** Nothing more is acknowledged, and the reason is told. */
async function expectWaiting(): Promise<void> {
  const health = `http://127.0.0.1:${server.metricsPort}/health/ready`
  await expect.poll(async () => (await fetch(health)).text(), { timeout: 30_000 }).toMatch(/expired/)
  const { size } = publisher.acknowledged
  const { published } = publisher
  await expect.poll(() => publisher.published - published, { timeout: 30_000 }).toBeGreaterThan(RATE * 3)
  expect(publisher.acknowledged.size).toBe(size)
}

it('a broker with a new certificate of the same authority costs nothing but its restart', async () => {
  await start('renewed')
  await show('renewed')
  await publisher.atLeast(publisher.published + RATE)
  await expectNothingLost('renewed')
  expect(publisher.resends).toBe(0)
})

it('devices wait for a broker whose certificate has expired until it has a new one, and nobody is needed', async () => {
  await start('expired')
  await show('expired')
  await expectWaiting()
  await show('renewed')
  await publisher.atLeast(publisher.published + RATE)
  await expectNothingLost('expired')
})

it('a server killed soon after its first record, and started beside such a broker, lets devices wait as well', async () => {
  await start('killed')
  await publisher.atLeast(RATE * 3)
  await kafka.kill9()
  await server.process!.kill9()
  await kafka.setCertificate('expired')
  await kafka.restart()
  await server.launch()
  await expectWaiting()
  await show('renewed')
  await publisher.atLeast(publisher.published + RATE)
  await expectNothingLost('killed')
})
