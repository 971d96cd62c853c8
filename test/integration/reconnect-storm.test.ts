import { afterAll, beforeAll, expect, it } from 'vitest'
import { Device } from '../chaos/device.ts'
import { Proof } from '../chaos/proof.ts'
import { readTopic } from '../chaos/read-topic.ts'
import { type Cluster, startCluster } from '../helpers/kafka/index.ts'
import { killAllProcesses } from '../helpers/process.ts'
import { kafkaAction, payload, TestServer } from '../helpers/server.ts'

const CLIENTS = 300
const EACH = 10
const STORMS = 5

let cluster: Cluster
let server: TestServer
const devices: Device[] = []
let timer: NodeJS.Timeout
beforeAll(async () => {
  cluster = await startCluster(1)
  await cluster.createTopic('storm', 4)
  const properties = { 'bootstrap.servers': cluster.direct, 'security.protocol': 'PLAINTEXT' }
  const more = { key: '${clientid()}' }
  server = await TestServer.start({
    all: payload("SELECT * FROM 'ledger/#'", kafkaAction({ topic: 'storm', properties, more })),
  })
  for (let index = 0; index < CLIENTS; index += 1)
    devices.push(
      new Device(
        {
          ...{ id: `client-${index}`, version: index % 2 === 0 ? 4 : 5, qos: index % 4 < 2 ? 1 : 2 },
          ...{ rate: 1_000, window: EACH, port: server.port, topic: 'ledger/x' },
        },
        () => undefined,
      ),
    )
  timer = setInterval(() => {
    for (const device of devices) device.tick(Date.now(), 0.02)
  }, 20)
})
afterAll(async () => {
  clearInterval(timer)
  for (const device of devices) device.end()
  await server.stop()
  await cluster.stop()
  await killAllProcesses()
})

function sum(of: (device: Device) => number): number {
  return devices.reduce((total, device) => total + of(device), 0)
}

async function until(holds: () => boolean | Promise<boolean>): Promise<void> {
  while (!(await holds())) await new Promise((resolve) => setTimeout(resolve, 50))
}

async function metric(name: string): Promise<number> {
  return Number(new RegExp(`^${name} (\\d+)`, 'm').exec(await server.metrics())![1])
}

it('300 clients that reconnect and send again through an outage fill no queue twice, and leave no copy', async () => {
  await until(() => devices.every(({ connected }) => connected))
  cluster.nodes[0]!.suspend()
  for (const device of devices) device.start()
  await until(() => sum(({ published }) => published) === CLIENTS * EACH)
  for (const device of devices) device.stop()
  await until(async () => (await metric('topicrule_unsettled_messages')) === CLIENTS * EACH)
  const held = await metric('topicrule_held_bytes')

  const received = await metric('topicrule_messages_received_total')
  for (let storm = 1; storm <= STORMS; storm += 1) {
    for (const device of devices) device.cut()
    const resent = (): number => sum(({ resends }) => [...resends.values()].reduce((all, n) => all + n, 0))
    await until(() => resent() === storm * CLIENTS * EACH)
    await until(async () => (await joined()) === storm * CLIENTS * EACH)
    expect(await metric('topicrule_unsettled_messages')).toBe(CLIENTS * EACH)
    expect(await metric('topicrule_held_bytes')).toBe(held)
  }
  expect(await metric('topicrule_messages_received_total')).toBe(received)

  cluster.nodes[0]!.resume()
  await until(() => devices.every(({ acknowledgedAt }) => acknowledgedAt.every((at) => at > 0)))
  const proof = new Proof(
    devices.map(({ options, sentAt, acknowledgedAt, resends }) => ({
      ...{ device: options.id, sentAt, acknowledgedAt, resends, steady: true },
    })),
  )
  await readTopic(cluster.direct, 'storm', (partition, value) => proof.record(partition, value))
  const owed = new Map(devices.map(({ options, sentAt }) => [options.id, sentAt.map((_, n) => n)]))
  expect(proof.verdict(owed, [])).toMatchObject({
    ...{ records: CLIENTS * EACH, lost: [], altered: 0, disorder: [], duplicates: 0 },
  })
})

/** Resends that the ingest has found to be in flight. */
async function joined(): Promise<number> {
  const text = await server.metrics()
  const count = (event: string): number =>
    Number(new RegExp(`topicrule_mqtt_events_total\\{event="${event}"\\} (\\d+)`).exec(text)?.[1] ?? 0)
  return count('publishes_joined') + count('publishes_duplicate')
}
