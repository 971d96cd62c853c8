import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { connected, publish, start, type Running } from './helpers.ts'

let server: Running

beforeEach(async () => {
  server = await start()
})

afterEach(() => server.stop())

describe.each([4, 5] as const)('PUBLISH in protocol level %i', (version) => {
  it('is acknowledged with PUBACK only when its message has settled', async () => {
    const { client } = await connected(server.port, version)
    client.send(publish({ topic: 'a/b', payload: 'hello', messageId: 7 }), { cmd: 'pingreq' })
    const [message] = await server.sink.received(1)
    expect(message!.topic).toBe('a/b')
    expect(message!.payload.toString()).toBe('hello')
    expect(message!.qos).toBe(1)
    expect((await client.next())?.cmd).toBe('pingresp')
    message!.settle('taken')
    expect(await client.next()).toMatchObject({ cmd: 'puback', messageId: 7 })
    client.destroy()
  })

  it('with QoS 2 gets PUBREC when settled, is not passed twice, and ends with PUBCOMP', async () => {
    const { client } = await connected(server.port, version)
    client.send(publish({ qos: 2, messageId: 3 }))
    const [message] = await server.sink.received(1)
    client.send(publish({ qos: 2, messageId: 3, dup: true }))
    await server.events.counted('publishes_joined', 1)
    message!.settle('taken')
    expect(await client.next()).toMatchObject({ cmd: 'pubrec', messageId: 3 })
    client.send(publish({ qos: 2, messageId: 3, dup: true }))
    expect(await client.next()).toMatchObject({ cmd: 'pubrec', messageId: 3 })
    client.send({ cmd: 'pubrel', messageId: 3 })
    expect(await client.next()).toMatchObject({ cmd: 'pubcomp', messageId: 3 })
    expect(server.sink.messages).toHaveLength(1)
    client.destroy()
  })

  it('with QoS 0 reaches the sink and gets no answer', async () => {
    const { client } = await connected(server.port, version)
    client.send(publish({ qos: 0, payload: 'zero' }), { cmd: 'pingreq' })
    const [message] = await server.sink.received(1)
    message!.settle('taken')
    expect((await client.next())?.cmd).toBe('pingresp')
    client.destroy()
  })
})

it('PUBREL before PUBREC is a protocol error: it must not release a message that is still in flight', async () => {
  const { client } = await connected(server.port, 5)
  client.send(publish({ qos: 2, messageId: 3 }))
  await server.sink.received(1)
  client.send({ cmd: 'pubrel', messageId: 3 })
  expect(await client.next()).toMatchObject({ cmd: 'disconnect', reasonCode: 0x82 })
  client.destroy()
})
