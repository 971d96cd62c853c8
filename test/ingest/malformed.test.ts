import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { parser, type Packet } from 'mqtt-packet'
import { connectPacket, connected, openRaw, publish, start, type Running } from './helpers.ts'

let server: Running

beforeAll(async () => {
  server = await start({ limits: { maxPacketSize: 2_000, topicAliasMaximum: 4, connectTimeout: 60_000 } })
  server.sink.settleWith = 'taken'
})

afterAll(() => server.stop())

const text = (value: string | Buffer): Buffer => {
  const bytes = Buffer.from(value)
  return Buffer.concat([Buffer.from([bytes.length >> 8, bytes.length & 255]), bytes])
}

const packet = (first: number, ...body: (Buffer | number[])[]): Buffer => {
  const bytes = Buffer.concat(body.map((part) => Buffer.from(part)))
  if (bytes.length > 127) throw new Error('too long for this helper')
  return Buffer.concat([Buffer.from([first, bytes.length]), bytes])
}

const properties = (...parts: (Buffer | number[])[]): Buffer => {
  const bytes = Buffer.concat(parts.map((part) => Buffer.from(part)))
  return Buffer.concat([Buffer.from([bytes.length]), bytes])
}

/** Name, bytes after CONNECT, reason code in MQTT 5; `only` when the case exists in one version. */
const cases: { name: string; bytes: Buffer; bytes5?: Buffer; code: number; only?: 4 | 5 }[] = [
  {
    name: 'QoS 3',
    bytes: packet(0x36, text('a'), [0, 1]),
    bytes5: packet(0x36, text('a'), [0, 1, 0]),
    code: 0x81,
  },
  {
    name: 'DUP with QoS 0',
    bytes: packet(0x38, text('a')),
    bytes5: packet(0x38, text('a'), [0]),
    code: 0x81,
  },
  {
    name: 'packet identifier 0',
    bytes: packet(0x32, text('a'), [0, 0]),
    bytes5: packet(0x32, text('a'), [0, 0, 0]),
    code: 0x81,
  },
  { name: 'a PUBLISH that ends inside its topic', bytes: packet(0x30, [0, 9, 0x61]), code: 0x81 },
  {
    name: 'a PUBLISH that ends before its packet identifier',
    bytes: packet(0x32, text('a'), [0]),
    code: 0x81,
  },
  { name: 'a PUBLISH with an empty body', bytes: packet(0x30), code: 0x81 },
  {
    name: 'a topic with +',
    bytes: packet(0x30, text('a/+')),
    bytes5: packet(0x30, text('a/+'), [0]),
    code: 0x90,
  },
  {
    name: 'a topic with #',
    bytes: packet(0x30, text('a/#')),
    bytes5: packet(0x30, text('a/#'), [0]),
    code: 0x90,
  },
  {
    name: 'a topic with U+0000',
    bytes: packet(0x30, text('a\0b')),
    bytes5: packet(0x30, text('a\0b'), [0]),
    code: 0x81,
  },
  {
    name: 'a topic with bad UTF-8',
    bytes: packet(0x30, text(Buffer.from([0xc3, 0x28]))),
    bytes5: packet(0x30, text(Buffer.from([0xc3, 0x28])), [0]),
    code: 0x81,
  },
  {
    name: 'a topic with a surrogate',
    bytes: packet(0x30, text(Buffer.from([0xed, 0xa0, 0x80]))),
    bytes5: packet(0x30, text(Buffer.from([0xed, 0xa0, 0x80])), [0]),
    code: 0x81,
  },
  { name: 'an empty topic in 3.1.1', bytes: packet(0x30, text('')), code: 0x81, only: 4 },
  { name: 'an empty topic without an alias', bytes: packet(0x30, text(''), [0]), code: 0x82, only: 5 },
  {
    name: 'a remaining length of five bytes',
    bytes: Buffer.from([0x30, 0xff, 0xff, 0xff, 0xff, 1]),
    code: 0x81,
  },
  { name: 'a remaining length longer than needed', bytes: Buffer.from([0xc0, 0x80, 0x00]), code: 0x81 },
  { name: 'reserved flags of PINGREQ', bytes: packet(0xc1), code: 0x81 },
  { name: 'reserved flags of PUBREL', bytes: packet(0x60, [0, 1]), code: 0x81 },
  {
    name: 'reserved flags of SUBSCRIBE',
    bytes: packet(0x80, [0, 1], text('a'), [0]),
    bytes5: packet(0x80, [0, 1, 0], text('a'), [0]),
    code: 0x81,
  },
  { name: 'a PINGREQ with a body', bytes: packet(0xc0, [1]), code: 0x81 },
  { name: 'packet type 0', bytes: packet(0x00), code: 0x82 },
  { name: 'a second CONNECT', bytes: packet(0x10, text('MQTT'), [4, 2, 0, 0], text('x')), code: 0x82 },
  { name: 'a CONNACK from a client', bytes: packet(0x20, [0, 0]), code: 0x82 },
  { name: 'a PUBACK from a client', bytes: packet(0x40, [0, 1]), code: 0x82 },
  { name: 'a SUBACK from a client', bytes: packet(0x90, [0, 1, 0]), code: 0x82 },
  { name: 'an AUTH packet', bytes: packet(0xf0), code: 0x82 },
  { name: 'PUBREL with packet identifier 0', bytes: packet(0x62, [0, 0]), code: 0x81 },
  { name: 'PUBREL with trailing bytes', bytes: packet(0x62, [0, 1, 0, 0, 9]), code: 0x81 },
  {
    name: 'SUBSCRIBE without a filter',
    bytes: packet(0x82, [0, 1]),
    bytes5: packet(0x82, [0, 1, 0]),
    code: 0x82,
  },
  {
    name: 'SUBSCRIBE with QoS 3',
    bytes: packet(0x82, [0, 1], text('a'), [3]),
    bytes5: packet(0x82, [0, 1, 0], text('a'), [3]),
    code: 0x81,
  },
  {
    name: 'SUBSCRIBE with packet identifier 0',
    bytes: packet(0x82, [0, 0], text('a'), [0]),
    bytes5: packet(0x82, [0, 0, 0], text('a'), [0]),
    code: 0x81,
  },
  {
    name: 'UNSUBSCRIBE without a filter',
    bytes: packet(0xa2, [0, 1]),
    bytes5: packet(0xa2, [0, 1, 0]),
    code: 0x82,
  },
  { name: 'DISCONNECT with a body in 3.1.1', bytes: packet(0xe0, [0]), code: 0x81, only: 4 },
  { name: 'DISCONNECT with a reason only servers have', bytes: packet(0xe0, [0x8b]), code: 0x81, only: 5 },
  {
    name: 'DISCONNECT that makes a session of none',
    bytes: packet(0xe0, [0], properties([0x11, 0, 0, 0, 9])),
    code: 0x82,
    only: 5,
  },
  {
    name: 'a property that PUBLISH does not have',
    bytes: packet(0x30, text('a'), properties([0x11, 0, 0, 0, 1])),
    code: 0x81,
    only: 5,
  },
  {
    name: 'an unknown property',
    bytes: packet(0x30, text('a'), properties([0x77, 1])),
    code: 0x81,
    only: 5,
  },
  {
    name: 'a property twice',
    bytes: packet(0x30, text('a'), properties([0x02, 0, 0, 0, 1, 0x02, 0, 0, 0, 1])),
    code: 0x82,
    only: 5,
  },
  {
    name: 'a payload format indicator of 2',
    bytes: packet(0x30, text('a'), properties([0x01, 2])),
    code: 0x82,
    only: 5,
  },
  {
    name: 'a property that reaches over the end of the properties',
    bytes: packet(0x30, text('a'), [4, 0x03, 0, 9, 0x61, 0x61, 0x61, 0x61, 0x61, 0x61, 0x61, 0x61]),
    code: 0x81,
    only: 5,
  },
  {
    name: 'properties longer than the packet',
    bytes: packet(0x30, text('a'), [9, 0x01, 1]),
    code: 0x81,
    only: 5,
  },
  {
    name: 'a user property with U+0000',
    bytes: packet(0x30, text('a'), properties([0x26], text('k'), text('\0'))),
    code: 0x81,
    only: 5,
  },
  {
    name: 'a subscription identifier in PUBLISH',
    bytes: packet(0x30, text('a'), properties([0x0b, 1])),
    code: 0x82,
    only: 5,
  },
  {
    name: 'a response topic with a wildcard',
    bytes: packet(0x30, text('a'), properties([0x08], text('r/#'))),
    code: 0x82,
    only: 5,
  },
  { name: 'topic alias 0', bytes: packet(0x30, text('a'), properties([0x23, 0, 0])), code: 0x94, only: 5 },
  {
    name: 'a topic alias above the maximum',
    bytes: packet(0x30, text('a'), properties([0x23, 0, 5])),
    code: 0x94,
    only: 5,
  },
  {
    name: 'a topic alias without a topic',
    bytes: packet(0x30, text(''), properties([0x23, 0, 1])),
    code: 0x82,
    only: 5,
  },
]

describe.each([4, 5] as const)('Malformed input in protocol level %i', (version) => {
  const applicable = cases.filter(({ only }) => only === undefined || only === version)
  it.each(applicable.map((one) => [one.name, one] as const))('%s closes the connection', async (_, one) => {
    const { client } = await connected(server.port, version)
    client.send(version === 5 ? (one.bytes5 ?? one.bytes) : one.bytes)
    const answer = await client.next()
    if (version === 5) expect(answer).toMatchObject({ cmd: 'disconnect', reasonCode: one.code })
    else expect(answer).toBeUndefined()
    await client.end()
    const probe = await connected(server.port, version, { clientId: 'probe' })
    probe.client.send(publish({ messageId: 5 }))
    expect(await probe.client.next()).toMatchObject({ cmd: 'puback', messageId: 5 })
    probe.client.destroy()
  })
})

describe('A first packet', () => {
  const connect = (flags: number, ...rest: (Buffer | number[])[]): Buffer =>
    packet(0x10, text('MQTT'), [4, flags, 0, 0], ...rest)
  const connect5 = (flags: number, ...rest: (Buffer | number[])[]): Buffer =>
    packet(0x10, text('MQTT'), [5, flags, 0, 0], ...rest)
  it.each([
    ['that is not CONNECT', packet(0xc0), undefined],
    ['of another protocol', Buffer.from('GET / HTTP/1.1\r\nhost: a\r\n\r\n'), undefined],
    ['with another protocol name', packet(0x10, text('MQTTX'), [4, 2, 0, 0], text('a')), undefined],
    ['of MQTT 3.1', packet(0x10, text('MQIsdp'), [3, 2, 0, 0], text('a')), { returnCode: 1 }],
    ['of level 3', packet(0x10, text('MQTT'), [3, 2, 0, 0], text('a')), { returnCode: 1 }],
    ['of level 6', packet(0x10, text('MQTT'), [6, 2, 0, 0, 0], text('a')), { reasonCode: 0x84 }],
    [
      'with reserved header flags',
      Buffer.concat([Buffer.from([0x11]), connect(2, text('a')).subarray(1)]),
      undefined,
    ],
    ['with the reserved connect flag', connect(3, text('a')), undefined],
    ['with will QoS 3', connect5(0x1e, [0], text('a'), [0], text('t'), text('p')), { reasonCode: 0x81 }],
    ['with will flags and no will', connect5(0x0a, [0], text('a')), { reasonCode: 0x81 }],
    ['with a password and no user name in 3.1.1', connect(0x42, text('a'), text('p')), undefined],
    ['with trailing bytes', connect5(2, [0], text('a'), [1]), { reasonCode: 0x81 }],
    ['with an empty client identifier and a session', connect(0, text('')), { returnCode: 2 }],
    ['with a client identifier of U+0000', connect5(2, [0], text('\0')), { reasonCode: 0x81 }],
    [
      'with a will topic with a wildcard',
      connect5(6, [0], text('a'), [0], text('t/#'), text('p')),
      { reasonCode: 0x90 },
    ],
    ['with receive maximum 0', connect5(2, properties([0x21, 0, 0]), text('a')), { reasonCode: 0x82 }],
    [
      'with maximum packet size 0',
      connect5(2, properties([0x27, 0, 0, 0, 0]), text('a')),
      { reasonCode: 0x82 },
    ],
    [
      'with request problem information 2',
      connect5(2, properties([0x17, 2]), text('a')),
      { reasonCode: 0x82 },
    ],
    [
      'with authentication data and no method',
      connect5(2, properties([0x16], text('x')), text('a')),
      { reasonCode: 0x82 },
    ],
    [
      'with an authentication method',
      connect5(2, properties([0x15], text('SCRAM')), text('a')),
      { reasonCode: 0x8c },
    ],
    ['with a property of PUBLISH', connect5(2, properties([0x23, 0, 1]), text('a')), { reasonCode: 0x81 }],
  ])('%s is refused', async (_, bytes, answer) => {
    const client = await openRaw(server.port, answer !== undefined && 'reasonCode' in answer ? 5 : 4)
    client.send(bytes)
    const first = await client.next()
    if (answer === undefined) expect(first).toBeUndefined()
    else expect(first).toMatchObject({ cmd: 'connack', sessionPresent: false, ...answer })
    await client.end()
  })

  it('above the maximum packet size closes the connection', async () => {
    const client = await openRaw(server.port)
    client.send(connectPacket(4, { clientId: 'x'.repeat(3_000) }))
    expect(await client.next()).toBeUndefined()
  })
})

describe('The codec of MQTT.js', () => {
  /** Why this server reads packets itself: if one of these starts to fail, mqtt-packet has become stricter. */
  it.each([
    ['a topic with U+0000', packet(0x30, text('a\0b'))],
    ['a topic with a wildcard', packet(0x30, text('a/#'))],
    ['bad UTF-8', packet(0x30, text(Buffer.from([0xc3, 0x28])))],
    ['packet identifier 0', packet(0x32, text('a'), [0, 0])],
    ['DUP with QoS 0', packet(0x38, text('a'))],
    ['a PINGREQ with a body', packet(0xc0, [1])],
    ['a remaining length longer than needed', Buffer.from([0xc0, 0x80, 0x00])],
  ])('accepts %s', (_, bytes) => {
    const packets: Packet[] = []
    const errors: unknown[] = []
    const reader = parser({ protocolVersion: 4 })
    reader.on('packet', (one) => packets.push(one))
    reader.on('error', (error) => errors.push(error))
    reader.parse(bytes)
    expect({ packets: packets.length, errors }).toEqual({ packets: 1, errors: [] })
  })
})
