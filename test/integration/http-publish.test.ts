import { execFileSync } from 'node:child_process'
import { createHash, X509Certificate } from 'node:crypto'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { Agent, request as secureRequest } from 'node:https'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { hashPassword } from '../../src/ingest/index.ts'
import { callIotData } from '../helpers/boto3.ts'
import { access, kcat, startKafka, type Kafka } from '../helpers/kafka/index.ts'
import { freePorts } from '../helpers/ports.ts'
import { killAllProcesses } from '../helpers/process.ts'
import { kafkaAction, payload, TestServer } from '../helpers/server.ts'
import { makeAuthority, type Authority, type Certificate } from '../helpers/tls.ts'

const ACCOUNT = '210987654321'
/** Longer than a loaded machine takes to deliver. */
const DEADLINE = 8_000
const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/
const CONTEXT = `SELECT n, clientid() AS client, principal() AS principal, sourceip() AS source, topic() AS topic,
  topic(2) AS segment, accountid() AS account, traceid() AS trace, timestamp() AS time,
  get_mqtt_property('content_type') AS type, get_mqtt_property('format_indicator') AS format,
  get_mqtt_property('response_topic') AS response, get_mqtt_property('correlation_data') AS correlation,
  get_user_properties('site') AS sites, get_user_properties() AS properties FROM 'things/+'`

let kafka: Kafka
let server: TestServer
let secure: TestServer
let open: string
let securePort: number
let authority: Authority
let device: Certificate
const directory = mkdtempSync(join(tmpdir(), 'topicrule-publish-'))

beforeAll(async () => {
  const [[port, tlsPort], made] = await Promise.all([
    freePorts(2),
    makeAuthority(join(directory, 'authority')),
    startKafka().then((started) => (kafka = started)),
  ])
  authority = made
  open = `http://127.0.0.1:${port}`
  securePort = tlsPort!
  device = await authority.issue('device', 'device-7')
  const { certFile, keyFile } = await authority.issue('server', 'localhost', ['IP:127.0.0.1'])
  writeFileSync(join(directory, 'users'), `ann:${await hashPassword('secret')}\n`)
  const properties = {
    'bootstrap.servers': access(kafka, 'PLAINTEXT').bootstrap,
    'security.protocol': 'PLAINTEXT',
  }
  await Promise.all(['context', 'bytes'].map((topic) => kafka.createTopic(topic, 1)))
  const rules = {
    context: payload(CONTEXT, kafkaAction({ topic: 'context', properties })),
    bytes: payload("SELECT * FROM 'bytes/#'", kafkaAction({ topic: 'bytes', properties })),
  }
  const limits = { maxPayloadSize: '64KiB' }
  server = await TestServer.start(rules, {
    account: { id: ACCOUNT },
    publish: { port, anonymous: true, deadline: DEADLINE, limits },
  })
  secure = await TestServer.start(rules, {
    account: { id: ACCOUNT },
    publish: {
      port: tlsPort,
      tls: { cert: certFile, key: keyFile, clientCa: authority.caFile, requireClientCertificate: false },
    },
    mqtt: {
      users: { file: join(directory, 'users') },
      acl: [
        { effect: 'allow', users: ['ann'], topics: ['things/#'] },
        {
          effect: 'allow',
          certificates: ['device-7'],
          topics: ['things/${cert:CN}', '$aws/rules/context/#'],
        },
      ],
      listeners: [{ port: 0 }],
    },
  })
}, 300_000)

afterAll(async () => {
  await server.stop()
  await secure.stop()
  await kafka.stop()
  await killAllProcesses()
  rmSync(directory, { recursive: true, force: true })
})

interface Answer {
  readonly status: number
  readonly errorType: string | undefined
  readonly body: { readonly message: string; readonly traceId: string }
}

async function publish(path: string, body: string | Buffer, init: RequestInit = {}): Promise<Answer> {
  const response = await fetch(`${open}${path}`, {
    method: 'POST',
    body: new Uint8Array(Buffer.from(body)),
    ...init,
  })
  const errorType = response.headers.get('x-amzn-errortype') ?? undefined
  return { status: response.status, errorType, body: (await response.json()) as Answer['body'] }
}

interface SecureOptions {
  readonly path: string
  readonly body: string
  readonly certificate?: Certificate
  readonly authorization?: string
}

function publishSecurely({ path, body, certificate, authorization }: SecureOptions): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const request = secureRequest(
      {
        ...{
          host: '127.0.0.1',
          port: securePort,
          path,
          method: 'POST',
          ca: authority.ca,
          agent: new Agent(),
        },
        ...(certificate !== undefined && { cert: certificate.cert, key: certificate.key }),
        headers: authorization === undefined ? {} : { authorization },
      },
      (response) => {
        let text = ''
        response.setEncoding('utf8').on('data', (part: string) => (text += part))
        response.on('end', () =>
          resolve({
            status: response.statusCode!,
            errorType: response.headers['x-amzn-errortype'] as string | undefined,
            body: JSON.parse(text) as Answer['body'],
          }),
        )
      },
    )
    request.on('error', reject).end(body)
  })
}

/** What the rule `context` made of the message with this number. */
async function seen(n: number): Promise<Record<string, unknown>> {
  const values = (await kcat(access(kafka, 'PLAINTEXT'), 'context')).map(
    ({ value }) => JSON.parse(value!) as Record<string, unknown>,
  )
  const found = values.filter((value) => value['n'] === n)
  expect(found).toHaveLength(1)
  return found[0]!
}

/** The bytes of a record of the topic `bytes`. */
function bytesAt(offset: number): Buffer {
  const { bootstrap } = access(kafka, 'PLAINTEXT')
  const address = ['-b', bootstrap, '-X', 'broker.address.family=v4', '-t', 'bytes', '-p', '0']
  return execFileSync('kcat', ['-C', '-q', ...address, '-o', `${offset}`, '-c', '1', '-f', '%s'])
}

const always = {
  client: 'n/a',
  source: '127.0.0.1',
  account: ACCOUNT,
  time: expect.any(Number) as number,
  format: 'UNSPECIFIED_BYTES',
}

describe('Context functions see over HTTP', () => {
  it('an anonymous client: no client identifier, principal, trace identifier or properties', async () => {
    const before = Date.now()
    const answer = await publish('/topics/things%2Fx?qos=1', '{"n": 1}')
    expect(answer).toEqual({
      status: 200,
      errorType: undefined,
      body: { message: 'OK', traceId: expect.stringMatching(UUID) as string },
    })
    const record = await seen(1)
    expect(record).toEqual({ ...always, n: 1, topic: 'things/x', segment: 'x' })
    expect(record['time']).toBeGreaterThanOrEqual(before)
    expect(record['time']).toBeLessThanOrEqual(Date.now())
  })

  it('every MQTT 5 property', async () => {
    const properties = JSON.stringify([{ site: 'north' }, { site: 'south' }, { other: '' }])
    const query = 'qos=1&contentType=application%2Fjson&responseTopic=reply%2Fhere&messageExpiry=60'
    const headers = {
      'x-amz-mqtt5-payload-format-indicator': 'UTF8_DATA',
      'x-amz-mqtt5-correlation-data': 'AP8B',
      'x-amz-mqtt5-user-properties': Buffer.from(properties).toString('base64'),
    }
    expect((await publish(`/topics/things/x?${query}`, '{"n": 2}', { headers })).status).toBe(200)
    expect(await seen(2)).toEqual({
      ...always,
      ...{ n: 2, topic: 'things/x', segment: 'x' },
      ...{ type: 'application/json', format: 'UTF8_DATA', response: 'reply/here', correlation: 'AP8B' },
      sites: ['north', 'south'],
      properties: [{ site: 'north' }, { site: 'south' }, { other: '' }],
    })
  })

  it('the user name as principal', async () => {
    const authorization = `Basic ${Buffer.from('ann:secret').toString('base64')}`
    const path = '/topics/things/x?qos=1'
    expect((await publishSecurely({ path, body: '{"n": 3}', authorization })).status).toBe(200)
    expect(await seen(3)).toMatchObject({ client: 'n/a', principal: 'ann', source: '127.0.0.1' })
  })

  it('the thumbprint of a certificate as principal, and the topic of Basic Ingest without its prefix', async () => {
    const path = '/topics/$aws/rules/context/things/y?qos=1'
    expect((await publishSecurely({ path, body: '{"n": 4}', certificate: device })).status).toBe(200)
    const principal = createHash('sha256').update(new X509Certificate(device.cert).raw).digest('hex')
    expect(await seen(4)).toMatchObject({ client: 'n/a', principal, topic: 'things/y', segment: 'y' })
  })
})

describe('Publishing by HTTP', () => {
  it('delivers every byte as it was sent', async () => {
    const all = Buffer.from(Array.from({ length: 256 }, (_, index) => 255 - index))
    expect((await publish('/topics/bytes/a?qos=0', all)).status).toBe(200)
    expect((await publish('/topics/bytes/b?qos=1', Buffer.alloc(65_536, 0xfe))).status).toBe(200)
    expect(bytesAt(0).equals(all)).toBe(true)
    expect(bytesAt(1).equals(Buffer.alloc(65_536, 0xfe))).toBe(true)
  })

  it('is refused without credentials, with wrong ones, and where the access list does not allow it', async () => {
    const body = '{"n": 5}'
    const wrong = `Basic ${Buffer.from('ann:wrong').toString('base64')}`
    const path = '/topics/things/x?qos=1'
    expect(await publishSecurely({ path, body })).toMatchObject({
      status: 401,
      errorType: 'UnauthorizedException',
    })
    expect((await publishSecurely({ path, body, authorization: wrong })).status).toBe(401)
    const denied = await publishSecurely({ path, body, certificate: device })
    expect(denied).toMatchObject({ status: 403, errorType: 'ForbiddenException' })
    expect(await secure.process!.line(new RegExp(denied.body.traceId))).toContain('PUBLISH_NOT_AUTHORIZED')
  })

  it('with a payload that is too large gets 413', async () => {
    const answer = await publish('/topics/bytes/c?qos=1', Buffer.alloc(65_537))
    expect(answer).toMatchObject({ status: 413, errorType: 'RequestEntityTooLargeException' })
  })

  it('is named in the ready line and counted in the metrics', async () => {
    expect(server.process!.stdout.join('\n')).toContain(` publish=${open.slice('http://'.length)} `)
    const metrics = await server.metrics()
    expect(metrics).toMatch(/^topicrule_publish_events_total{event="acknowledged"} [1-9]/m)
    expect(metrics).toMatch(/^topicrule_publish_requests 0$/m)
  })

  it('has no answer until Kafka has the record, and an error with the trace identifier past the deadline', async () => {
    kafka.suspend()
    const late = publish('/topics/things/late?qos=1', '{"n": 6}')
    expect(await late).toMatchObject({ status: 504, errorType: 'InternalFailureException' })
    const { message, traceId } = (await late).body
    expect(message).toContain('may still be delivered')
    expect(await server.process!.line(new RegExp(traceId))).toContain('publish.deadline_passed')

    let answered = false
    const waiting = publish('/topics/things/soon?qos=1', '{"n": 7}').then((answer) => {
      answered = true
      return answer
    })
    await expect.poll(() => server.metrics()).toMatch(/^topicrule_publish_requests 1$/m)
    expect(answered).toBe(false)
    kafka.resume()
    expect((await waiting).status).toBe(200)
    expect(await seen(7)).toMatchObject({ topic: 'things/soon' })
    expect(await seen(6)).toMatchObject({ topic: 'things/late' })
  })

  it('works with the AWS SDK for Python as it is', async () => {
    const properties = [{ site: 'a' }, { site: 'b' }]
    const bytes = (text: string): string => Buffer.from(text).toString('base64')
    const outcomes = await callIotData(open, [
      [
        'publish',
        {
          ...{
            topic: 'things/boto ü',
            qos: 1,
            payload: bytes('{"n": 8}'),
            userProperties: properties,
          },
          ...{ payloadFormatIndicator: 'UTF8_DATA', contentType: 'a/b; c=d+e', responseTopic: 're/ply' },
          ...{ correlationData: 'AP8B', messageExpiry: 5, retain: false },
        },
      ],
      ['publish', { topic: 'things/unmatched/a', payload: bytes('x') }],
      ['publish', { topic: 'things/#', qos: 1, payload: bytes('x') }],
      ['publish', { topic: 'things/x', retain: true, payload: bytes('x') }],
      ['get_thing_shadow', { thingName: 'lamp' }],
      ['get_retained_message', { topic: 'things/x' }],
    ])
    expect(outcomes).toMatchObject([
      { status: 200 },
      { status: 200 },
      { status: 400, error: { name: 'InvalidRequestException', isModelled: true } },
      { status: 400, error: { name: 'UnsupportedOperation' } },
      { status: 400, error: { name: 'UnsupportedOperation' } },
      { status: 400, error: { name: 'UnsupportedOperation' } },
    ])
    expect(await seen(8)).toMatchObject({
      ...{ topic: 'things/boto ü', sites: ['a', 'b'], type: 'a/b; c=d+e', format: 'UTF8_DATA' },
      ...{ response: 're/ply', correlation: 'AP8B' },
    })
  })

  it('is answered, when its record is in Kafka, by a server that was told to stop meanwhile', async () => {
    kafka.suspend()
    const waiting = publish('/topics/things/last?qos=1', '{"n": 9}')
    await expect.poll(() => server.metrics()).toMatch(/^topicrule_publish_requests 1$/m)
    server.process!.signal('SIGTERM')
    await server.process!.line(/server\.stopping/)
    kafka.resume()
    expect((await waiting).status).toBe(200)
    expect(await server.process!.exited).toMatchObject({ code: 0 })
    expect(await seen(9)).toMatchObject({ topic: 'things/last' })
  })
})
