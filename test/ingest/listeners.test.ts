import { X509Certificate } from 'node:crypto'
import { once } from 'node:events'
import { request } from 'node:http'
import { connect as connectTls } from 'node:tls'
import mqtt, { type IClientOptions } from 'mqtt'
import { generate } from 'mqtt-packet'
import { afterEach, beforeAll, describe, expect, it } from 'vitest'
import { WebSocket } from 'ws'
import { createMqttIngest, type ListenerOptions } from '../../src/ingest/index.ts'
import { makeCertificates, type Certificates } from './certificates.ts'
import { connectPacket, openRaw, publish, start, HandSink, RecordedEvents, type Running } from './helpers.ts'

let certificates: Certificates
let server: Running

beforeAll(() => {
  certificates = makeCertificates('device-7')
})

afterEach(() => server.stop())

async function listenWith(options: Partial<ListenerOptions>): Promise<void> {
  server = await start({
    listeners: [{ host: '127.0.0.1', port: 0, transport: 'tcp', anonymous: true, ...options }],
  })
  server.sink.settleWith = 'taken'
}

async function publishThrough(url: string, options: IClientOptions = {}): Promise<void> {
  const client = await mqtt.connectAsync(url, { reconnectPeriod: 0, ...options })
  await client.publishAsync('a/b', 'through', { qos: 1 })
  await client.endAsync()
}

const versions = [4, 5] as const

describe.each(versions)('MQTT.js with protocol level %i', (protocolVersion) => {
  it('publishes over TCP', async () => {
    await listenWith({})
    await publishThrough(`mqtt://127.0.0.1:${server.port}`, { protocolVersion })
    expect(server.sink.messages[0]!.client).toMatchObject({ sourceIp: '127.0.0.1', principal: undefined })
  })

  it('publishes over TLS', async () => {
    await listenWith({ tls: certificates.server })
    await publishThrough(`mqtts://127.0.0.1:${server.port}`, { protocolVersion, ca: certificates.ca })
    expect(server.sink.messages[0]!.client).toMatchObject({ sourceIp: '127.0.0.1', principal: undefined })
  })

  it('publishes over WebSocket', async () => {
    await listenWith({ transport: 'ws' })
    await publishThrough(`ws://127.0.0.1:${server.port}/mqtt`, { protocolVersion })
    expect(server.sink.messages[0]!.payload.toString()).toBe('through')
  })

  it('publishes over WebSocket with TLS and a client certificate', async () => {
    await listenWith({
      transport: 'ws',
      anonymous: false,
      tls: { ...certificates.server, clientCa: certificates.ca },
    })
    const wsOptions = { ...certificates.client, ca: certificates.ca }
    await publishThrough(`wss://127.0.0.1:${server.port}/mqtt`, { protocolVersion, wsOptions })
    expect(server.sink.messages[0]!.client.principal).toMatch(/^[0-9a-f]{64}$/)
  })
})

describe('Mutual TLS', () => {
  const mutual = (more: object = {}): Partial<ListenerOptions> => ({
    anonymous: false,
    tls: { ...certificates.server, clientCa: certificates.ca, ...more },
  })

  it('makes the fingerprint of the certificate the principal', async () => {
    await listenWith(mutual())
    await publishThrough(`mqtts://127.0.0.1:${server.port}`, { ...certificates.client, ca: certificates.ca })
    const expected = new X509Certificate(certificates.client.cert).fingerprint256
      .replaceAll(':', '')
      .toLowerCase()
    expect(server.sink.messages[0]!.client.principal).toBe(expected)
  })

  it.each(['none', 'foreign'])('refuses a client with certificate: %s', async (kind) => {
    await listenWith(mutual())
    const pair = kind === 'none' ? {} : certificates.foreign
    const socket = connectTls({ host: '127.0.0.1', port: server.port, ca: certificates.ca, ...pair })
    socket.on('error', () => undefined)
    socket.write(generate(connectPacket(4)))
    let received = 0
    socket.on('data', (chunk: Buffer) => (received += chunk.length))
    await new Promise((resolve) => socket.on('close', resolve))
    expect(received).toBe(0)
  })

  it('that is optional does not take a foreign certificate for an identity', async () => {
    await listenWith(mutual({ requireClientCertificate: false }))
    const url = `mqtts://127.0.0.1:${server.port}`
    const options = { ca: certificates.ca, ...certificates.foreign, reconnectPeriod: 0 }
    await expect(mqtt.connectAsync(url, options)).rejects.toThrow(/[Nn]ot authorized/)
  })

  it('with a key that does not fit is refused before the server starts', async () => {
    await listenWith({})
    const tls = { cert: certificates.server.cert, key: certificates.client.key }
    const options = { ack: 'delivered', onRefused: 'acknowledge' } as const
    expect(() =>
      createMqttIngest(
        { ...options, listeners: [{ host: '127.0.0.1', port: 0, transport: 'tcp', tls }] },
        new HandSink(),
        new RecordedEvents(),
      ),
    ).toThrow(expect.objectContaining({ code: 'MQTT_TLS_INVALID' }) as Error)
  })
})

describe('A WebSocket listener', () => {
  it('refuses other paths and clients that do not offer mqtt', async () => {
    await listenWith({ transport: 'ws' })
    for (const [path, protocol] of [
      ['/other', 'mqtt'],
      ['/mqtt', 'chat'],
    ]) {
      const socket = new WebSocket(`ws://127.0.0.1:${server.port}${path}`, protocol)
      const [error] = (await once(socket, 'error')) as [Error]
      expect(error.message).toContain('400')
    }
  })

  it('answers plain HTTP with 426', async () => {
    await listenWith({ transport: 'ws' })
    const sent = request({ host: '127.0.0.1', port: server.port, path: '/mqtt' })
    sent.end()
    const [response] = (await once(sent, 'response')) as [{ statusCode: number; resume(): void }]
    response.resume()
    expect(response.statusCode).toBe(426)
  })

  it('closes on a text frame', async () => {
    await listenWith({ transport: 'ws' })
    const socket = new WebSocket(`ws://127.0.0.1:${server.port}/mqtt`, 'mqtt')
    await once(socket, 'open')
    socket.on('error', () => undefined)
    socket.send('text')
    await once(socket, 'close')
  })

  it('takes packets that span messages', async () => {
    await listenWith({ transport: 'ws' })
    const socket = new WebSocket(`ws://127.0.0.1:${server.port}/mqtt`, 'mqtt')
    await once(socket, 'open')
    const bytes = Buffer.concat([generate(connectPacket(4)), generate(publish({ messageId: 1 }))])
    for (const byte of bytes) socket.send(Buffer.from([byte]))
    await server.sink.received(1)
    socket.terminate()
  })
})

describe('The PROXY protocol', () => {
  const v2 = (family: number, addresses: number[], command = 0x21): Buffer =>
    Buffer.concat([
      Buffer.from('\r\n\r\n\0\r\nQUIT\n', 'latin1'),
      Buffer.from([command, family, addresses.length >> 8, addresses.length & 255]),
      Buffer.from(addresses),
    ])
  const v6 = [0x20, 0x01, 0x0d, 0xb8, ...new Array<number>(11).fill(0), 7]
  const mapped = [...new Array<number>(10).fill(0), 255, 255, 10, 1, 2, 3]

  it.each([
    ['version 1', Buffer.from('PROXY TCP4 203.0.113.9 10.0.0.1 5000 1883\r\n'), '203.0.113.9'],
    ['version 1 with IPv6', Buffer.from('PROXY TCP6 2001:db8::9 ::1 5000 1883\r\n'), '2001:db8::9'],
    ['version 1 unknown', Buffer.from('PROXY UNKNOWN\r\n'), '127.0.0.1'],
    ['version 2', v2(0x11, [203, 0, 113, 8, 10, 0, 0, 1, 1, 2, 3, 4]), '203.0.113.8'],
    ['version 2 with IPv6', v2(0x21, [...v6, ...v6, 1, 2, 3, 4]), '2001:db8::7'],
    ['version 2 with mapped IPv4', v2(0x21, [...mapped, ...mapped, 1, 2, 3, 4]), '10.1.2.3'],
    [
      'version 2 with extensions',
      v2(0x11, [203, 0, 113, 8, 10, 0, 0, 1, 1, 2, 3, 4, 4, 0, 1, 0]),
      '203.0.113.8',
    ],
    ['version 2 local', v2(0, [], 0x20), '127.0.0.1'],
  ])('%s gives the device address, however it is cut', async (_, header, sourceIp) => {
    await listenWith({ proxyProtocol: true })
    const rest = Buffer.concat([generate(connectPacket(4)), generate(publish({ messageId: 1 }))])
    const whole = await openRaw(server.port)
    whole.send(Buffer.concat([header, rest]))
    const [message] = await server.sink.received(1)
    expect(message!.client.sourceIp).toBe(sourceIp)
    whole.destroy()
    const slow = await openRaw(server.port)
    slow.socket.setNoDelay(true)
    for (const byte of header) {
      slow.send(Buffer.from([byte]))
      await new Promise((resolve) => setImmediate(resolve))
    }
    slow.send(rest)
    const [, second] = await server.sink.received(2)
    expect(second!.client.sourceIp).toBe(sourceIp)
    slow.destroy()
  })

  it.each([
    ['is missing', generate(connectPacket(4))],
    ['has a bad address', Buffer.from('PROXY TCP4 1.2.3 10.0.0.1 5000 1883\r\n')],
    ['has a bad port', Buffer.from('PROXY TCP4 1.2.3.4 10.0.0.1 99999 1883\r\n')],
    ['never ends', Buffer.from(`PROXY TCP4 ${'1'.repeat(200)}`)],
    ['has an unknown command', v2(0x11, [1, 2, 3, 4, 5, 6, 7, 8, 0, 1, 0, 1], 0x25)],
    ['is too short for its family', v2(0x11, [1, 2, 3, 4])],
    ['announces far too much', Buffer.concat([v2(0x11, []).subarray(0, 14), Buffer.from([255, 255])])],
  ])('closes a connection whose header %s', async (_, bytes) => {
    await listenWith({ proxyProtocol: true })
    const client = await openRaw(server.port)
    client.send(bytes)
    expect(await client.next()).toBeUndefined()
  })

  it('is not believed where it is not enabled', async () => {
    await listenWith({})
    const client = await openRaw(server.port)
    client.send(Buffer.from('PROXY TCP4 203.0.113.9 10.0.0.1 5000 1883\r\n'), connectPacket(4))
    expect(await client.next()).toBeUndefined()
  })

  it.each([
    ['tls', 'tcp'],
    ['ws', 'ws'],
    ['wss', 'ws'],
  ] as const)('comes before %s', async (kind, transport) => {
    const tls = kind === 'ws' ? undefined : certificates.server
    await listenWith({ proxyProtocol: true, transport, tls })
    const raw = await openRaw(server.port)
    raw.socket.removeAllListeners('data')
    raw.send(Buffer.from('PROXY TCP4 203.0.113.9 10.0.0.1 5000 1883\r\n'))
    const bytes = Buffer.concat([generate(connectPacket(4)), generate(publish({ messageId: 1 }))])
    const socket =
      tls === undefined
        ? raw.socket
        : connectTls({ socket: raw.socket, ca: certificates.ca, host: '127.0.0.1' })
    if (transport === 'tcp') socket.write(bytes)
    else {
      const options = { createConnection: () => socket }
      const webSocket = new WebSocket(`ws://127.0.0.1:${server.port}/mqtt`, 'mqtt', options)
      if (tls !== undefined) await once(socket, 'secureConnect')
      await once(webSocket, 'open')
      webSocket.send(bytes)
    }
    const [message] = await server.sink.received(1)
    expect(message!.client.sourceIp).toBe('203.0.113.9')
    raw.destroy()
  })

  it('takes a header, a handshake and MQTT that arrive in one segment', async () => {
    await listenWith({ proxyProtocol: true, transport: 'ws' })
    const raw = await openRaw(server.port)
    raw.socket.removeAllListeners('data')
    const upgrade = [
      'PROXY TCP4 203.0.113.9 10.0.0.1 5000 1883',
      'GET /mqtt HTTP/1.1',
      'host: a',
      'connection: upgrade',
      'upgrade: websocket',
      'sec-websocket-version: 13',
      'sec-websocket-key: dGhlIHNhbXBsZSBub25jZQ==',
      'sec-websocket-protocol: mqtt',
    ]
    raw.send(Buffer.from(`${upgrade.join('\r\n')}\r\n\r\n`))
    const [chunk] = (await once(raw.socket, 'data')) as [Buffer]
    expect(chunk.toString('latin1')).toContain('101 Switching Protocols')
    raw.destroy()
  })
})

describe('A listener', () => {
  it('whose port is taken fails to start with its code', async () => {
    await listenWith({})
    const options = { ack: 'delivered', onRefused: 'acknowledge' } as const
    const second = createMqttIngest(
      { ...options, listeners: [{ host: '127.0.0.1', port: server.port, transport: 'tcp' }] },
      new HandSink(),
      new RecordedEvents(),
    )
    await expect(second.listen()).rejects.toMatchObject({ code: 'MQTT_LISTEN_FAILED' })
  })
})
