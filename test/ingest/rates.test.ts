import { once } from 'node:events'
import { connect } from 'node:net'
import mqtt from 'mqtt'
import { generate } from 'mqtt-packet'
import { afterEach, beforeAll, describe, expect, it } from 'vitest'
import { type ListenerOptions, type MqttLimits } from '../../src/ingest/index.ts'
import { makeCertificates, type Certificates } from './certificates.ts'
import {
  connected,
  connectPacket,
  openRaw,
  publish,
  start,
  type ConnectFields,
  type RawClient,
  type Running,
} from './helpers.ts'

let server: Running
let certificates: Certificates

beforeAll(() => {
  certificates = makeCertificates('device-7')
})

afterEach(() => server.stop())

async function limited(limits: Partial<MqttLimits>, listener: Partial<ListenerOptions> = {}): Promise<void> {
  server = await start({
    limits,
    listeners: [{ host: '127.0.0.1', port: 0, transport: 'tcp', anonymous: true, ...listener }],
  })
  server.sink.settleWith = 'taken'
}

const client = async (clientId: string, more: ConnectFields = {}, version: 4 | 5 = 4): Promise<RawClient> =>
  (await connected(server.port, version, { clientId, ...more })).client

/** Sends QoS 1 messages all at once; packet identifiers are 1 to `count`. */
function flood({ socket }: RawClient, count: number, size = 10): void {
  const payload = Buffer.alloc(size, 120)
  socket.write(
    Buffer.concat(Array.from({ length: count }, (_, n) => generate(publish({ messageId: n + 1, payload })))),
  )
}

async function acknowledged(from: RawClient, count: number): Promise<void> {
  for (let id = 1; id <= count; id += 1)
    expect(await from.next()).toMatchObject({ cmd: 'puback', messageId: id })
}

const counted = (name: Parameters<Running['events']['counts']['get']>[0]): number =>
  server.events.counts.get(name) ?? 0

describe('A client over its rate of messages', () => {
  it('is read more slowly: all is acknowledged, in order, and others notice nothing', async () => {
    await limited({ messagesPerSecondPerClient: 100 })
    const greedy = await client('greedy')
    const modest = await client('modest')
    const began = performance.now()
    flood(greedy, 250)
    flood(modest, 50)
    await acknowledged(modest, 50)
    expect(
      server.sink.messages.filter(({ client: { clientId } }) => clientId === 'greedy').length,
    ).toBeLessThan(250)
    await acknowledged(greedy, 250)
    expect(performance.now() - began).toBeGreaterThan(1_450)
    const told = server.events.logs.filter(({ event }) => event === 'mqtt.publishers_paced')
    expect(told).toMatchObject([{ code: 'MQTT_PUBLISH_RATE_EXCEEDED', clientId: 'greedy', count: 1 }])
    // A hundred at once, and no more than a hundred after each stop.
    expect(counted('publishes_paced')).toBeGreaterThan(1)
    greedy.destroy()
    modest.destroy()
  })

  it('finds no new allowance by connecting again', async () => {
    await limited({ messagesPerSecondPerClient: 20 })
    const first = await client('greedy')
    const began = performance.now()
    flood(first, 20)
    await acknowledged(first, 20)
    first.destroy()
    const second = await client('greedy')
    flood(second, 10)
    await acknowledged(second, 10)
    expect(performance.now() - began).toBeGreaterThan(400)
    second.destroy()
  })

  it('is stopped by TCP and not by memory', async () => {
    await limited({ messagesPerSecondPerClient: 10 })
    const greedy = await client('greedy')
    const megabytes = 24
    flood(greedy, megabytes * 10, 100_000)
    await server.sink.received(10)
    await server.events.counted('publishes_paced', 3)
    // What was not read is with the kernel and the client.
    expect(counted('bytes_received')).toBeLessThan(megabytes * 100_000 * 2)
    expect(greedy.socket.writableLength).toBeGreaterThan(megabytes * 500_000)
    expect(server.ingest.stats().deferredBytes).toBe(0)
    greedy.destroy()
    await server.events.counted('connections_closed', 1)
  })

  it('keeps its connection for longer than its keep-alive, and PINGREQ is answered in its turn', async () => {
    await limited({ messagesPerSecondPerClient: 10 })
    const greedy = await client('greedy', { keepalive: 1 })
    flood(greedy, 35)
    greedy.send({ cmd: 'pingreq' })
    await acknowledged(greedy, 35)
    expect(await greedy.next()).toMatchObject({ cmd: 'pingresp' })
    greedy.destroy()
  })

  it('loses nothing of QoS 2 either', async () => {
    await limited({ messagesPerSecondPerClient: 40 })
    const device = await mqtt.connectAsync(`mqtt://127.0.0.1:${server.port}`, { protocolVersion: 5 })
    await Promise.all(Array.from({ length: 60 }, (_, n) => device.publishAsync('a/b', String(n), { qos: 2 })))
    expect(server.sink.messages.map(({ payload }) => Number(payload.toString()))).toEqual(
      Array.from({ length: 60 }, (_, n) => n),
    )
    await device.endAsync()
  })

  it.each(['tcp', 'ws'] as const)('is read more slowly over %s with TLS as well', async (transport) => {
    await limited({ messagesPerSecondPerClient: 20 }, { transport, tls: certificates.server })
    const url = `${transport === 'tcp' ? 'mqtts' : 'wss'}://127.0.0.1:${server.port}/mqtt`
    const device = await mqtt.connectAsync(url, { ca: certificates.ca })
    const began = performance.now()
    await Promise.all(Array.from({ length: 32 }, () => device.publishAsync('a/b', 'x', { qos: 1 })))
    expect(performance.now() - began).toBeGreaterThan(500)
    await device.endAsync()
  })

  it('whose connection ends while it waits is forgotten', async () => {
    await limited({ messagesPerSecondPerClient: 5, messagesPerSecond: 6 })
    for (const id of ['a', 'b', 'c']) {
      const greedy = await client(id)
      flood(greedy, 20)
      await server.events.counted('publishes_paced', 1)
      greedy.destroy()
    }
    await server.events.counted('connections_closed', 3)
    const next = await client('next')
    flood(next, 1)
    await acknowledged(next, 1)
    next.destroy()
  })
})

describe('A client over its rate of bytes', () => {
  it('waits until what it sent has been paid for, however large', async () => {
    await limited({ bytesPerSecondPerClient: 100_000 })
    const greedy = await client('greedy')
    const began = performance.now()
    flood(greedy, 4, 50_000)
    await acknowledged(greedy, 4)
    expect(performance.now() - began).toBeGreaterThan(450)
    greedy.destroy()
  })
})

describe('All clients over their rate together', () => {
  it('take turns, so that one that floods starves none', async () => {
    await limited({ messagesPerSecond: 200 })
    const greedy = await client('greedy')
    const modest = await Promise.all(Array.from({ length: 10 }, (_, n) => client(`modest-${n}`)))
    flood(greedy, 5_000)
    await server.sink.received(200)
    for (const each of modest) flood(each, 10)
    await Promise.all(modest.map((each) => acknowledged(each, 10)))
    const taken = server.sink.messages.filter((message) => message.client.clientId === 'greedy')
    // 200 before, ten in its turns, and what comes in while the last answers are on their way; it has sent 5,000.
    expect(taken.length).toBeLessThan(600)
    for (const each of [greedy, ...modest]) each.destroy()
  })

  it('take turns by bytes', async () => {
    await limited({ bytesPerSecond: 200_000 })
    const greedy = await client('greedy')
    const modest = await client('modest')
    flood(greedy, 1_000, 10_000)
    await server.sink.received(20)
    const before = server.sink.messages.length
    flood(modest, 10, 1_000)
    await acknowledged(modest, 10)
    expect(server.sink.messages.length - before).toBeLessThan(40)
    greedy.destroy()
    modest.destroy()
  })
})

describe('Connections over their rate', () => {
  it('are closed before anything is read, counted each and told of once', async () => {
    await limited({ connectionsPerSecond: 5 })
    const clients = await Promise.all(Array.from({ length: 40 }, () => openRaw(server.port, 5)))
    for (const [index, each] of clients.entries()) each.send(connectPacket(5, { clientId: `c${index}` }))
    const answers = await Promise.all(clients.map((each) => each.next()))
    const admitted = answers.filter((answer) => answer?.cmd === 'connack').length
    expect(admitted).toBeGreaterThanOrEqual(5)
    expect(admitted).toBeLessThan(40)
    expect(counted('connections_rate_limited')).toBe(40 - admitted)
    expect(counted('connections_refused')).toBe(40 - admitted)
    const told = server.events.logs.filter(({ event }) => event === 'mqtt.connections_limited')
    expect(told).toMatchObject([{ code: 'MQTT_CONNECTION_RATE_EXCEEDED', count: 1, sourceIp: '127.0.0.1' }])
    for (const each of clients) each.destroy()
  })

  it('are closed before TLS begins', async () => {
    await limited({ connectionsPerSecondPerAddress: 0.001 }, { tls: certificates.server })
    const first = connect(server.port, '127.0.0.1')
    await once(first, 'connect')
    const second = connect(server.port, '127.0.0.1')
      .on('error', () => undefined)
      .resume()
    await once(second, 'close')
    expect(second.bytesRead).toBe(0)
    expect(first.closed).toBe(false)
    first.destroy()
  })

  it('are counted by the address of the device behind a proxy', async () => {
    await limited({ connectionsPerSecondPerAddress: 0.001 }, { proxyProtocol: true })
    const through = async (address: string): Promise<string | undefined> => {
      const raw = await openRaw(server.port)
      raw.send(Buffer.from(`PROXY TCP4 ${address} 10.0.0.1 5000 1883\r\n`))
      raw.send(connectPacket(4, { clientId: address }))
      const answer = await raw.next()
      raw.destroy()
      return answer?.cmd
    }
    const [other, ...same] = await Promise.all(
      ['203.0.113.2', ...new Array<string>(4).fill('203.0.113.1')].map(through),
    )
    expect(other).toBe('connack')
    expect(same.filter((answer) => answer === 'connack')).toHaveLength(1)
    expect(same.filter((answer) => answer === undefined)).toHaveLength(3)
    expect(counted('connections_rate_limited')).toBe(3)
  })

  it.each([
    [5, { cmd: 'connack', reasonCode: 0x9f }],
    [4, { cmd: 'connack', returnCode: 3 }],
  ] as const)(
    'of one client are told why in MQTT level %i, once it is known who it is',
    async (version, answer) => {
      await limited({ connectionsPerSecondPerClient: 0.001 })
      const second = await openRaw(server.port, version)
      const first = await client('same', {}, version)
      second.send(connectPacket(version, { clientId: 'same' }))
      expect(await second.next()).toMatchObject(answer)
      await second.end()
      expect(server.events.logs).toContainEqual(
        expect.objectContaining({ event: 'mqtt.connect_refused', code: 'MQTT_CONNECTION_RATE_EXCEEDED' }),
      )
      // It does not take the place of the connection that there is.
      first.send(publish({ messageId: 1 }))
      await acknowledged(first, 1)
      first.destroy()
    },
  )
})
