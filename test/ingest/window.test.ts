import { afterEach, describe, expect, it } from 'vitest'
import { connected, publish, start, type Running } from './helpers.ts'

let server: Running

afterEach(() => server.stop())

const topics = (running: Running): string[] => running.sink.messages.map(({ payload }) => payload.toString())

describe('A full window', () => {
  it('holds messages back in order while PINGREQ and PUBREL are answered', async () => {
    server = await start({ limits: { receiveMaximum: 2 } })
    const { client } = await connected(server.port, 4)
    client.send(publish({ qos: 2, messageId: 9, payload: '0' }))
    const [zero] = await server.sink.received(1)
    zero!.settle('taken')
    expect(await client.next()).toMatchObject({ cmd: 'pubrec', messageId: 9 })
    for (const id of [1, 2, 3, 4]) client.send(publish({ messageId: id, payload: String(id) }))
    client.send({ cmd: 'pubrel', messageId: 9 }, { cmd: 'pingreq' })
    expect(await client.next()).toMatchObject({ cmd: 'pubcomp', messageId: 9 })
    expect(await client.next()).toMatchObject({ cmd: 'pingresp' })
    expect(topics(server)).toEqual(['0', '1', '2'])
    server.sink.messages[2]!.settle('taken')
    expect(await client.next()).toMatchObject({ cmd: 'puback', messageId: 2 })
    expect(topics(server)).toEqual(['0', '1', '2', '3'])
    server.sink.messages[1]!.settle('taken')
    expect(topics(server)).toEqual(['0', '1', '2', '3', '4'])
    client.destroy()
  })

  it('is bounded in bytes as well, and one message always fits', async () => {
    server = await start({ limits: { windowBytes: 1_000 } })
    const { client } = await connected(server.port, 4)
    for (const id of [1, 2, 3]) client.send(publish({ messageId: id, payload: `${id}`.repeat(2_000) }))
    client.send({ cmd: 'pingreq' })
    await client.next()
    expect(server.sink.messages).toHaveLength(1)
    server.sink.messages[0]!.settle('taken')
    expect(server.sink.messages).toHaveLength(2)
    client.destroy()
  })

  it('lets nothing small pass by what does not fit', async () => {
    server = await start({ limits: { windowBytes: 4_000 } })
    const { client } = await connected(server.port, 4)
    client.send(publish({ messageId: 1, payload: '1'.repeat(1_000) }))
    client.send(publish({ messageId: 2, payload: '2'.repeat(3_500) }))
    client.send(publish({ messageId: 3, payload: '3' }), { cmd: 'pingreq' })
    expect(await client.next()).toMatchObject({ cmd: 'pingresp' })
    expect(server.sink.messages).toHaveLength(1)
    server.sink.settleWith = 'taken'
    server.sink.messages[0]!.settle('taken')
    await server.sink.received(3)
    expect(topics(server).map(([first]) => first)).toEqual(['1', '2', '3'])
    client.destroy()
  })

  it('counts what a small payload keeps in memory: not the rest of what came with it', async () => {
    server = await start()
    const { client } = await connected(server.port, 4)
    client.send(publish({ qos: 0, payload: 'x'.repeat(20_000) }), publish({ messageId: 1, payload: 'small' }))
    const [, small] = await server.sink.received(2)
    expect(small!.payload.toString()).toBe('small')
    expect(small!.payload.buffer.byteLength).toBeLessThanOrEqual(Buffer.poolSize)
    client.destroy()
  })

  it('stops reading beyond the deferred bound, and goes on without loss', async () => {
    server = await start({ limits: { receiveMaximum: 1, deferredBytes: 10_000 } })
    const { client } = await connected(server.port, 4)
    const count = 2_000
    for (let id = 1; id <= count; id++) client.send(publish({ messageId: id, payload: 'x'.repeat(5_000) }))
    await server.sink.received(1)
    // Megabytes were sent; what the server holds is its bound and one receive buffer.
    expect(server.ingest.stats().deferredBytes).toBeLessThan(10_000 + 65_536 * 2)
    server.sink.settleWith = 'taken'
    server.sink.messages[0]!.settle('taken')
    for (let id = 1; id <= count; id++)
      expect(await client.next()).toMatchObject({ cmd: 'puback', messageId: id })
    expect(server.ingest.stats().deferredBytes).toBe(0)
    client.destroy()
  })

  it('of all connections together stops reading from each of them', async () => {
    server = await start({ limits: { deferredBytesTotal: 50_000 } })
    server.sink.room = false
    const clients = await Promise.all(
      [1, 2, 3, 4].map(async (n) => (await connected(server.port, 4, { clientId: `client-${n}` })).client),
    )
    const each = 500
    for (const client of clients)
      for (let id = 1; id <= each; id++) client.send(publish({ messageId: id, payload: 'x'.repeat(5_000) }))
    await server.events.counted('publishes_received', 10)
    await new Promise((resolve) => setTimeout(resolve, 200))
    // Ten megabytes were sent: what waits is the bound and one receive buffer of each.
    expect(server.ingest.stats().deferredBytes).toBeLessThan(50_000 + 4 * 65_536 * 2)
    server.sink.settleWith = 'taken'
    server.sink.giveRoom()
    await server.sink.received(each * 4)
    for (const client of clients) client.destroy()
  })

  it('in the sink makes connections wait until there is room', async () => {
    server = await start()
    server.sink.room = false
    const first = await connected(server.port, 4, { clientId: 'one' })
    const second = await connected(server.port, 4, { clientId: 'two' })
    first.client.send(publish({ messageId: 1 }), { cmd: 'pingreq' })
    second.client.send(publish({ messageId: 2 }), { cmd: 'pingreq' })
    await Promise.all([first.client.next(), second.client.next()])
    expect(server.sink.messages).toHaveLength(0)
    server.sink.settleWith = 'taken'
    server.sink.giveRoom()
    expect(await first.client.next()).toMatchObject({ cmd: 'puback', messageId: 1 })
    expect(await second.client.next()).toMatchObject({ cmd: 'puback', messageId: 2 })
    first.client.destroy()
    second.client.destroy()
  })

  it('drops and counts QoS 0 beyond the bound', async () => {
    server = await start({ limits: { deferredBytes: 2_000 } })
    server.sink.room = false
    const { client } = await connected(server.port, 4)
    for (let sent = 0; sent < 20; sent++) client.send(publish({ qos: 0, payload: 'x'.repeat(1_000) }))
    client.send({ cmd: 'pingreq' })
    expect(await client.next()).toMatchObject({ cmd: 'pingresp' })
    const dropped = server.events.counts.get('qos0_dropped') ?? 0
    expect(dropped).toBeGreaterThan(15)
    server.sink.giveRoom()
    expect(server.sink.messages).toHaveLength(20 - dropped)
    client.destroy()
  })
})

describe('The Receive Maximum', () => {
  it('closes an MQTT 5 connection that exceeds it with 0x93', async () => {
    server = await start({ limits: { receiveMaximum: 3 } })
    const { client } = await connected(server.port, 5)
    for (const id of [1, 2, 3, 4]) client.send(publish({ messageId: id }))
    expect(await client.next()).toMatchObject({ cmd: 'disconnect', reasonCode: 0x93 })
  })

  it('counts a QoS 2 message no longer once PUBREC is sent', async () => {
    server = await start({ limits: { receiveMaximum: 1 } })
    server.sink.settleWith = 'taken'
    const { client } = await connected(server.port, 5)
    for (const id of [1, 2, 3]) {
      client.send(publish({ qos: 2, messageId: id }))
      expect(await client.next()).toMatchObject({ cmd: 'pubrec', messageId: id })
    }
    client.destroy()
  })
})

describe('Settlement', () => {
  it('of a message that no rule took is told as 0x10 in MQTT 5', async () => {
    server = await start()
    server.sink.settleWith = 'unmatched'
    const { client } = await connected(server.port, 5)
    client.send(publish({ messageId: 1 }), publish({ qos: 2, messageId: 2 }))
    expect(await client.next()).toMatchObject({ cmd: 'puback', reasonCode: 0x10 })
    expect(await client.next()).toMatchObject({ cmd: 'pubrec', reasonCode: 0x10 })
    client.send({ cmd: 'pubrel', messageId: 2 })
    expect(await client.next()).toMatchObject({ cmd: 'pubcomp', reasonCode: 0 })
    client.send({ cmd: 'pubrel', messageId: 2 })
    expect(await client.next()).toMatchObject({ cmd: 'pubcomp', reasonCode: 0x92 })
    client.destroy()
  })

  it.each([4, 5] as const)(
    'withheld closes a level %i connection unacknowledged, without its will',
    async (version) => {
      server = await start()
      const { client } = await connected(server.port, version, {
        will: { topic: 'will', payload: 'w', qos: 1 },
      })
      client.send(publish({ messageId: 1 }), publish({ messageId: 2 }))
      const messages = await server.sink.received(2)
      messages[0]!.settle('withheld')
      messages[1]!.settle('taken')
      const answer = await client.next()
      if (version === 5) expect(answer).toMatchObject({ cmd: 'disconnect', reasonCode: 0x89 })
      else expect(answer).toBeUndefined()
      await client.end()
      await server.events.counted('connections_closed', 1)
      expect(server.sink.messages).toHaveLength(2)
      expect(server.events.counts.get('wills_withheld')).toBe(1)
    },
  )

  it('with ack: received is not waited for', async () => {
    server = await start({ ack: 'received' })
    const { client } = await connected(server.port, 5)
    client.send(publish({ messageId: 1 }), publish({ qos: 2, messageId: 2 }))
    expect(await client.next()).toMatchObject({ cmd: 'puback', messageId: 1, reasonCode: 0 })
    expect(await client.next()).toMatchObject({ cmd: 'pubrec', messageId: 2 })
    for (const message of server.sink.messages) message.settle('withheld')
    client.send({ cmd: 'pubrel', messageId: 2 })
    expect(await client.next()).toMatchObject({ cmd: 'pubcomp', messageId: 2 })
    client.destroy()
  })

  it('with ack: received and QoS 2 does not stand in the way of the next message with its identifier', async () => {
    server = await start({ ack: 'received' })
    const persistent = { clean: false, properties: { sessionExpiryInterval: 3600 } }
    const before = await connected(server.port, 5, persistent)
    before.client.send(publish({ qos: 2, messageId: 1, payload: 'first' }))
    expect(await before.client.next()).toMatchObject({ cmd: 'pubrec', messageId: 1 })
    before.client.send({ cmd: 'pubrel', messageId: 1 })
    expect(await before.client.next()).toMatchObject({ cmd: 'pubcomp', messageId: 1 })
    before.client.destroy()
    await server.events.counted('connections_closed', 1)
    server.sink.messages[0]!.settle('taken')
    const after = await connected(server.port, 5, persistent)
    after.client.send(publish({ qos: 2, messageId: 1, payload: 'second' }))
    expect(await after.client.next()).toMatchObject({ cmd: 'pubrec', messageId: 1 })
    expect(server.sink.messages.map(({ payload }) => payload.toString())).toEqual(['first', 'second'])
    after.client.destroy()
  })

  it('is acknowledged in the order of settlement, and twice settled is acknowledged once', async () => {
    server = await start()
    const { client } = await connected(server.port, 4)
    client.send(publish({ messageId: 1 }), publish({ messageId: 2 }))
    const messages = await server.sink.received(2)
    messages[1]!.settle('taken')
    messages[1]!.settle('taken')
    messages[0]!.settle('taken')
    expect(await client.next()).toMatchObject({ cmd: 'puback', messageId: 2 })
    expect(await client.next()).toMatchObject({ cmd: 'puback', messageId: 1 })
    client.destroy()
  })
})

describe('A resend', () => {
  it('of a message in flight joins it across connections', async () => {
    server = await start()
    const fields = { clean: false, clientId: 'resender' }
    const before = await connected(server.port, 4, fields)
    before.client.send(publish({ messageId: 1, payload: 'same' }))
    const [message] = await server.sink.received(1)
    before.client.destroy()
    await server.events.counted('connections_closed', 1)
    const after = await connected(server.port, 4, fields)
    after.client.send(publish({ messageId: 1, payload: 'same', dup: true }), { cmd: 'pingreq' })
    expect(await after.client.next()).toMatchObject({ cmd: 'pingresp' })
    expect(server.sink.messages).toHaveLength(1)
    message!.settle('taken')
    expect(await after.client.next()).toMatchObject({ cmd: 'puback', messageId: 1 })
    after.client.destroy()
  })

  it('of a client without a session joins its original as well, also when that session has ended', async () => {
    server = await start()
    const fields = { clean: true, clientId: 'forgetful' }
    const before = await connected(server.port, 4, fields)
    before.client.send(publish({ messageId: 1, payload: 'one' }))
    const [message] = await server.sink.received(1)
    before.client.destroy()
    await server.events.counted('connections_closed', 1)
    const { client } = await connected(server.port, 4, fields)
    client.send(publish({ messageId: 1, payload: 'one', dup: true }), { cmd: 'pingreq' })
    expect(await client.next()).toMatchObject({ cmd: 'pingresp' })
    expect(server.sink.messages).toHaveLength(1)
    message!.settle('taken')
    expect(await client.next()).toMatchObject({ cmd: 'puback', messageId: 1 })
    client.destroy()
  })

  it('that joined a message in flight counts for the window of its new connection', async () => {
    server = await start({ limits: { receiveMaximum: 1 } })
    const fields = { clean: false, clientId: 'resender' }
    const before = await connected(server.port, 4, fields)
    before.client.send(publish({ messageId: 1, payload: 'one' }))
    const [message] = await server.sink.received(1)
    before.client.destroy()
    await server.events.counted('connections_closed', 1)
    const { client } = await connected(server.port, 4, fields)
    client.send(publish({ messageId: 1, payload: 'one', dup: true }))
    client.send(publish({ messageId: 2, payload: 'two' }), { cmd: 'pingreq' })
    expect(await client.next()).toMatchObject({ cmd: 'pingresp' })
    expect(topics(server)).toEqual(['one'])
    message!.settle('taken')
    expect(await client.next()).toMatchObject({ cmd: 'puback', messageId: 1 })
    expect(topics(server)).toEqual(['one', 'two'])
    client.destroy()
  })

  it('with other bytes, without DUP, or after settlement is a message of its own', async () => {
    server = await start()
    const { client } = await connected(server.port, 4)
    client.send(publish({ messageId: 1, payload: 'one' }))
    client.send(publish({ messageId: 1, payload: 'two', dup: true }))
    client.send(publish({ messageId: 1, payload: 'two' }))
    const messages = await server.sink.received(3)
    for (const message of [...messages]) message.settle('taken')
    client.send(publish({ messageId: 1, payload: 'two', dup: true }))
    expect(await server.sink.received(4)).toHaveLength(4)
    client.destroy()
  })

  it('does not find messages of a dead connection that were never passed on', async () => {
    server = await start()
    server.sink.room = false
    const fields = { clean: false, clientId: 'waiter' }
    const before = await connected(server.port, 4, fields)
    before.client.send(publish({ messageId: 1 }), { cmd: 'pingreq' })
    await before.client.next()
    before.client.destroy()
    await server.events.counted('deferred_dropped', 1)
    const after = await connected(server.port, 4, fields)
    after.client.send(publish({ messageId: 1, dup: true }), { cmd: 'pingreq' })
    await after.client.next()
    server.sink.settleWith = 'taken'
    server.sink.giveRoom()
    expect(await after.client.next()).toMatchObject({ cmd: 'puback', messageId: 1 })
    expect(server.sink.messages).toHaveLength(1)
    after.client.destroy()
  })
})

describe('Properties and aliases', () => {
  it('reach the message, repeated user properties in their order', async () => {
    server = await start()
    const { client } = await connected(server.port, 5)
    // Written by hand: MQTT.js groups user properties by key.
    const user = Buffer.from('2600016100013126000162000132260001610001330101', 'hex')
    const more = Buffer.from('020000003c0300046a736f6e080003722f730900020102', 'hex')
    const properties = Buffer.concat([Buffer.from([user.length + more.length]), user, more])
    const body = Buffer.concat([Buffer.from([0, 1, 0x74, 0, 1]), properties, Buffer.from('payload')])
    client.send(Buffer.concat([Buffer.from([0x33, body.length]), body]))
    const [message] = await server.sink.received(1)
    expect(message).toMatchObject({ topic: 't', retain: true, qos: 1 })
    expect(message!.payload.toString()).toBe('payload')
    expect(message!.properties).toEqual({
      payloadFormatIndicator: 1,
      messageExpiryInterval: 60,
      contentType: 'json',
      responseTopic: 'r/s',
      correlationData: Buffer.from([1, 2]),
      userProperties: [
        ['a', '1'],
        ['b', '2'],
        ['a', '3'],
      ],
    })
    expect(server.events.counts.get('retained_received')).toBe(1)
    client.destroy()
  })

  it('resolve to the topic, which may be set anew', async () => {
    server = await start()
    const { client } = await connected(server.port, 5)
    const send = (topic: string, messageId: number): void =>
      client.send(publish({ topic, messageId, properties: { topicAlias: 3 } }))
    send('first/topic', 1)
    send('', 2)
    send('second/topic', 3)
    send('', 4)
    const messages = await server.sink.received(4)
    expect(messages.map(({ topic }) => topic)).toEqual([
      'first/topic',
      'first/topic',
      'second/topic',
      'second/topic',
    ])
    client.destroy()
  })

  it('are bounded over all connections: who has long ones is closed, and leaves room for others', async () => {
    server = await start({ limits: { aliasBytesTotal: 60_000 } })
    server.sink.settleWith = 'taken'
    const long = (alias: number): ReturnType<typeof publish> =>
      publish({ qos: 0, topic: 'x'.repeat(20_000 + alias), properties: { topicAlias: alias } })
    const clients = []
    for (const clientId of ['one', 'two']) {
      const { client } = await connected(server.port, 5, { clientId })
      client.send(long(1), long(1), publish({ messageId: 1 }))
      expect(await client.next()).toMatchObject({ cmd: 'puback' })
      clients.push(client)
    }
    const third = (await connected(server.port, 5, { clientId: 'three' })).client
    third.send(publish({ topic: 'short', messageId: 1, properties: { topicAlias: 1 } }))
    expect(await third.next()).toMatchObject({ cmd: 'puback' })
    third.send(long(2))
    expect(await third.next()).toMatchObject({ cmd: 'disconnect', reasonCode: 0x97 })
    for (const client of clients) client.destroy()
    await server.events.counted('connections_closed', 3)
    const fourth = (await connected(server.port, 5, { clientId: 'four' })).client
    fourth.send(long(1), long(2), publish({ messageId: 1 }))
    expect(await fourth.next()).toMatchObject({ cmd: 'puback' })
    fourth.destroy()
  })
})
