import { once } from 'node:events'
import { connect, type Socket } from 'node:net'
import { connect as connectSecure } from 'node:tls'
import mqtt from 'mqtt'
import { generate } from 'mqtt-packet'
import { afterEach, beforeAll, describe, expect, it } from 'vitest'
import { WebSocket } from 'ws'
import { hashPassword, type ListenerOptions, type MqttLimits } from '../../src/ingest/index.ts'
import { makeCertificates, type Certificates } from './certificates.ts'
import { connected, connectPacket, openRaw, publish, start, type Running } from './helpers.ts'

const CONNECT_TIMEOUT = 400
const DRIP_MS = 20

let server: Running
let certificates: Certificates
const open: Socket[] = []

beforeAll(() => {
  certificates = makeCertificates('device-7')
})

afterEach(async () => {
  for (const socket of open.splice(0)) socket.destroy()
  await server.stop()
})

async function listen(
  listener: Partial<ListenerOptions> = {},
  limits: Partial<MqttLimits> = { connectTimeout: CONNECT_TIMEOUT },
): Promise<void> {
  server = await start({
    limits,
    listeners: [{ host: '127.0.0.1', port: 0, transport: 'tcp', anonymous: true, ...listener }],
  })
  server.sink.settleWith = 'taken'
}

async function socketTo(port: number): Promise<Socket> {
  const socket = connect(port, '127.0.0.1').on('error', () => undefined)
  open.push(socket)
  await once(socket, 'connect')
  return socket
}

/** Resolves when the socket has closed, however. */
const closing = (socket: Socket): Promise<void> =>
  new Promise((resolve) => socket.once('close', () => resolve()))

/** Sends one byte after the other, as slowly as the time-out allows, until the server closes. */
async function drip(
  socket: Socket,
  bytes: Buffer,
  write = (byte: Buffer) => socket.write(byte),
): Promise<number> {
  const began = performance.now()
  let at = 0
  const timer = setInterval(() => write(bytes.subarray(at, ++at)), DRIP_MS)
  socket.resume()
  await closing(socket)
  clearInterval(timer)
  return performance.now() - began
}

const CONNECT = generate(connectPacket(5, { clientId: 'x'.repeat(200) }))
const UPGRADE = Buffer.from(
  `GET /mqtt HTTP/1.1\r\nhost: a\r\nconnection: upgrade\r\nupgrade: websocket\r\nlong: ${'x'.repeat(400)}`,
)
/** The beginning of a TLS record with a ClientHello that never ends. */
const CLIENT_HELLO = Buffer.concat([Buffer.from([22, 3, 1, 2, 0, 1, 0, 1, 252, 3, 3]), Buffer.alloc(400, 7)])

describe('A client that takes too long', () => {
  it.each([
    ['with its CONNECT', {}, CONNECT],
    ['with its PROXY header', { proxyProtocol: true }, Buffer.from(`PROXY TCP4 ${'1'.repeat(90)}`)],
    ['with its TLS handshake', { tls: 'server' }, CLIENT_HELLO],
    ['with its WebSocket upgrade', { transport: 'ws' }, UPGRADE],
    ['with its TLS handshake for WebSocket', { transport: 'ws', tls: 'server' }, CLIENT_HELLO],
  ] as const)('%s is cut off in time, however busy it is', async (_, listener, bytes) => {
    await listen({ ...listener, tls: 'tls' in listener ? certificates.server : undefined })
    const lasted = await drip(await socketTo(server.port), bytes)
    expect(lasted).toBeGreaterThan(CONNECT_TIMEOUT * 0.9)
    // A tick of the server is a quarter of a second; the rest is for a busy machine.
    expect(lasted).toBeLessThan(CONNECT_TIMEOUT + 10_000)
    if (server.events.counts.has('connections_opened')) await server.events.counted('connections_closed', 1)
    expect(server.ingest.stats().connections).toBe(0)
  })

  it('with its CONNECT behind TLS, or behind WebSocket, is cut off as well', async () => {
    await listen({ tls: certificates.server })
    const secure = connectSecure({ port: server.port, host: '127.0.0.1', ca: certificates.ca })
    secure.on('error', () => undefined)
    await once(secure, 'secureConnect')
    expect(await drip(secure, CONNECT)).toBeLessThan(CONNECT_TIMEOUT + 10_000)
    await server.stop()
    await listen({ transport: 'ws' })
    const webSocket = new WebSocket(`ws://127.0.0.1:${server.port}/mqtt`, 'mqtt')
    webSocket.on('error', () => undefined)
    await once(webSocket, 'open')
    let at = 0
    const timer = setInterval(() => webSocket.send(CONNECT.subarray(at, ++at)), DRIP_MS)
    await once(webSocket, 'close')
    clearInterval(timer)
    await server.events.counted('connections_closed', 1)
  })

  it.each([
    ['plain TCP', {}],
    ['TLS', { tls: 'server' }],
    ['WebSocket', { transport: 'ws' }],
    ['a proxy', { proxyProtocol: true }],
  ] as const)('and says nothing at all over %s is cut off', async (_, listener) => {
    await listen({ ...listener, tls: 'tls' in listener ? certificates.server : undefined })
    const sockets = await Promise.all(Array.from({ length: 50 }, () => socketTo(server.port)))
    await Promise.all(sockets.map((socket) => closing(socket.resume())))
    if (server.events.counts.has('connections_opened')) await server.events.counted('connections_closed', 50)
    expect(server.ingest.stats().connections).toBe(0)
  })

  it('takes nothing from others: they connect and publish while hundreds of it are open', async () => {
    await listen({}, { connectTimeout: 30_000, maxConnections: 400 })
    const slow = await Promise.all(Array.from({ length: 399 }, () => socketTo(server.port)))
    for (const socket of slow) socket.write(CONNECT.subarray(0, 50))
    const device = await mqtt.connectAsync(`mqtt://127.0.0.1:${server.port}`)
    await device.publishAsync('a/b', 'x', { qos: 1 })
    await device.endAsync()
  })
})

describe('What clients may send before they are let in', () => {
  it('is bounded over all of them; those with a common CONNECT are let in all the same', async () => {
    await listen({}, { earlyBytesTotal: 200_000 })
    const large = generate(
      connectPacket(5, { will: { topic: 'will', payload: Buffer.alloc(60_000), qos: 1 } }),
    )
    const sockets = await Promise.all(Array.from({ length: 10 }, () => socketTo(server.port)))
    for (const socket of sockets) socket.resume().write(large.subarray(0, 50_000))
    await server.events.counted('connections_refused', 6)
    const device = await mqtt.connectAsync(`mqtt://127.0.0.1:${server.port}`)
    await device.endAsync()
    for (const socket of sockets) socket.destroy()
    await server.events.counted('connections_closed', 11)
    expect(server.events.logs).toContainEqual(
      expect.objectContaining({ event: 'mqtt.connect_refused', code: 'MQTT_QUOTA_EXCEEDED' }),
    )
    // Nothing of it is left: the same fits again.
    const again = await socketTo(server.port)
    again.write(large)
    expect((await once(again, 'data'))[0]).toMatchObject({ 0: 0x20, 3: 0 })
  })

  it('is not read while credentials are checked, and is not lost', async () => {
    const users = new Map([['user', await hashPassword('secret')]])
    server = await start({ users })
    server.sink.settleWith = 'taken'
    const client = await openRaw(server.port, 4)
    const payload = Buffer.alloc(100_000)
    client.send(connectPacket(4, { username: 'user', password: Buffer.from('secret') }))
    for (let id = 1; id <= 40; id += 1) client.send(publish({ messageId: id, payload }))
    expect(await client.next()).toMatchObject({ cmd: 'connack', returnCode: 0 })
    for (let id = 1; id <= 40; id += 1)
      expect(await client.next()).toMatchObject({ cmd: 'puback', messageId: id })
    client.destroy()
  })
})

describe('Packets that do not arrive whole', () => {
  const packet = generate(publish({ messageId: 1, payload: Buffer.alloc(100_000) }))

  it('are bounded over all connections; what is sent in one piece goes on', async () => {
    await listen({}, { partialBytesTotal: 300_000 })
    const clients = await Promise.all(
      Array.from(
        { length: 8 },
        async (_, n) => (await connected(server.port, 5, { clientId: `c${n}` })).client,
      ),
    )
    for (const client of clients) client.send(packet.subarray(0, 60_000))
    await server.events.counted('protocol_faults', 3)
    const refused = clients.filter(({ packets }) => packets.length > 0)
    for (const client of refused)
      expect(await client.next()).toMatchObject({ cmd: 'disconnect', reasonCode: 0x97 })
    expect(server.events.logs).toContainEqual(
      expect.objectContaining({ event: 'mqtt.protocol_fault', code: 'MQTT_QUOTA_EXCEEDED' }),
    )
    const device = await mqtt.connectAsync(`mqtt://127.0.0.1:${server.port}`)
    await device.publishAsync('a/b', 'x', { qos: 1 })
    await device.endAsync()
    for (const client of clients) client.destroy()
    await server.events.counted('connections_closed', 9)
    const { client } = await connected(server.port, 5, { clientId: 'next' })
    for (const piece of [packet.subarray(0, 60_000), packet.subarray(60_000)]) client.send(piece)
    expect(await client.next()).toMatchObject({ cmd: 'puback' })
    client.destroy()
  })

  it('are bounded in WebSocket messages too, whose frames the library keeps', async () => {
    await listen({ transport: 'ws' }, { partialBytesTotal: 300_000, connectTimeout: 30_000 })
    const sockets = await Promise.all(
      Array.from({ length: 8 }, async () => {
        const webSocket = new WebSocket(`ws://127.0.0.1:${server.port}/mqtt`, 'mqtt')
        webSocket.on('error', () => undefined)
        await once(webSocket, 'open')
        return webSocket
      }),
    )
    const closed = sockets.map((webSocket) => once(webSocket, 'close'))
    // A frame that announces 100,000 bytes and brings half of them.
    const header = Buffer.from([0x82, 0x80 | 127, 0, 0, 0, 0, 0, 1, 0x86, 0xa0, 0, 0, 0, 0])
    for (const webSocket of sockets) {
      const { _socket: socket } = webSocket as unknown as { _socket: Socket }
      socket.write(Buffer.concat([header, packet.subarray(0, 60_000)]))
    }
    await Promise.race(closed)
    const device = await mqtt.connectAsync(`ws://127.0.0.1:${server.port}/mqtt`)
    await device.publishAsync('a/b', 'x', { qos: 1 })
    await device.endAsync()
    for (const webSocket of sockets) webSocket.terminate()
    await Promise.all(closed)
  })

  it('have nothing to do with pings of WebSocket, of which nothing is kept', async () => {
    await listen({ transport: 'ws' }, { partialBytesTotal: 300_000, connectTimeout: 30_000 })
    const pinging = new WebSocket(`ws://127.0.0.1:${server.port}/mqtt`, 'mqtt')
    await once(pinging, 'open')
    let pongs = 0
    const hasClosed = once(pinging, 'close')
    while (pongs < 4_000 && pinging.readyState === WebSocket.OPEN) {
      const answered = once(pinging, 'pong')
      pinging.ping(Buffer.alloc(125))
      await Promise.race([answered.then(() => (pongs += 1)), hasClosed])
    }
    expect(pongs).toBe(4_000)
    pinging.terminate()
  })
})
