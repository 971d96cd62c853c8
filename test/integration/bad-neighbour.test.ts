import { afterAll, afterEach, beforeAll, expect, it } from 'vitest'
import { access, kcat, startKafka, type Kafka } from '../helpers/kafka/index.ts'
import { LedgerPublisher } from '../helpers/ledger-publisher.ts'
import { killAllProcesses } from '../helpers/process.ts'
import { kafkaAction, payload, TestServer } from '../helpers/server.ts'

const RATE = 200
const SECONDS = 5
const GOOD = Array.from({ length: 10 }, (_, index) => `good${index}`)

let kafka: Kafka
let server: TestServer | undefined
const publishers: LedgerPublisher[] = []
beforeAll(async () => {
  kafka = await startKafka()
  for (const topic of ['good', 'errors']) await kafka.createTopic(topic, 1)
}, 300_000)
afterEach(async () => {
  await Promise.all(publishers.map((publisher) => publisher.end()))
  await server?.stop()
})
afterAll(async () => {
  await kafka.stop()
  await killAllProcesses()
})

/** Publishes for a while at a steady rate; how much of what came due by then is acknowledged. */
async function share(): Promise<number> {
  const before = publishers.map(({ acknowledged }) => acknowledged.size)
  for (const publisher of publishers) publisher.start(RATE / publishers.length)
  await new Promise((resolve) => setTimeout(resolve, SECONDS * 1000))
  const now = publishers.reduce((sum, { acknowledged }, index) => sum + acknowledged.size - before[index]!, 0)
  for (const publisher of publishers) publisher.stop()
  await Promise.all(publishers.map((publisher) => publisher.allAcknowledged(30_000)))
  return now / (RATE * SECONDS)
}

async function metric(name: string, rule: string): Promise<number> {
  const text = await server!.metrics()
  return Number(new RegExp(`^${name}\\{rule="${rule}"\\} (\\d+)`, 'm').exec(text)?.[1] ?? 0)
}

it('a rule with a wrong password costs ten good ones on the same topic nothing, and shows in its error action and in the metrics', async () => {
  const plain = { 'bootstrap.servers': kafka.bootstrap.plaintext, 'security.protocol': 'PLAINTEXT' }
  const wrong = {
    ...{ 'bootstrap.servers': kafka.bootstrap.sasl, 'security.protocol': 'SASL_SSL' },
    ...{ 'ssl.truststore': kafka.ca, 'sasl.mechanism': 'SCRAM-SHA-512' },
    ...{ 'sasl.scram.username': 'alice', 'sasl.scram.password': 'not-her-password' },
  }
  const good = kafkaAction({ topic: 'good', properties: plain, more: { key: '${clientid()}' } })
  const all = (name: string): object => payload(`SELECT n, '${name}' AS rule FROM 'a/#'`, good)
  server = await TestServer.start(Object.fromEntries(GOOD.map((name) => [name, all(name)])))
  for (const version of [4, 5] as const)
    publishers.push(new LedgerPublisher(server.url, `device-${version}`, 'a/x', version))

  const alone = await share()
  const before = publishers.reduce((sum, { published }) => sum + published, 0)
  server.writeRule('bad', {
    ...payload("SELECT * FROM 'a/#'", kafkaAction({ topic: 'good', properties: wrong })),
    errorAction: kafkaAction({ topic: 'errors', properties: plain }),
  })
  await server.process!.line(/rules\.loaded.*"rules":\[.*"bad"/, 15_000)
  const beside = await share()

  expect(beside).toBeGreaterThanOrEqual(0.95 * alone)
  const published = publishers.reduce((sum, publisher) => sum + publisher.published, 0)
  const records = await kcat(access(kafka, 'PLAINTEXT'), 'good')
  expect(records).toHaveLength(published * GOOD.length)
  const errors = (await kcat(access(kafka, 'PLAINTEXT'), 'errors')).map(
    ({ value }) => JSON.parse(value!) as { ruleName: string; failures: { errorMessage: string }[] },
  )
  expect(errors).toHaveLength(published - before)
  for (const { ruleName, failures } of errors) {
    expect(ruleName).toBe('bad')
    expect(failures).toHaveLength(1)
    expect(failures[0]!.errorMessage).toMatch(/credentials|authenticat/i)
  }
  expect(await metric('topicrule_actions_failed_total', 'bad')).toBe(published - before)
  expect(await metric('topicrule_error_actions_delivered_total', 'bad')).toBe(published - before)
  for (const name of GOOD) expect(await metric('topicrule_records_delivered_total', name)).toBe(published)
})
