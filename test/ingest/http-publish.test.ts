import { request as httpRequest, Agent, type RequestOptions } from 'node:http'
import { Agent as SecureAgent, request as httpsRequest } from 'node:https'
import { connect, type Socket } from 'node:net'
import { connect as connectTls } from 'node:tls'
import { createHash, X509Certificate } from 'node:crypto'
import { afterEach, describe, expect, it } from 'vitest'
import {
  createHttpIngest,
  hashPassword,
  type HttpIngest,
  type HttpIngestOptions,
  type PublishCounter,
  type PublishLogEvent,
} from '../../src/ingest/index.ts'
import { makeCertificates } from './certificates.ts'
import { HandSink } from './helpers.ts'

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/

let ingest: HttpIngest
let sink: HandSink
let port: number
let counts: Map<PublishCounter, number>
let logs: PublishLogEvent[]
let onCount: (() => void) | undefined

async function start(options: Partial<HttpIngestOptions> = {}): Promise<void> {
  sink = new HandSink()
  counts = new Map()
  logs = []
  const events = {
    count: (name: PublishCounter, by = 1) => {
      counts.set(name, (counts.get(name) ?? 0) + by)
      onCount?.()
    },
    log: (event: PublishLogEvent) => void logs.push(event),
  }
  const defaults = { host: '127.0.0.1', port: 0, anonymous: true, deadline: 20_000 }
  ingest = createHttpIngest({ ...defaults, ...options }, sink, events)
  port = (await ingest.listen()).port
}

async function counted(name: PublishCounter, count: number): Promise<void> {
  while ((counts.get(name) ?? 0) < count) await new Promise<void>((resolve) => (onCount = resolve))
  onCount = undefined
}

afterEach(async () => void (await ingest.close(0)))

interface Answer {
  readonly status: number
  readonly headers: Readonly<Record<string, string | string[] | undefined>>
  readonly body: { readonly message: string; readonly traceId: string }
}

function send(path: string, body: Buffer | string = '', options: RequestOptions = {}): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const secure = options.protocol === 'https:'
    const request = (secure ? httpsRequest : httpRequest)(
      { host: '127.0.0.1', port, path, method: 'POST', ...options },
      (response) => {
        const chunks: Buffer[] = []
        response
          .on('data', (chunk: Buffer) => chunks.push(chunk))
          .on('end', () =>
            resolve({
              status: response.statusCode!,
              headers: response.headers,
              body: JSON.parse(Buffer.concat(chunks).toString()) as Answer['body'],
            }),
          )
      },
    )
    request.on('error', reject).end(body)
  })
}

/** Sends bytes as they are; `text` resolves with all that came when `until` is in it, or the connection ended. */
class Raw {
  readonly socket: Socket
  received = ''
  closed = false
  #wake: (() => void) | undefined

  constructor() {
    this.socket = connect(port, '127.0.0.1')
    this.socket.on('error', () => undefined)
    this.socket.on('data', (chunk: Buffer) => {
      this.received += chunk.toString('latin1')
      this.#wake?.()
    })
    this.socket.on('close', () => {
      this.closed = true
      this.#wake?.()
    })
  }

  async until(done: () => boolean): Promise<string> {
    while (!done() && !this.closed) await new Promise<void>((resolve) => (this.#wake = resolve))
    return this.received
  }

  end(): Promise<string> {
    return this.until(() => false)
  }
}

const plain = (topic: string, body = 'x'): string =>
  `POST /topics/${topic}?qos=1 HTTP/1.1\r\nhost: x\r\ncontent-length: ${body.length}\r\n\r\n${body}`

describe('Behind a proxy that speaks the PROXY protocol', () => {
  const header = 'PROXY TCP4 203.0.113.9 10.0.0.1 5000 8081\r\n'

  it('the address is that of the device, for all requests of the connection', async () => {
    await start({ proxyProtocol: true })
    const raw = new Raw()
    raw.socket.write(header + plain('a') + plain('b'))
    const messages = await sink.received(2)
    expect(messages.map(({ client }) => client.sourceIp)).toEqual(['203.0.113.9', '203.0.113.9'])
    for (const message of messages) message.settle('taken')
    expect(await raw.until(() => raw.received.split('"OK"').length > 2)).toContain('200 OK')
    raw.socket.destroy()
  })

  it('the header comes before TLS', async () => {
    const { ca, server } = makeCertificates('localhost')
    await start({ proxyProtocol: true, tls: server })
    const below = connect(port, '127.0.0.1')
    below.write(header)
    const createConnection = (): Socket => connectTls({ socket: below, ca, servername: 'localhost' })
    const answer = send('/topics/a?qos=1', 'x', { protocol: 'https:', createConnection })
    const [message] = await sink.received(1)
    expect(message!.client.sourceIp).toBe('203.0.113.9')
    message!.settle('taken')
    expect((await answer).status).toBe(200)
    below.destroy()
  })

  it('the rate of connections is that of the device', async () => {
    await start({ proxyProtocol: true, limits: { connectionsPerSecondPerAddress: 0.001 } })
    const all = [header, header, header.replace('203.0.113.9', '203.0.113.10')].map((first) => {
      const raw = new Raw()
      raw.socket.write(first + plain('a'))
      return raw
    })
    const messages = await sink.received(2)
    await counted('connections_refused', 1)
    expect(new Set(messages.map(({ client }) => client.sourceIp)).size).toBe(2)
    for (const { socket } of all) socket.destroy()
  })

  it('a connection without a header, or that never ends it, is closed and no address is believed', async () => {
    await start({ proxyProtocol: true, limits: { headersTimeout: 200 } })
    for (const bytes of [plain('a'), 'PROXY TCP4 203.0.113.9', '']) {
      const raw = new Raw()
      raw.socket.write(bytes)
      expect(await raw.end()).toBe('')
    }
    await ingest.close(0)
    await start()
    const raw = new Raw()
    raw.socket.write(header + plain('a'))
    expect(await raw.end()).toMatch(/^HTTP\/1.1 400 /)
  })
})

describe('A request to publish', () => {
  it('is answered when its message has settled, with the trace identifier of the message', async () => {
    await start()
    const bytes = Buffer.from(Array.from({ length: 256 }, (_, index) => index))
    const answer = send('/topics/a%2Fb?qos=1', bytes)
    const [message] = await sink.received(1)
    expect(message).toMatchObject({ topic: 'a/b', qos: 1, retain: false, properties: undefined })
    expect(message!.payload.equals(bytes)).toBe(true)
    expect(message!.client).toEqual({
      clientId: undefined,
      principal: undefined,
      sourceIp: '127.0.0.1',
      protocol: 'http',
    })
    expect(counts.get('acknowledged')).toBeUndefined()
    message!.settle('taken')
    const { status, headers, body } = await answer
    expect(status).toBe(200)
    expect(body).toEqual({ message: 'OK', traceId: message!.traceId })
    expect(body.traceId).toMatch(UUID)
    expect(headers).toMatchObject({ 'content-type': 'application/json', 'x-amzn-requestid': body.traceId })
  })

  it('is answered with 200 when no rule selects it, and with 503 when nothing could take it', async () => {
    await start()
    sink.settleWith = 'unmatched'
    expect((await send('/topics/a')).status).toBe(200)
    sink.settleWith = 'withheld'
    const answer = await send('/topics/a')
    expect(answer.status).toBe(503)
    expect(answer.headers).toMatchObject({ 'x-amzn-errortype': 'ServiceUnavailableException' })
    expect(answer.body.traceId).toBe(sink.messages[1]!.traceId)
    expect(logs).toContainEqual(
      expect.objectContaining({ event: 'publish.withheld', topic: 'a', traceId: answer.body.traceId }),
    )
    expect(Object.fromEntries(counts)).toMatchObject({ messages_unmatched: 1, messages_withheld: 1 })
  })

  it('takes an empty payload, and a chunked one', async () => {
    await start()
    sink.settleWith = 'taken'
    await send('/topics/a')
    await send('/topics/a', 'chunks', { headers: { 'transfer-encoding': 'chunked' } })
    expect(sink.messages.map(({ payload }) => payload.toString())).toEqual(['', 'chunks'])
  })

  it('past its deadline is told that the message may still be delivered', async () => {
    await start({ deadline: 100 })
    const answer = await send('/topics/a?qos=1', 'x')
    expect(answer.status).toBe(504)
    expect(answer.headers['x-amzn-errortype']).toBe('InternalFailureException')
    expect(answer.body.message).toContain('may still be delivered')
    expect(answer.body.traceId).toBe(sink.messages[0]!.traceId)
    sink.messages[0]!.settle('taken')
    expect(Object.fromEntries(counts)).toMatchObject({ deadlines_passed: 1, messages_taken: 1 })
    expect(ingest.stats()).toMatchObject({ requests: 0, waitingBytes: 0 })
  })

  it('that is wrong gets the error name of AWS and a trace identifier', async () => {
    await start()
    const answer = await send('/topics/a/%23', 'x')
    expect(answer.status).toBe(400)
    expect(answer.headers['x-amzn-errortype']).toBe('InvalidRequestException')
    expect(answer.body).toEqual({
      message: 'The topic contains a wildcard.',
      traceId: expect.stringMatching(UUID) as string,
    })
    expect(logs.at(-1)).toMatchObject({ event: 'publish.refused', code: 'PUBLISH_INVALID' })
    expect((await send('/topics/a', '', { method: 'GET' })).status).toBe(405)
    expect((await send('/nothing')).status).toBe(404)
  })
})

describe('Order', () => {
  it('of one connection is that of its requests, also when their answers come in another', async () => {
    await start()
    const raw = new Raw()
    raw.socket.write(['1', '2', '3'].map((topic) => plain(topic)).join(''))
    const messages = await sink.received(3)
    expect(messages.map(({ topic }) => topic)).toEqual(['1', '2', '3'])
    expect(new Set(messages.map(({ client }) => client)).size).toBe(1)
    for (const message of [...messages].reverse()) message.settle('taken')
    const text = await raw.until(() => raw.received.split('traceId').length > 3)
    const at = messages.map(({ traceId }) => text.indexOf(`"${traceId}"`))
    expect(at).toEqual([...at].sort((a, b) => a - b))
    raw.socket.destroy()
  })

  it('holds when an earlier request waits for its credentials to be checked', async () => {
    let admit: (() => void) | undefined
    const nobody = { ok: true, username: undefined, principal: undefined } as const
    await start({
      authenticate: ({ target }) =>
        target.includes('slow')
          ? new Promise((resolve) => (admit = () => resolve(nobody)))
          : Promise.resolve(nobody),
    })
    const raw = new Raw()
    raw.socket.write(plain('slow') + plain('quick'))
    await counted('requests_received', 2)
    expect(sink.messages).toEqual([])
    admit!()
    expect((await sink.received(2)).map(({ topic }) => topic)).toEqual(['slow', 'quick'])
    raw.socket.destroy()
  })
})

describe('A server without room', () => {
  it('lets requests wait in order, and hands them over when there is room', async () => {
    await start()
    sink.room = false
    sink.settleWith = 'taken'
    const raw = new Raw()
    raw.socket.write(plain('1') + plain('2'))
    await counted('bytes_received', 1)
    expect(sink.messages).toEqual([])
    expect(ingest.stats().waitingBytes).toBeGreaterThanOrEqual(1)
    sink.giveRoom()
    await raw.until(() => raw.received.split('"OK"').length > 2)
    expect(sink.messages.map(({ topic }) => topic)).toEqual(['1', '2'])
    expect(ingest.stats()).toMatchObject({ requests: 0, waitingBytes: 0 })
    raw.socket.destroy()
  })

  it('turns QoS 0 away at once, and QoS 1 at the deadline', async () => {
    await start({ deadline: 100 })
    sink.room = false
    for (const qos of [0, 1]) {
      const answer = await send(`/topics/a?qos=${qos}`, 'x')
      expect(answer.status).toBe(429)
      expect(answer.headers).toMatchObject({ 'x-amzn-errortype': 'ThrottlingException', 'retry-after': '1' })
    }
    sink.giveRoom()
    expect(sink.messages).toEqual([])
    expect(counts.get('requests_throttled')).toBe(2)
    expect(ingest.stats().waitingBytes).toBe(0)
  })

  it('forgets the requests of a client that has gone', async () => {
    await start()
    sink.room = false
    const raw = new Raw()
    raw.socket.write(plain('gone') + plain('gone/too'))
    await counted('bytes_received', 1)
    expect(ingest.stats().requests).toBe(2)
    raw.socket.destroy()
    await counted('connections_closed', 1)
    expect(ingest.stats()).toMatchObject({ requests: 0, waitingBytes: 0 })
    sink.settleWith = 'taken'
    sink.giveRoom()
    await send('/topics/next')
    expect(sink.messages.map(({ topic }) => topic)).toEqual(['next'])
  })
})

describe('Bounds', () => {
  it('on the payload: a longer one is answered with 413, declared or chunked', async () => {
    await start({ limits: { maxPayloadSize: 1_000 } })
    sink.settleWith = 'taken'
    const tooLong = Buffer.alloc(1_001)
    for (const headers of [{}, { 'transfer-encoding': 'chunked' }]) {
      const answer = await send('/topics/a', tooLong, { headers })
      expect(answer.status).toBe(413)
      expect(answer.headers['x-amzn-errortype']).toBe('RequestEntityTooLargeException')
    }
    expect((await send('/topics/a', Buffer.alloc(1_000))).status).toBe(200)
    expect(sink.messages).toHaveLength(1)
    expect(ingest.stats().waitingBytes).toBe(0)
  })

  it('on the payload: a client that asks first is refused before it sends', async () => {
    await start({ limits: { maxPayloadSize: 1_000 } })
    const raw = new Raw()
    const ask = (length: number): string =>
      `POST /topics/a HTTP/1.1\r\nhost: x\r\nexpect: 100-continue\r\ncontent-length: ${length}\r\n\r\n`
    raw.socket.write(ask(1_001))
    expect(await raw.end()).toMatch(/^HTTP\/1.1 413 (.|\r\n)*connection: close/)
    const polite = new Raw()
    polite.socket.write(ask(5))
    await polite.until(() => polite.received.includes('100 Continue'))
    polite.socket.write('bytes')
    const [message] = await sink.received(1)
    expect(message!.payload.toString()).toBe('bytes')
    polite.socket.destroy()
  })

  it('on a refused request: a client that never ends it is cut off', async () => {
    await start({ limits: { maxPayloadSize: 1_000 } })
    const raw = new Raw()
    raw.socket.write('POST /topics/a HTTP/1.1\r\nhost: x\r\ncontent-length: 99999999\r\n\r\n')
    const chunk = Buffer.alloc(65_536)
    const write = (): void => void (raw.socket.writable && raw.socket.write(chunk, write))
    write()
    expect(await raw.end()).toContain('413')
  })

  it('on requests that wait for an answer', async () => {
    await start({ limits: { maxRequests: 1 } })
    const first = send('/topics/a')
    await sink.received(1)
    const second = await send('/topics/b')
    expect(second.status).toBe(429)
    sink.messages[0]!.settle('taken')
    expect((await first).status).toBe(200)
  })

  it('on bytes that wait', async () => {
    await start({ limits: { waitingBytes: 1_000 } })
    sink.room = false
    const waiting = send('/topics/a?qos=1', Buffer.alloc(800))
    await counted('bytes_received', 800)
    expect((await send('/topics/b?qos=1', Buffer.alloc(800))).status).toBe(429)
    sink.settleWith = 'taken'
    sink.giveRoom()
    expect((await waiting).status).toBe(200)
  })

  it('on connections', async () => {
    await start({ limits: { maxConnections: 1 } })
    const agent = new Agent({ keepAlive: true })
    sink.settleWith = 'taken'
    await send('/topics/a', '', { agent })
    await expect(send('/topics/b')).rejects.toThrow()
    expect(counts.get('connections_refused')).toBe(1)
    agent.destroy()
  })

  it('on the rate of connections: those beyond it are closed unread, before TLS begins', async () => {
    const { server } = makeCertificates('device')
    await start({ limits: { connectionsPerSecond: 0.001 }, tls: server })
    const raw = [new Raw(), new Raw(), new Raw()]
    await Promise.all([raw[1]!.end(), raw[2]!.end()])
    expect(raw.map(({ closed, received }) => [closed, received])).toEqual([
      [false, ''],
      [true, ''],
      [true, ''],
    ])
    expect(counts.get('connections_rate_limited')).toBe(2)
    expect(counts.get('connections_opened')).toBe(1)
    expect(logs.filter(({ event }) => event === 'publish.connections_limited')).toMatchObject([
      { code: 'PUBLISH_CONNECTION_RATE_EXCEEDED', count: 1, sourceIp: '127.0.0.1' },
    ])
    for (const { socket } of raw) socket.destroy()
  })

  it.each([
    ['of messages of one client', { messagesPerSecondPerClient: 1 }, 'x', '1'],
    ['of messages in all', { messagesPerSecond: 1 }, 'x', '1'],
    ['of bytes of one client', { bytesPerSecondPerClient: 1_024 }, 'x'.repeat(1_200), '3'],
    ['of bytes in all', { bytesPerSecond: 1_024 }, 'x'.repeat(1_200), '3'],
  ])('on the rate %s: 429, which says when to try again', async (_, limits, body, retryAfter) => {
    await start({ limits })
    sink.settleWith = 'taken'
    const answers = await Promise.all(Array.from({ length: 8 }, () => send('/topics/a?qos=1', body)))
    const refused = answers.filter(({ status }) => status === 429)
    expect(answers.filter(({ status }) => status === 200).length).toBe(8 - refused.length)
    expect(refused.length).toBeGreaterThan(0)
    expect(sink.messages.length).toBe(8 - refused.length)
    const { headers } = refused[0]!
    expect(headers['x-amzn-errortype']).toBe('ThrottlingException')
    expect(Number(headers['retry-after'])).toBeGreaterThan(0)
    expect(Number(headers['retry-after'])).toBeLessThanOrEqual(Number(retryAfter) * 8)
    expect(counts.get('requests_throttled')).toBe(refused.length)
  })

  it('on requests that one connection sends without reading answers', async () => {
    await start()
    const raw = new Raw()
    raw.socket.write(plain('a').repeat(1_200))
    await raw.end()
    expect(raw.closed).toBe(true)
    expect(counts.get('protocol_faults')).toBe(1)
    await counted('connections_closed', 1)
    expect(ingest.stats().requests).toBe(0)
  })

  it('on headers', async () => {
    await start({ limits: { maxHeaderSize: 2_048 } })
    const raw = new Raw()
    raw.socket.write(`POST /topics/a HTTP/1.1\r\nhost: x\r\nlong: ${'x'.repeat(4_000)}\r\n\r\n`)
    expect(await raw.end()).toMatch(/^HTTP\/1.1 431 (.|\r\n)*InvalidRequestException/)
  })

  it('on time: headers and bodies that come too slowly are cut off with 408', async () => {
    await start({ limits: { headersTimeout: 200, requestTimeout: 400 } })
    const attempts = [
      '',
      'POST /topics/a HT',
      'POST /topics/a HTTP/1.1\r\nhost: x\r\ncontent-length: 9\r\n\r\n12',
    ]
    const texts = await Promise.all(
      attempts.map(async (bytes) => {
        const raw = new Raw()
        raw.socket.write(bytes)
        return raw.end()
      }),
    )
    for (const text of texts) expect(text).toMatch(/^HTTP\/1.1 408 (.|\r\n)*RequestTimeoutException/)
    expect(ingest.stats()).toMatchObject({ requests: 0, waitingBytes: 0 })
  })

  it('on time: a TLS handshake that does not end is cut off, however busy it is', async () => {
    const { server } = makeCertificates('device')
    await start({ limits: { headersTimeout: 300 }, tls: server })
    const silent = Array.from({ length: 20 }, () => new Raw())
    const busy = new Raw()
    const hello = Buffer.concat([Buffer.from([22, 3, 1, 2, 0, 1, 0, 1, 252, 3, 3]), Buffer.alloc(400)])
    let at = 0
    const timer = setInterval(() => busy.socket.write(hello.subarray(at, ++at)), 20)
    await Promise.all([busy, ...silent].map((raw) => raw.end()))
    clearInterval(timer)
    await counted('connections_closed', 21)
    expect(ingest.stats().connections).toBe(0)
  })

  it('on time: connections without a request are closed', async () => {
    await start({ limits: { keepAliveTimeout: 200 } })
    sink.settleWith = 'taken'
    const raw = new Raw()
    raw.socket.write(plain('a'))
    expect(await raw.end()).toContain('"OK"')
    expect(raw.closed).toBe(true)
  })

  it('on bytes that are no HTTP', async () => {
    await start()
    const raw = new Raw()
    raw.socket.write('\u0010\u0010\u0000\u0004MQTT\u0004')
    expect(await raw.end()).toMatch(/^HTTP\/1.1 400 (.|\r\n)*InvalidRequestException/)
    expect(logs.at(-1)).toMatchObject({ event: 'publish.protocol_fault', sourceIp: '127.0.0.1' })
  })

  it.each([
    ['two lengths', 'content-length: 1\r\ncontent-length: 2'],
    ['a length and chunks', 'content-length: 1\r\ntransfer-encoding: chunked'],
  ])('on requests that could be read in two ways: %s', async (_, headers) => {
    await start()
    const raw = new Raw()
    raw.socket.write(`POST /topics/a HTTP/1.1\r\nhost: x\r\n${headers}\r\n\r\n1`)
    expect(await raw.end()).toMatch(/^HTTP\/1.1 400 /)
    expect(sink.messages).toEqual([])
  })
})

describe('Access', () => {
  const basic = (user: string, password: string): RequestOptions => ({
    headers: { authorization: `Basic ${Buffer.from(`${user}:${password}`).toString('base64')}` },
  })

  it('by user name and password, with the access list', async () => {
    await start({
      anonymous: false,
      users: new Map([['ann', await hashPassword('sécret:x')]]),
      acl: [
        { effect: 'deny', topics: ['of/${clientId}/#'] },
        { effect: 'allow', users: ['ann'], topics: ['of/${username}/#', 'by/${clientId}'] },
        { effect: 'allow', clientIds: ['ann'], topics: ['#'] },
      ],
    })
    sink.settleWith = 'taken'
    // A denial whose variable has no value denies the branch.
    expect((await send('/topics/of/ann/a', 'x', basic('ann', 'sécret:x'))).status).toBe(403)
    const denied = await send('/topics/by/ann', 'x', basic('ann', 'sécret:x'))
    expect(denied.status).toBe(403)
    expect(denied.headers['x-amzn-errortype']).toBe('ForbiddenException')
    for (const options of [
      {},
      basic('ann', 'wrong'),
      basic('bob', 'sécret:x'),
      { headers: { authorization: 'Basic' } },
    ]) {
      const answer = await send('/topics/of/ann/a', 'x', options)
      expect(answer.status).toBe(401)
      expect(answer.headers).toMatchObject({
        'x-amzn-errortype': 'UnauthorizedException',
        'www-authenticate': expect.stringContaining('Basic') as string,
      })
    }
    expect(sink.messages).toEqual([])
    expect(JSON.stringify(logs)).not.toContain('cret')
    expect(counts.get('authentications_failed')).toBe(4)
  })

  it('by user name: the user is the principal, and each request of a connection is checked', async () => {
    await start({
      anonymous: false,
      users: new Map([
        ['ann', await hashPassword('a')],
        ['bob', await hashPassword('b')],
      ]),
      acl: [{ effect: 'allow', topics: ['of/${username}'] }],
    })
    sink.settleWith = 'taken'
    const agent = new Agent({ keepAlive: true, maxSockets: 1 })
    const as = (topic: string, user: string, password: string): Promise<Answer> =>
      send(`/topics/of/${topic}`, 'x', { ...basic(user, password), agent })
    expect((await as('ann', 'ann', 'a')).status).toBe(200)
    expect((await as('bob', 'bob', 'b')).status).toBe(200)
    expect((await as('ann', 'bob', 'b')).status).toBe(403)
    expect((await as('ann', 'ann', 'b')).status).toBe(401)
    expect((await send('/topics/of/ann', 'x', { agent })).status).toBe(401)
    expect(sink.messages.map(({ client }) => client.principal)).toEqual(['ann', 'bob'])
    expect(counts.get('connections_opened')).toBe(1)
    agent.destroy()
  })

  it('without credentials only where the listener admits it', async () => {
    await start({ anonymous: false })
    const answer = await send('/topics/a')
    expect(answer.status).toBe(401)
    expect(answer.headers['www-authenticate']).toBeUndefined()
  })

  it('by client certificate: its thumbprint is the principal, also when the TLS session is resumed', async () => {
    const made = makeCertificates('device-7')
    await start({
      anonymous: false,
      tls: { ...made.server, clientCa: made.ca },
      acl: [{ effect: 'allow', certificates: ['device-7'], topics: ['of/${cert:CN}/#'] }],
    })
    sink.settleWith = 'taken'
    const agent = new SecureAgent({ keepAlive: false })
    const options = { protocol: 'https:', agent, ca: made.ca, ...made.client } as RequestOptions
    expect((await send('/topics/of/device-7/a', 'x', options)).status).toBe(200)
    expect((await send('/topics/of/device-7/a', 'x', options)).status).toBe(200)
    expect((await send('/topics/of/device-8/a', 'x', options)).status).toBe(403)
    const thumbprint = createHash('sha256').update(new X509Certificate(made.client.cert).raw).digest('hex')
    expect(sink.messages.map(({ client }) => client.principal)).toEqual([thumbprint, thumbprint])
    const foreign = { ...options, agent: undefined, ...made.foreign } as RequestOptions
    await expect(send('/topics/of/device-7/a', 'x', foreign)).rejects.toThrow()
  })

  it('by another scheme, which may cover the payload and allow some topics alone', async () => {
    await start({
      anonymous: true,
      authenticate: ({ headers }) =>
        headers['digest'] === undefined
          ? undefined
          : {
              ok: 'pending',
              verify: (payload) =>
                createHash('sha256').update(payload).digest('hex') === headers['digest']
                  ? {
                      ok: true,
                      username: undefined,
                      principal: 'AROA:session',
                      mayPublish: (topic) => topic === 'a',
                    }
                  : { ok: false, busy: false, text: 'It is for another payload.', isForbidden: true },
            },
    })
    sink.settleWith = 'taken'
    const digest = createHash('sha256').update('x').digest('hex')
    expect((await send('/topics/a', 'x', { headers: { digest } })).status).toBe(200)
    const other = await send('/topics/a', 'y', { headers: { digest } })
    expect(other).toMatchObject({ status: 403, body: { message: 'It is for another payload.' } })
    expect((await send('/topics/b', 'x', { headers: { digest } })).status).toBe(403)
    expect((await send('/topics/b', 'x')).status).toBe(200)
    expect(sink.messages.map(({ client }) => client.principal)).toEqual(['AROA:session', undefined])
    await counted('authentications_failed', 1)
  })
})

describe('Stopping', () => {
  it('answers what is in hand and takes nothing more', async () => {
    await start()
    const agent = new Agent({ keepAlive: true, maxSockets: 1 })
    const raw = new Raw()
    raw.socket.write(plain('a'))
    const [message] = await sink.received(1)
    const closed = ingest.close(10_000)
    raw.socket.write(plain('b'))
    await counted('requests_refused', 1)
    message!.settle('taken')
    expect(await closed).toEqual({ unsettled: 0 })
    expect(await raw.end()).toMatch(/^HTTP\/1.1 200 OK(.|\r\n)*connection: close/i)
    await expect(send('/topics/c', '', { agent })).rejects.toThrow()
    expect(sink.messages).toHaveLength(1)
  })

  it('gives up at its deadline and says how many messages had not settled', async () => {
    await start()
    const answer = send('/topics/a').catch(() => 'cut off')
    await sink.received(1)
    expect(await ingest.close(50)).toEqual({ unsettled: 1 })
    expect(await answer).toBe('cut off')
  })

  it('names the address that it cannot listen on', async () => {
    await start()
    const second = createHttpIngest({ host: '127.0.0.1', port, deadline: 1_000 }, sink, {
      count: () => undefined,
      log: () => undefined,
    })
    await expect(second.listen()).rejects.toMatchObject({ code: 'PUBLISH_LISTEN_FAILED' })
  })
})
