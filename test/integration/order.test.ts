import { afterAll, afterEach, beforeAll, expect, it } from 'vitest'
import { Device } from '../chaos/device.ts'
import { Proof, type Verdict } from '../chaos/proof.ts'
import { readTopic } from '../chaos/read-topic.ts'
import { type Cluster, startCluster } from '../helpers/kafka/index.ts'
import { producerProcesses } from '../helpers/producer-processes.ts'
import { type Kdc, startKdc } from '../helpers/kdc.ts'
import { killAllProcesses } from '../helpers/process.ts'
import { kafkaAction, payload, TestServer } from '../helpers/server.ts'
import { serve } from '../services/server.ts'

const WINDOW = 100

let kdc: Kdc
let cluster: Cluster
let server: TestServer
let devices: Device[] = []
let timer: NodeJS.Timeout | undefined
beforeAll(async () => {
  kdc = await startKdc('ORDER.TEST')
  const keytabFile = await kdc.addPrincipal('kafka/localhost')
  await kdc.addPrincipal('gateway')
  cluster = await startCluster(1, {
    kerberos: { principal: `kafka/localhost@${kdc.realm}`, keytabFile, configuration: kdc.configuration },
  })
}, 300_000)
afterEach(async () => {
  clearInterval(timer)
  for (const device of devices) device.end()
  await server.stop()
})
afterAll(async () => {
  await cluster.stop()
  await kdc.stop()
  await killAllProcesses()
})

const plain = (): Record<string, string> => ({
  'bootstrap.servers': cluster.bootstrap('PROXIED'),
  'security.protocol': 'PLAINTEXT',
})

/** Starts a rule that forwards to `topic`, and four devices: MQTT 3.1.1 and 5, QoS 1 and 2. */
async function underLoad(topic: string, sql: string, settings: object, properties = plain()): Promise<void> {
  await cluster.createTopic(topic, 4)
  const action = kafkaAction({ topic, properties, more: { key: '${clientid()}' } })
  server = await TestServer.start({ ledger: payload(sql, action) }, settings)
  devices = [0, 1, 2, 3].map(
    (index) =>
      new Device(
        {
          ...{ id: `${topic}-${index}`, version: index % 2 === 0 ? 4 : 5, qos: index < 2 ? 1 : 2 },
          ...{ rate: 200, window: WINDOW, port: server.port, topic: 'ledger/x' },
        },
        () => undefined,
      ),
  )
  let before = Date.now()
  timer = setInterval(() => {
    const now = Date.now()
    for (const device of devices) device.tick(now, (now - before) / 1000)
    before = now
  }, 10)
  for (const device of devices) device.start()
  await more(100)
}

const acknowledged = ({ acknowledgedAt }: Device): number => acknowledgedAt.filter((at) => at > 0).length

/** Resolves when so many more are acknowledged of each device. */
async function more(count: number): Promise<void> {
  const goals = devices.map((device) => acknowledged(device) + count)
  const reached = (): boolean => devices.every((device, index) => acknowledged(device) >= goals[index]!)
  await expect.poll(reached, { timeout: 60_000, interval: 20 }).toBe(true)
}

/** Stops publishing, waits for all acknowledgements and compares with what is in Kafka. */
async function verdict(topic: string): Promise<Verdict & { readonly resends: number }> {
  for (const device of devices) device.stop()
  await expect
    .poll(() => devices.every((device) => acknowledged(device) === device.published), { timeout: 60_000 })
    .toBe(true)
  const proof = new Proof(
    devices.map(({ options, sentAt, acknowledgedAt, resends }) => ({
      ...{ device: options.id, sentAt, acknowledgedAt, resends, steady: true },
    })),
  )
  await readTopic(cluster.direct, topic, (partition, value) => proof.record(partition, value))
  const owed = new Map(devices.map(({ options, sentAt }) => [options.id, sentAt.map((_, n) => n)]))
  const resends = devices.flatMap((device) => [...device.resends.values()]).reduce((sum, n) => sum + n, 0)
  return { ...proof.verdict(owed, []), resends }
}

const FLAWLESS = { lost: [], altered: 0, disorder: [], duplicates: 0, resends: 0 }

it('records keep the order of PUBLISH, once each, while connections to the broker are reset and the broker is killed', async () => {
  await underLoad('retries', "SELECT * FROM 'ledger/#'", {})
  const [node] = cluster.nodes
  for (let reset = 0; reset < 10; reset += 1) {
    node!.path.reset()
    await more(20)
  }
  await node!.kill9()
  await node!.start()
  await more(100)
  expect(await verdict('retries')).toMatchObject(FLAWLESS)
})

it('records keep the order of PUBLISH while the Kerberos process that produces them is killed', async () => {
  const properties = {
    'bootstrap.servers': cluster.bootstrap('KERBEROS'),
    ...{ 'security.protocol': 'SASL_PLAINTEXT', 'sasl.mechanism': 'GSSAPI' },
    'sasl.kerberos.service.name': 'kafka',
    'sasl.kerberos.krb5.kdc': kdc.address,
    'sasl.kerberos.krb5.realm': kdc.realm,
    'sasl.kerberos.principal': 'gateway',
    'sasl.kerberos.keytab': await kdc.keytab('gateway'),
  }
  const settings = { kafka: { extensions: ['SASL_PLAINTEXT'] } }
  await underLoad('restarts', "SELECT * FROM 'ledger/#'", settings, properties)
  const kills = 5
  for (let kill = 0; kill < kills; kill += 1) {
    const [agent] = producerProcesses(server.process!.pid)
    process.kill(agent!, 'SIGKILL')
    await more(60)
  }
  const found = await verdict('restarts')
  // What the killed process had given to the broker and could not tell of any more is there twice.
  expect(found).toMatchObject({ ...FLAWLESS, duplicates: expect.any(Number) as number })
  expect(found.duplicates).toBeLessThanOrEqual(kills * devices.length * WINDOW)
})

it('records keep the order of PUBLISH behind messages that wait for a remote function', async () => {
  const lambda = await serve((_request, n) => (_, response) => {
    const answer = (): void =>
      void response.writeHead(200, { 'content-type': 'application/json' }).end(`{"result":${n}}`)
    setTimeout(answer, (n * 7919) % 40)
  })
  // One in seven asks, and its answer decides nothing.
  const sql = `SELECT * FROM 'ledger/#' WHERE CASE n % 7 WHEN 0 THEN aws_lambda('f', {"n": n}) ELSE 1 END > 0`
  await underLoad('waits', sql, { services: { aws_lambda: { url: lambda.url } } })
  await more(300)
  expect(await verdict('waits')).toMatchObject(FLAWLESS)
  expect(lambda.received.length).toBeGreaterThan(200)
})
