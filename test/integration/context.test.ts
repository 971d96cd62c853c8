import { createHash, X509Certificate } from 'node:crypto'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { connectAsync, type IClientOptions, type IClientPublishOptions } from 'mqtt'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { hashPassword } from '../../src/ingest/index.ts'
import { access, kcat, startKafka, type Kafka } from '../helpers/kafka/index.ts'
import { freePorts } from '../helpers/ports.ts'
import { killAllProcesses } from '../helpers/process.ts'
import { kafkaAction, payload, TestServer } from '../helpers/server.ts'
import { makeAuthority, type Authority, type Certificate } from '../helpers/tls.ts'

const ACCOUNT = '210987654321'
const SQL = `SELECT clientid() AS client, principal() AS principal, sourceip() AS source, topic() AS topic,
  topic(2) AS segment, accountid() AS account, traceid() AS trace, timestamp() AS time, sql_version() AS version,
  newuuid() AS uuid, rand() AS random, get_mqtt_property('content_type') AS type,
  get_mqtt_property('format_indicator') AS format, get_mqtt_property('response_topic') AS response,
  get_mqtt_property('correlation_data') AS correlation, get_user_properties('site') AS sites,
  get_user_properties() AS properties FROM 'things/+'`

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/
const always = {
  source: '127.0.0.1',
  account: ACCOUNT,
  trace: expect.stringMatching(UUID) as string,
  time: expect.any(Number) as number,
  version: '2016-03-23',
  uuid: expect.stringMatching(UUID) as string,
  random: expect.any(Number) as number,
  format: 'UNSPECIFIED_BYTES',
}

interface Ports {
  readonly open: number
  readonly users: number
  readonly certificates: number
  readonly webSocket: number
}

let kafka: Kafka
let server: TestServer
let ports: Ports
let authority: Authority
let device: Certificate
const directory = mkdtempSync(join(tmpdir(), 'topicrule-context-'))

beforeAll(async () => {
  const [[open, users, certificates, webSocket], made] = await Promise.all([
    freePorts(4),
    makeAuthority(join(directory, 'authority')),
    startKafka().then((started) => (kafka = started)),
  ])
  ports = { open: open!, users: users!, certificates: certificates!, webSocket: webSocket! }
  authority = made
  device = await authority.issue('device', 'device-7')
  const { certFile, keyFile } = await authority.issue('server', 'localhost', ['IP:127.0.0.1'])
  writeFileSync(join(directory, 'users'), `ann:${await hashPassword('secret')}\n`)
  await kafka.createTopic('context', 1)
  const properties = {
    'bootstrap.servers': access(kafka, 'PLAINTEXT').bootstrap,
    'security.protocol': 'PLAINTEXT',
  }
  server = await TestServer.start(
    { context: payload(SQL, kafkaAction({ topic: 'context', properties })) },
    {
      account: { id: ACCOUNT },
      mqtt: {
        users: { file: join(directory, 'users') },
        listeners: [
          { port: ports.open, anonymous: true },
          { port: ports.users },
          { port: ports.certificates, tls: { cert: certFile, key: keyFile, clientCa: authority.caFile } },
          { port: ports.webSocket, transport: 'ws', anonymous: true },
        ],
      },
    },
  )
}, 300_000)

afterAll(async () => {
  await server.stop()
  await kafka.stop()
  await killAllProcesses()
  rmSync(directory, { recursive: true, force: true })
})

interface Publication {
  readonly url: string
  readonly version: 4 | 5
  readonly clientId: string
  readonly topic?: string
  readonly connect?: IClientOptions
  readonly publish?: IClientPublishOptions
}

/** Publishes one message and returns what the rule made of it. */
async function seen(publication: Publication): Promise<Record<string, unknown>> {
  const { url, version, clientId, topic = 'things/x', connect = {}, publish = {} } = publication
  const client = await connectAsync(url, {
    ...{ protocolVersion: version, clientId, reconnectPeriod: 0 },
    ...connect,
  })
  await client.publishAsync(topic, '{}', { qos: 1, ...publish })
  await client.endAsync()
  const records = await kcat(access(kafka, 'PLAINTEXT'), 'context')
  return JSON.parse(records.at(-1)!.value!) as Record<string, unknown>
}

describe('context functions see', () => {
  it('an anonymous client of MQTT 3.1.1: no principal and no properties', async () => {
    const before = Date.now()
    const record = await seen({ url: `mqtt://127.0.0.1:${ports.open}`, version: 4, clientId: 'three' })
    expect(record).toEqual({ ...always, client: 'three', topic: 'things/x', segment: 'x' })
    expect(record['time']).toBeGreaterThanOrEqual(before)
    expect(record['time']).toBeLessThanOrEqual(Date.now())
    expect(record['random']).toBeGreaterThanOrEqual(0)
    expect(record['random']).toBeLessThan(1)
  })

  it('every property of MQTT 5', async () => {
    const publish: IClientPublishOptions = {
      properties: {
        contentType: 'application/json',
        payloadFormatIndicator: true,
        responseTopic: 'reply/here',
        correlationData: Buffer.from([0, 255, 1]),
        userProperties: { site: ['north', 'south'], other: '' },
      },
    }
    const url = `mqtt://127.0.0.1:${ports.open}`
    const record = await seen({ url, version: 5, clientId: 'five', publish })
    expect(record).toEqual({
      ...always,
      ...{ client: 'five', topic: 'things/x', segment: 'x' },
      ...{ type: 'application/json', format: 'UTF8_DATA', response: 'reply/here', correlation: 'AP8B' },
      sites: ['north', 'south'],
      properties: [{ site: 'north' }, { site: 'south' }, { other: '' }],
    })
  })

  it.each([4, 5] as const)('the user name as principal, level %i', async (version) => {
    const connect = { username: 'ann', password: 'secret' }
    const url = `mqtt://127.0.0.1:${ports.users}`
    const record = await seen({ url, version, clientId: `user-${version}`, connect })
    expect(record).toMatchObject({ client: `user-${version}`, principal: 'ann', source: '127.0.0.1' })
  })

  it.each([4, 5] as const)('the thumbprint of a certificate as principal, level %i', async (version) => {
    const connect = { ca: authority.ca, cert: device.cert, key: device.key, rejectUnauthorized: true }
    const url = `mqtts://127.0.0.1:${ports.certificates}`
    const record = await seen({ url, version, clientId: `certificate-${version}`, connect })
    const thumbprint = createHash('sha256').update(new X509Certificate(device.cert).raw).digest('hex')
    expect(record).toMatchObject({ client: `certificate-${version}`, principal: thumbprint })
  })

  it('a client of MQTT over WebSocket like any other', async () => {
    const url = `ws://127.0.0.1:${ports.webSocket}/mqtt`
    const record = await seen({ url, version: 5, clientId: 'socket' })
    expect(record).toEqual({ ...always, client: 'socket', topic: 'things/x', segment: 'x' })
  })

  it('the topic of Basic Ingest without its prefix', async () => {
    const url = `mqtt://127.0.0.1:${ports.open}`
    const topic = '$aws/rules/context/things/y'
    const record = await seen({ url, version: 5, clientId: 'ingest', topic })
    expect(record).toMatchObject({ client: 'ingest', topic: 'things/y', segment: 'y' })
  })

  it('another trace identifier, UUID and number for every message', async () => {
    const url = `mqtt://127.0.0.1:${ports.open}`
    const first = await seen({ url, version: 5, clientId: 'again' })
    const second = await seen({ url, version: 5, clientId: 'again' })
    for (const name of ['trace', 'uuid', 'random']) expect(first[name]).not.toEqual(second[name])
  })
})
