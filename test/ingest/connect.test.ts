import { afterEach, describe, expect, it, vi } from 'vitest'
import { connectPacket, connected, openRaw, publish, start, type Running } from './helpers.ts'

let server: Running

afterEach(() => server.stop())

describe('CONNECT', () => {
  it('tells an MQTT 5 client the limits and that there are no subscriptions', async () => {
    server = await start({ limits: { receiveMaximum: 50, maxPacketSize: 5_000, topicAliasMaximum: 7 } })
    const { connack, client } = await connected(server.port, 5, { keepalive: 30 })
    expect(connack).toMatchObject({
      reasonCode: 0,
      sessionPresent: false,
      properties: {
        receiveMaximum: 50,
        maximumPacketSize: 5_000,
        topicAliasMaximum: 7,
        wildcardSubscriptionAvailable: false,
        subscriptionIdentifiersAvailable: false,
        sharedSubscriptionAvailable: false,
      },
    })
    const { properties } = connack as { properties: Record<string, unknown> }
    // Announced, these would make clients drop retained or QoS 2 messages, or change what they asked for.
    for (const absent of ['retainAvailable', 'maximumQoS', 'serverKeepAlive', 'assignedClientIdentifier']) {
      expect(properties).not.toHaveProperty(absent)
    }
    client.destroy()
  })

  it('assigns a client identifier to a client without one', async () => {
    server = await start()
    const { connack, client } = await connected(server.port, 5, { clientId: '' })
    const { assignedClientIdentifier } = (connack as { properties: Record<string, unknown> }).properties
    expect(assignedClientIdentifier).toMatch(/^[0-9a-f-]{36}$/)
    client.send(publish({}))
    const [message] = await server.sink.received(1)
    expect(message!.client.clientId).toBe(assignedClientIdentifier)
    expect((await connected(server.port, 4, { clientId: '' })).connack).toMatchObject({ returnCode: 0 })
    client.destroy()
  })

  it('refuses a client identifier that is too long', async () => {
    server = await start({ limits: { maxClientIdBytes: 10 } })
    const four = await connected(server.port, 4, { clientId: 'x'.repeat(11) })
    expect(four.connack).toMatchObject({ returnCode: 2 })
    const five = await connected(server.port, 5, { clientId: 'x'.repeat(11) })
    expect(five.connack).toMatchObject({ reasonCode: 0x85, properties: { reasonString: expect.any(String) } })
    const quiet = await connected(server.port, 5, {
      clientId: 'x'.repeat(11),
      properties: { requestProblemInformation: false },
    })
    expect(quiet.connack).not.toHaveProperty('properties.reasonString')
  })

  it('replaces a keep-alive that is longer than the maximum and says so', async () => {
    server = await start({ limits: { keepAliveMaximum: 60 } })
    const { connack, client } = await connected(server.port, 5, { keepalive: 0 })
    expect(connack).toMatchObject({ properties: { serverKeepAlive: 60 } })
    client.destroy()
  })

  it('ends the older connection of the same client with 0x8E', async () => {
    server = await start()
    const older = await connected(server.port, 5)
    const newer = await connected(server.port, 5)
    expect(newer.connack).toMatchObject({ reasonCode: 0 })
    expect(await older.client.next()).toMatchObject({ cmd: 'disconnect', reasonCode: 0x8e })
    await older.client.end()
    newer.client.send({ cmd: 'pingreq' })
    expect(await newer.client.next()).toMatchObject({ cmd: 'pingresp' })
    newer.client.destroy()
  })

  it('that does not come in time closes the connection', async () => {
    server = await start({ limits: { connectTimeout: 50 } })
    const silent = await openRaw(server.port)
    const slow = await openRaw(server.port)
    slow.send(Buffer.from([0x10, 0x20, 0, 4]))
    await Promise.all([silent.end(), slow.end()])
  })

  it('is answered before a PUBLISH that came with it', async () => {
    server = await start()
    server.sink.settleWith = 'taken'
    const client = await openRaw(server.port)
    client.send(connectPacket(4), publish({ messageId: 4 }), publish({ messageId: 5 }))
    expect(await client.next()).toMatchObject({ cmd: 'connack' })
    expect(await client.next()).toMatchObject({ cmd: 'puback', messageId: 4 })
    expect(await client.next()).toMatchObject({ cmd: 'puback', messageId: 5 })
    client.destroy()
  })

  it('beyond the maximum number of connections is closed at once', async () => {
    server = await start({ limits: { maxConnections: 1 } })
    const { client } = await connected(server.port)
    const second = await openRaw(server.port)
    await second.end()
    client.destroy()
  })
})

describe('Keep-alive', () => {
  it('that runs out closes the connection with 0x8D and sends the will', async () => {
    server = await start()
    const { client } = await connected(server.port, 5, {
      keepalive: 1,
      will: { topic: 'gone', payload: 'p', qos: 0 },
    })
    expect(await client.next()).toMatchObject({ cmd: 'disconnect', reasonCode: 0x8d })
    const [will] = await server.sink.received(1)
    expect(will!.topic).toBe('gone')
  })

  it('does not run out while the server itself is not reading', async () => {
    server = await start({ limits: { deferredBytes: 1_000 } })
    server.sink.room = false
    const { client } = await connected(server.port, 4, { keepalive: 1 })
    for (let id = 1; id <= 50; id++) client.send(publish({ messageId: id, payload: 'x'.repeat(100) }))
    // Longer than one and a half times the keep-alive: only time shows that nothing happens.
    await new Promise((resolve) => setTimeout(resolve, 2_300))
    expect(client.closed).toBe(false)
    server.sink.settleWith = 'taken'
    server.sink.giveRoom()
    for (let id = 1; id <= 50; id++)
      expect(await client.next()).toMatchObject({ cmd: 'puback', messageId: id })
    client.destroy()
  })
})

describe('A wall clock that steps by an hour', () => {
  it.each([3_600_000, -3_600_000])('(%i ms) ends no connection', async (step) => {
    server = await start()
    const { client } = await connected(server.port, 4, { keepalive: 30 })
    const before = Date.now
    vi.spyOn(Date, 'now').mockImplementation(() => before() + step)
    try {
      // Longer than connections are looked at: only time shows that nothing happens.
      await new Promise((resolve) => setTimeout(resolve, 1_200))
      expect(client.closed).toBe(false)
    } finally {
      vi.restoreAllMocks()
    }
    client.destroy()
  })
})

describe('SUBSCRIBE and UNSUBSCRIBE', () => {
  it('fail in 3.1.1 without ending the connection', async () => {
    server = await start()
    const { client } = await connected(server.port, 4)
    const subscriptions = [
      { topic: 'a', qos: 0 as const },
      { topic: 'b/#', qos: 1 as const },
    ]
    client.send({ cmd: 'subscribe', messageId: 9, subscriptions })
    expect(await client.next()).toMatchObject({ cmd: 'suback', messageId: 9, granted: [0x80, 0x80] })
    client.send({ cmd: 'unsubscribe', messageId: 10, unsubscriptions: ['a'] })
    expect(await client.next()).toMatchObject({ cmd: 'unsuback', messageId: 10 })
    client.send({ cmd: 'pingreq' })
    expect(await client.next()).toMatchObject({ cmd: 'pingresp' })
    client.destroy()
  })

  it.each([true, false])('fail in 5 with a code for each filter (problem information %s)', async (wanted) => {
    server = await start()
    const properties = { requestProblemInformation: wanted }
    const { client } = await connected(server.port, 5, { properties })
    const subscriptions = ['a', 'b/#', '$share/g/a', 'a/#/b'].map((topic) => ({
      topic,
      qos: 0 as const,
      rh: 0,
    }))
    client.send({ cmd: 'subscribe', messageId: 9, subscriptions })
    const suback = await client.next()
    expect(suback).toMatchObject({ cmd: 'suback', granted: [0x83, 0xa2, 0x9e, 0x8f] })
    expect('properties' in suback! && suback.properties !== undefined).toBe(wanted)
    client.send({ cmd: 'unsubscribe', messageId: 10, unsubscriptions: ['a', 'b'] })
    expect(await client.next()).toMatchObject({ cmd: 'unsuback', granted: [0x11, 0x11] })
    client.destroy()
  })
})
