import { afterAll, afterEach, beforeAll, expect, it } from 'vitest'
import { Device } from '../chaos/device.ts'
import { Proof } from '../chaos/proof.ts'
import { readTopic } from '../chaos/read-topic.ts'
import { type Cluster, startCluster } from '../helpers/kafka/index.ts'
import { killAllProcesses } from '../helpers/process.ts'
import { kafkaAction, payload, TestServer } from '../helpers/server.ts'
import { until } from '../helpers/until.ts'

/** The machine may be busy; the test itself has a limit. */
const LIMIT_MS = 200_000
const CLIENTS = 1_000
const EACH = 10
const STORMS = 5

let cluster: Cluster
let server: TestServer
let devices: Device[] = []
let timer: NodeJS.Timeout
beforeAll(async () => {
  cluster = await startCluster(1)
})
afterEach(async () => {
  clearInterval(timer)
  for (const device of devices) device.end()
  await server.stop()
})
afterAll(async () => {
  await cluster.stop()
  await killAllProcesses()
})

async function start(topic: string, heldBytes: string): Promise<void> {
  await cluster.createTopic(topic, 4)
  const properties = { 'bootstrap.servers': cluster.direct, 'security.protocol': 'PLAINTEXT' }
  const more = { key: '${clientid()}' }
  server = await TestServer.start(
    { all: payload("SELECT * FROM 'ledger/#'", kafkaAction({ topic, properties, more })) },
    { heldBytes },
  )
  devices = Array.from({ length: CLIENTS }, (_, index) => {
    const id = `client-${index}`
    const [version, qos] = [index % 2 === 0 ? 4 : 5, index % 4 < 2 ? 1 : 2] as const
    const options = { id, version, qos, rate: 1_000, window: EACH, port: server.port, topic: 'ledger/x' }
    return new Device(options, () => undefined)
  })
  timer = setInterval(() => {
    for (const device of devices) device.tick(Date.now(), 0.02)
  }, 20)
  await until(() => devices.every(({ connected }) => connected), 'all connected', LIMIT_MS)
}

function sum(of: (device: Device) => number): number {
  return devices.reduce((total, device) => total + of(device), 0)
}

/** What the server holds, and how often it was given something. */
async function counts(): Promise<Record<'unsettled' | 'held' | 'received' | 'arrived', number>> {
  const text = await server.metrics()
  const read = (name: string): number => Number(new RegExp(`^${name} (\\d+)`, 'm').exec(text)?.[1] ?? 0)
  return {
    unsettled: read('topicrule_unsettled_messages'),
    held: read('topicrule_held_bytes'),
    received: read('topicrule_messages_received_total'),
    arrived: read('topicrule_mqtt_events_total\\{event="publishes_received"\\}'),
  }
}

/** Waits until so many PUBLISH packets have come, and all that may be held is. */
async function arrived(count: number): Promise<Awaited<ReturnType<typeof counts>>> {
  await until(async () => (await counts()).arrived === count, `${count} arrived`, LIMIT_MS)
  return counts()
}

it.each([
  ['room for all of them', '256MiB', CLIENTS * EACH],
  ['room for few of them', '1MiB', undefined],
])(
  '1000 clients that reconnect and send again through an outage fill no queue twice, and leave no copy: %s',
  async (_name, heldBytes, unsettled) => {
    const topic = `storm-${heldBytes}`
    await start(topic, heldBytes)
    cluster.nodes[0]!.suspend()
    for (const device of devices) device.start()
    await until(() => sum(({ published }) => published) === CLIENTS * EACH, 'all published', LIMIT_MS)
    for (const device of devices) device.stop()
    const first = await arrived(CLIENTS * EACH)
    if (unsettled === undefined) expect(first.unsettled).toBeLessThan((CLIENTS * EACH) / 4)
    else expect(first.unsettled).toBe(unsettled)

    for (let storm = 1; storm <= STORMS; storm += 1) {
      for (const device of devices) device.cut()
      // Everything comes again: what is held joins its original, what waited has been dropped and waits anew.
      const after = await arrived((storm + 1) * CLIENTS * EACH)
      expect(after).toEqual({ ...first, arrived: after.arrived })
    }

    cluster.nodes[0]!.resume()
    await until(
      () => devices.every(({ acknowledgedAt }) => acknowledgedAt.every((at) => at > 0)),
      'all acknowledged',
      LIMIT_MS,
    )
    const proof = new Proof(
      devices.map(({ options, sentAt, acknowledgedAt, resends }) => ({
        ...{ device: options.id, sentAt, acknowledgedAt, resends, steady: true },
      })),
    )
    await readTopic(cluster.direct, topic, (partition, value) => proof.record(partition, value))
    const owed = new Map(devices.map(({ options, sentAt }) => [options.id, sentAt.map((_, n) => n)]))
    expect(proof.verdict(owed, [])).toMatchObject({
      ...{ records: CLIENTS * EACH, lost: [], altered: 0, disorder: [], duplicates: 0 },
    })
  },
)
