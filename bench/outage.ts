/**
 * A long outage: devices with kept sessions that publish, reconnect and send again while the broker hangs. Prints what
 * the server holds while it lasts, and at the end whether each message is in Kafka once. Arguments: minutes (10),
 * devices (1000).
 */
import { readFileSync } from 'node:fs'
import { Device } from '../test/chaos/device.ts'
import { Proof } from '../test/chaos/proof.ts'
import { readTopic } from '../test/chaos/read-topic.ts'
import { startCluster } from '../test/helpers/kafka/index.ts'
import { killAllProcesses } from '../test/helpers/process.ts'
import { kafkaAction, payload, TestServer } from '../test/helpers/server.ts'

const TOPIC = 'outage'
const TICK_MS = 20
const SAMPLE_MS = 15_000
/** Each device keeps a connection for this long, on average. */
const CONNECTED_MS = 20_000
const WINDOW = 20

const [minutes, count] = [Number(process.argv[2] ?? 10), Number(process.argv[3] ?? 1_000)]
const pause = (milliseconds: number): Promise<void> =>
  new Promise((resolve) => setTimeout(resolve, milliseconds))

const cluster = await startCluster(1)
await cluster.createTopic(TOPIC, 4)
const properties = { 'bootstrap.servers': cluster.direct, 'security.protocol': 'PLAINTEXT' }
const action = kafkaAction({ topic: TOPIC, properties, more: { key: '${clientid()}' } })
const server = await TestServer.start(
  { all: payload("SELECT * FROM 'ledger/#'", action) },
  { log: { level: 'warn' } },
)
const devices = Array.from({ length: count }, (_, index) => {
  const [version, qos] = [index % 2 === 0 ? 4 : 5, index % 4 < 2 ? 1 : 2] as const
  const options = { version, qos, rate: 1, window: WINDOW, port: server.port, topic: 'ledger/x' }
  return new Device({ id: `client-${index}`, ...options }, () => undefined)
})
let reconnects = 0
let flapping = false
const ticking = setInterval(() => {
  for (const device of devices) {
    device.tick(Date.now(), TICK_MS / 1000)
    if (!flapping || !device.connected || Math.random() >= TICK_MS / CONNECTED_MS) continue
    device.cut()
    reconnects += 1
  }
}, TICK_MS)

async function sample(state: string): Promise<void> {
  const text = await server.metrics()
  const read = (name: string): number =>
    Number(new RegExp(`^${name} ([\\d.e+]+)`, 'm').exec(text)?.[1] ?? NaN)
  const rss = Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${server.process!.pid}/status`, 'utf8'))![1])
  const published = devices.reduce((sum, device) => sum + device.published, 0)
  const figures = {
    ...{ state, seconds: Math.round(performance.now() / 1000), rssMB: Math.round(rss / 1024) },
    held: read('topicrule_held_bytes'),
    unsettled: read('topicrule_unsettled_messages'),
    deferred: read('topicrule_mqtt_deferred_bytes'),
    window: read('topicrule_mqtt_window_messages'),
    arrived: read('topicrule_mqtt_events_total\\{event="publishes_received"\\}'),
    joined: read('topicrule_mqtt_events_total\\{event="publishes_joined"\\}'),
    ...{ published, reconnects },
  }
  console.log(JSON.stringify(figures))
}

const settled = (): boolean => devices.every(({ acknowledgedAt }) => acknowledgedAt.every((at) => at > 0))

while (!devices.every(({ connected }) => connected)) await pause(100)
for (const device of devices) device.start()
await pause(SAMPLE_MS)
await sample('before')
cluster.nodes[0]!.suspend()
flapping = true
const end = performance.now() + minutes * 60_000
while (performance.now() < end) {
  await pause(Math.min(SAMPLE_MS, end - performance.now()))
  await sample('outage')
}
flapping = false
for (const device of devices) device.stop()
const over = performance.now()
cluster.nodes[0]!.resume()
while (!settled()) await pause(50)
console.log(`everything acknowledged ${((performance.now() - over) / 1000).toFixed(1)} s after the outage`)
await pause(2_000)
await sample('after')
clearInterval(ticking)
const proof = new Proof(
  devices.map(({ options, sentAt, acknowledgedAt, resends }) => ({
    ...{ device: options.id, sentAt, acknowledgedAt, resends, steady: true },
  })),
)
await readTopic(cluster.direct, TOPIC, (partition, value) => proof.record(partition, value))
const verdict = proof.verdict(
  new Map(devices.map(({ options, sentAt }) => [options.id, sentAt.map((_, n) => n)])),
  [],
)
const { records, lost, altered, disorder, duplicates } = verdict
const sessionsLost = devices.reduce((sum, device) => sum + device.sessionsLost, 0)
console.log(
  `${records} records, ${lost.length} lost, ${altered} altered, ${disorder.length} out of order, ${duplicates} duplicates, ${sessionsLost} sessions lost`,
)
for (const device of devices) device.end()
await server.stop()
await cluster.stop()
await killAllProcesses()
