import fc from 'fast-check'
import { generate, parser, type Packet } from 'mqtt-packet'
import { describe, expect, it } from 'vitest'
import { decodeConnect } from '../../src/ingest/codec/connect.ts'
import { PublishDecoder, type ProtocolVersion } from '../../src/ingest/codec/publish.ts'
import { PUBACK, PUBCOMP, PUBREC, writeAcknowledgement } from '../../src/ingest/codec/write.ts'
import { Framer } from '../../src/ingest/framer.ts'

/** What mqtt-packet makes of bytes: its packets, or undefined when it refuses them. */
function reference(bytes: Buffer, version: ProtocolVersion): Packet[] | undefined {
  const packets: Packet[] = []
  let refused = false
  const reader = parser({ protocolVersion: version })
  reader.on('packet', (packet) => packets.push(packet))
  reader.on('error', () => (refused = true))
  reader.parse(bytes)
  return refused ? undefined : packets
}

/** The body of a single packet: where it starts behind the fixed header. */
function bodyStart(bytes: Buffer): number {
  let at = 1
  while (bytes[at]! >= 0x80) at++
  return at + 1
}

const versions = fc.constantFrom<ProtocolVersion>(4, 5)
const word = fc
  .string({ unit: 'grapheme', minLength: 1, maxLength: 12 })
  .filter((text) => !/[+#\0]/.test(text))
const topic = fc.array(word, { minLength: 1, maxLength: 4 }).map((levels) => levels.join('/'))
const pairs = fc.dictionary(fc.constantFrom('a', 'b', 'ключ'), word, { minKeys: 1, maxKeys: 3 })
const optional = <T>(arbitrary: fc.Arbitrary<T>): fc.Arbitrary<T | undefined> =>
  fc.option(arbitrary, { nil: undefined })
const publishProperties = fc.record({
  payloadFormatIndicator: optional(fc.boolean()),
  messageExpiryInterval: optional(fc.nat()),
  topicAlias: optional(fc.integer({ min: 1, max: 65_535 })),
  responseTopic: optional(topic),
  correlationData: optional(fc.uint8Array({ maxLength: 20 }).map((bytes) => Buffer.from(bytes))),
  userProperties: optional(pairs),
  contentType: optional(word),
})
const publishPacket = fc
  .record({
    topic,
    payload: fc.uint8Array({ maxLength: 300 }).map((bytes) => Buffer.from(bytes)),
    qos: fc.constantFrom<0 | 1 | 2>(0, 1, 2),
    messageId: fc.integer({ min: 1, max: 65_535 }),
    dup: fc.boolean(),
    retain: fc.boolean(),
    properties: publishProperties,
  })
  .map((fields) => ({ cmd: 'publish' as const, ...fields, dup: fields.dup && fields.qos > 0 }))

interface Decoded {
  readonly decoder: PublishDecoder
  readonly payload: Buffer
}

function decode(bytes: Buffer, version: ProtocolVersion): Decoded | undefined {
  const decoder = new PublishDecoder(version)
  const fault = decoder.decode(bytes[0]!, bytes, bodyStart(bytes), bytes.length)
  return fault === undefined ? { decoder, payload: bytes.subarray(decoder.payloadStart) } : undefined
}

/** Compares field by field what both codecs read. */
function expectSame({ decoder, payload }: Decoded, packet: Packet): void {
  const other = packet as Packet & Record<string, unknown> & { properties?: Record<string, unknown> }
  expect(decoder.topic).toBe(other.topic)
  expect(decoder.qos).toBe(other.qos)
  expect(decoder.dup).toBe(other.dup)
  expect(decoder.retain).toBe(other.retain)
  if (decoder.qos > 0) expect(decoder.packetId).toBe(other.messageId)
  expect(payload.equals(other.payload as Buffer)).toBe(true)
  const theirs = other.properties ?? {}
  const ours = decoder.properties ?? {}
  expect(decoder.topicAlias).toBe(theirs.topicAlias ?? 0)
  expect(ours.messageExpiryInterval).toBe(theirs.messageExpiryInterval)
  expect(ours.contentType).toBe(theirs.contentType)
  expect(ours.responseTopic).toBe(theirs.responseTopic)
  expect(ours.correlationData).toEqual(theirs.correlationData)
  if (ours.payloadFormatIndicator === undefined) expect(theirs.payloadFormatIndicator).toBeUndefined()
  else expect(ours.payloadFormatIndicator === 1).toBe(theirs.payloadFormatIndicator)
  expect(grouped(ours.userProperties)).toEqual({ ...(theirs.userProperties as object | undefined) })
}

/** User properties as mqtt-packet gives them: values by key, a list where a key repeats. */
function grouped(all: readonly (readonly [string, string])[] | undefined): Record<string, string | string[]> {
  const byKey = new Map<string, string[]>()
  for (const [key, value] of all ?? []) byKey.set(key, [...(byKey.get(key) ?? []), value])
  return Object.fromEntries(
    [...byKey].map(([key, values]) => [key, values.length === 1 ? values[0]! : values]),
  )
}

describe('PUBLISH', () => {
  it('that mqtt-packet writes is read as mqtt-packet reads it', () => {
    fc.assert(
      fc.property(versions, publishPacket, (version, packet) => {
        const bytes = generate(packet as unknown as Packet, { protocolVersion: version })
        const ours = decode(bytes, version)
        expect(ours).toBeDefined()
        expectSame(ours!, reference(bytes, version)![0]!)
      }),
      { numRuns: 2_000 },
    )
  })

  it('with bytes changed is read as mqtt-packet reads it, or refused', () => {
    let accepted = 0
    fc.assert(
      fc.property(
        versions,
        publishPacket,
        fc.array(fc.tuple(fc.nat(), fc.nat(255)), { minLength: 1, maxLength: 3 }),
        (version, packet, changes) => {
          const bytes = generate(packet as unknown as Packet, { protocolVersion: version })
          const start = bodyStart(bytes)
          for (const [at, value] of changes) bytes[start + (at % (bytes.length - start))] = value
          const ours = decode(bytes, version)
          if (ours === undefined) return
          accepted++
          const theirs = reference(bytes, version)
          expect(theirs).toHaveLength(1)
          expectSame(ours, theirs![0]!)
        },
      ),
      { numRuns: 3_000 },
    )
    expect(accepted).toBeGreaterThan(200)
  })

  it('keeps its topic apart from the one before, however alike', () => {
    const decoder = new PublishDecoder(4)
    for (const name of ['a/b', 'a/c', 'a/b', 'a/bb', 'x/b', 'é', 'a/b']) {
      const bytes = generate({ cmd: 'publish', topic: name, payload: 'p', qos: 0, dup: false, retain: false })
      expect(decoder.decode(bytes[0]!, bytes, bodyStart(bytes), bytes.length)).toBeUndefined()
      expect(decoder.topic).toBe(name)
    }
  })
})

describe('Acknowledgements', () => {
  it('are written as mqtt-packet writes them', () => {
    const kinds = { puback: PUBACK, pubrec: PUBREC, pubcomp: PUBCOMP }
    const kind = fc.constantFrom<keyof typeof kinds>('puback', 'pubrec', 'pubcomp')
    fc.assert(
      fc.property(
        versions,
        kind,
        fc.integer({ min: 1, max: 65_535 }),
        fc.constantFrom(0, 0x10, 0x92),
        (...all) => {
          const [version, cmd, messageId, wanted] = all
          const reasonCode = cmd === 'pubcomp' ? (wanted === 0x10 ? 0 : wanted) : wanted === 0x92 ? 0 : wanted
          const into = Buffer.alloc(5)
          const end = writeAcknowledgement(into, 0, kinds[cmd], messageId, reasonCode, version)
          const ours = into.subarray(0, end)
          const read = reference(ours, version)
          expect(read).toMatchObject([{ cmd, messageId, ...(version === 5 ? { reasonCode } : {}) }])
          // With a reason code mqtt-packet also writes an empty property block, which may be left out.
          const theirs = generate({ cmd, messageId, reasonCode } as Packet, { protocolVersion: version })
          if (version === 4) expect(ours).toEqual(theirs)
          else expect(reference(theirs, 5)).toMatchObject([{ cmd, messageId, reasonCode }])
        },
      ),
    )
  })
})

describe('CONNECT', () => {
  const bytesOf = (maxLength: number) =>
    fc.uint8Array({ minLength: 1, maxLength }).map((bytes) => Buffer.from(bytes))
  const connect = fc.record({
    clientId: word,
    clean: fc.boolean(),
    keepalive: fc.nat(65_535),
    username: optional(word),
    password: optional(bytesOf(20)),
    will: optional(
      fc.record({
        topic,
        payload: bytesOf(50),
        qos: fc.constantFrom(0, 1, 2),
        retain: fc.boolean(),
        properties: fc.record({ willDelayInterval: optional(fc.nat()), contentType: optional(word) }),
      }),
    ),
    properties: fc.record({
      sessionExpiryInterval: optional(fc.nat()),
      receiveMaximum: optional(fc.integer({ min: 1, max: 65_535 })),
      maximumPacketSize: optional(fc.integer({ min: 1, max: 1_000_000 })),
      requestProblemInformation: optional(fc.boolean()),
    }),
  })

  it('that mqtt-packet writes is read with the same fields', () => {
    fc.assert(
      fc.property(versions, connect, (version, fields) => {
        const password = fields.username === undefined ? undefined : fields.password
        const packet = { cmd: 'connect', protocolId: 'MQTT', protocolVersion: version, ...fields, password }
        const bytes = generate(packet as unknown as Packet, { protocolVersion: version })
        const decoded = decodeConnect(bytes, bodyStart(bytes), bytes.length)
        if (!decoded.ok) throw new Error(decoded.fault.text)
        const { properties, will, ...rest } = decoded.packet
        expect(rest).toEqual({
          version,
          clean: fields.clean,
          keepAlive: fields.keepalive,
          clientId: fields.clientId,
          username: fields.username,
          password,
        })
        expect(will?.topic).toBe(fields.will?.topic)
        expect(will?.payload).toEqual(fields.will?.payload)
        expect(will?.qos).toBe(fields.will?.qos)
        expect(will?.retain).toBe(fields.will?.retain)
        if (version === 4) return
        expect(properties.sessionExpiryInterval).toBe(fields.properties.sessionExpiryInterval)
        expect(properties.receiveMaximum).toBe(fields.properties.receiveMaximum)
        expect(properties.maximumPacketSize).toBe(fields.properties.maximumPacketSize)
        expect(will?.properties?.willDelayInterval).toBe(fields.will?.properties.willDelayInterval)
        expect(will?.properties?.contentType).toBe(fields.will?.properties.contentType)
      }),
      { numRuns: 1_000 },
    )
  })
})

describe('The framer', () => {
  const packet = fc.tuple(fc.integer({ min: 0, max: 255 }), fc.uint8Array({ maxLength: 400 }))

  it('gives the same packets however the stream is cut', () => {
    fc.assert(
      fc.property(
        fc.array(packet, { maxLength: 8 }),
        fc.array(fc.integer({ min: 1, max: 300 })),
        (packets, cuts) => {
          const stream = Buffer.concat(
            packets.map(([first, body]) => {
              const length = body.length < 128 ? [body.length] : [(body.length & 127) | 128, body.length >> 7]
              return Buffer.concat([Buffer.from([first, ...length]), body])
            }),
          )
          const seen: [number, Uint8Array][] = []
          const partial = { bytes: 0, limit: 1_000_000 }
          const framer = new Framer(
            {
              onPacket: (first, bytes, start, end) => {
                seen.push([first, new Uint8Array(bytes.subarray(start, end))])
                return true
              },
              wantsOversized: () => false,
              onOversized: () => false,
              onFault: (fault) => {
                throw new Error(fault.text)
              },
            },
            1_000,
            partial,
          )
          let at = 0
          for (let cut = 0; at < stream.length; cut++) {
            const end = at + (cuts[cut % Math.max(1, cuts.length)] ?? stream.length)
            framer.push(stream.subarray(at, end))
            at = end
          }
          expect(seen).toEqual(packets)
          expect(partial.bytes).toBe(0)
        },
      ),
      { numRuns: 1_000 },
    )
  })

  it('keeps what follows when its handler stops, and goes on with it', () => {
    const seen: number[] = []
    const framer = new Framer(
      {
        onPacket: (first) => {
          seen.push(first)
          return false
        },
        wantsOversized: () => false,
        onOversized: () => false,
        onFault: () => undefined,
      },
      1_000,
      { bytes: 0, limit: 1_000 },
    )
    framer.push(Buffer.from([1, 0, 2, 0, 3]))
    framer.push(Buffer.from([0]))
    expect(seen).toEqual([1])
    framer.resume()
    framer.resume()
    expect(seen).toEqual([1, 2, 3])
  })
})
