import { afterEach, describe, expect, it } from 'vitest'
import { connected, publish, start, type ConnectFields, type Running } from './helpers.ts'

let server: Running

afterEach(() => server.stop())

const will = { topic: 'will/topic', payload: Buffer.from('gone'), qos: 1, retain: false }
const session = { sessionExpiryInterval: 100 }
const delayed = (seconds: number, fields: ConnectFields = {}): ConnectFields => ({
  clean: false,
  properties: session,
  will: { ...will, properties: { willDelayInterval: seconds, contentType: 'text' } },
  ...fields,
})

describe('A will', () => {
  it('is sent after the connection has broken, after its own messages', async () => {
    server = await start()
    const { client } = await connected(server.port, 4, { will })
    client.send(publish({ messageId: 1 }), publish({ messageId: 2 }))
    await server.sink.received(2)
    client.destroy()
    const messages = await server.sink.received(3)
    expect(messages[2]).toMatchObject({ topic: 'will/topic', qos: 1, client: { clientId: 'device' } })
    expect(messages[2]!.client).toBe(messages[0]!.client)
    messages[2]!.settle('taken')
    expect(server.events.counts.get('messages_taken')).toBe(1)
  })

  it('is not sent after DISCONNECT, and is after DISCONNECT with 0x04', async () => {
    server = await start()
    const { client } = await connected(server.port, 5, { will })
    client.send({ cmd: 'disconnect', reasonCode: 0 })
    await client.end()
    await server.events.counted('connections_closed', 1)
    expect(server.sink.messages).toHaveLength(0)
    const second = await connected(server.port, 5, { will })
    second.client.send({ cmd: 'disconnect', reasonCode: 4 })
    await server.sink.received(1)
  })

  it('is sent after a protocol error', async () => {
    server = await start()
    const { client } = await connected(server.port, 5, { will })
    client.send(Buffer.from([0xc1, 0]))
    await server.sink.received(1)
  })

  it('is sent when another connection takes over', async () => {
    server = await start()
    await connected(server.port, 4, { will })
    const { client } = await connected(server.port, 4)
    await server.sink.received(1)
    client.destroy()
  })

  it('with a delay waits for it', async () => {
    server = await start()
    const { client } = await connected(server.port, 5, delayed(1))
    client.destroy()
    await server.events.counted('connections_closed', 1)
    const closedAt = Date.now()
    expect(server.sink.messages).toHaveLength(0)
    const [message] = await server.sink.received(1)
    expect(Date.now() - closedAt).toBeGreaterThan(900)
    expect(message).toMatchObject({ topic: 'will/topic', properties: { contentType: 'text' } })
  })

  it('with a delay is cancelled when its session goes on', async () => {
    server = await start()
    const { client } = await connected(server.port, 5, delayed(1))
    client.destroy()
    await server.events.counted('connections_closed', 1)
    const back = await connected(server.port, 5, { clean: false, properties: session })
    expect(back.connack).toMatchObject({ sessionPresent: true })
    expect(server.events.counts.get('wills_cancelled')).toBe(1)
    back.client.destroy()
  })

  it('with a delay is sent at once when the session ends first', async () => {
    server = await start()
    const { client } = await connected(server.port, 5, delayed(100))
    client.destroy()
    await server.events.counted('connections_closed', 1)
    const back = await connected(server.port, 5, { clean: true })
    await server.sink.received(1)
    back.client.destroy()
    // A session that ends with its connection bounds the delay to nothing.
    const short = await connected(server.port, 5, { ...delayed(100), properties: undefined, clean: true })
    short.client.destroy()
    await server.sink.received(2)
  })

  it('waits for room in the sink', async () => {
    server = await start()
    server.sink.room = false
    const { client } = await connected(server.port, 4, { will })
    client.destroy()
    await server.events.counted('connections_closed', 1)
    expect(server.sink.messages).toHaveLength(0)
    server.sink.giveRoom()
    expect(server.sink.messages).toHaveLength(1)
  })

  it('beyond the bound turns its client away', async () => {
    server = await start({ limits: { maxWills: 1 } })
    const first = await connected(server.port, 5, { will, clientId: 'one' })
    const second = await connected(server.port, 5, { will, clientId: 'two' })
    expect(second.connack).toMatchObject({ reasonCode: 0x97 })
    first.client.send({ cmd: 'disconnect', reasonCode: 0 })
    await first.client.end()
    const third = await connected(server.port, 5, { will, clientId: 'two' })
    expect(third.connack).toMatchObject({ reasonCode: 0 })
    third.client.destroy()
  })
})
