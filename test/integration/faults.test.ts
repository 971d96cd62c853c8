import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { access, kcat, startKafka, type Kafka } from '../helpers/kafka/index.ts'
import { LedgerPublisher } from '../helpers/ledger-publisher.ts'
import { killAllProcesses } from '../helpers/process.ts'
import { kafkaAction, payload, TestServer } from '../helpers/server.ts'

const RATE = 1_000
/** Seconds of load before and after each fault. */
const LOAD = 4
/** Everything published must be acknowledged this many milliseconds after the fault is over. */
const RECOVERY = 30_000

let kafka: Kafka
let server: TestServer | undefined
let publishers: LedgerPublisher[] = []
beforeAll(async () => {
  kafka = await startKafka()
}, 300_000)
afterEach(async () => {
  await Promise.all(publishers.map((publisher) => publisher.end()))
  await server?.stop()
  publishers = []
})
afterAll(async () => {
  await kafka.stop()
  await killAllProcesses()
})

async function prepare(topic: string): Promise<TestServer> {
  await kafka.createTopic(topic, 4)
  const properties = { 'bootstrap.servers': kafka.bootstrap.plaintext, 'security.protocol': 'PLAINTEXT' }
  const more = { key: '${clientid()}' }
  server = await TestServer.start({
    ledger: payload(
      "SELECT n, clientid() AS device FROM 'ledger/#'",
      kafkaAction({ topic, properties, more }),
    ),
  })
  publishers = [4, 5].map(
    (version) => new LedgerPublisher(server!.url, `device-${version}`, 'ledger/x', version as 4 | 5),
  )
  for (const publisher of publishers) publisher.start(RATE / 2)
  await Promise.all(publishers.map((publisher) => publisher.atLeast((RATE / 2) * LOAD)))
  return server
}

/** Called when the fault is over: load goes on for a while, and both it and the backlog are settled by the deadline. */
async function settle(): Promise<void> {
  const deadline = performance.now() + RECOVERY
  await Promise.all(
    publishers.map((publisher) => publisher.atLeast(publisher.published + (RATE / 2) * LOAD, RECOVERY)),
  )
  for (const publisher of publishers) publisher.stop()
  await Promise.all(publishers.map((publisher) => publisher.allAcknowledged(deadline - performance.now())))
}

/** What is in Kafka, by device: the numbers in the order of their partition. */
async function stored(topic: string): Promise<Map<string, number[]>> {
  const numbers = new Map<string, number[]>()
  for (const { value } of await kcat(access(kafka, 'PLAINTEXT'), topic)) {
    const { n, device } = JSON.parse(value!) as { n: number; device: string }
    const list = numbers.get(device) ?? []
    list.push(n)
    numbers.set(device, list)
  }
  return numbers
}

async function expectNothingLost(topic: string): Promise<void> {
  const inKafka = await stored(topic)
  publishers.forEach(({ acknowledged, published }, index) => {
    expect(acknowledged.size).toBe(published)
    const there = new Set(inKafka.get(`device-${[4, 5][index]}`))
    expect([...acknowledged].filter((number) => !there.has(number))).toEqual([])
  })
}

describe('every acknowledged message is in Kafka, and everything is acknowledged soon, after', () => {
  it('kill -9 of the server', async () => {
    const running = await prepare('kill-server')
    await running.process!.kill9()
    await running.launch()
    await settle()
    await expectNothingLost('kill-server')
  })

  it('kill -9 of the broker', async () => {
    await prepare('kill-broker')
    await kafka.kill9()
    await kafka.restart()
    await settle()
    await expectNothingLost('kill-broker')
  })

  it('a broker that hangs for 30 seconds', async () => {
    await prepare('hang')
    kafka.suspend()
    await new Promise((resolve) => setTimeout(resolve, 30_000))
    kafka.resume()
    await settle()
    await expectNothingLost('hang')
  })
})

it('without a fault, records of a device are in Kafka once and in PUBLISH order', async () => {
  await prepare('order')
  await settle()
  const numbers = await stored('order')
  for (const [index, { published }] of publishers.entries())
    expect(numbers.get(`device-${[4, 5][index]}`)).toEqual(Array.from({ length: published }, (_, n) => n))
})
