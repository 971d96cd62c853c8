import { generate, type Packet } from 'mqtt-packet'

/** Seeded generator (mulberry32): the same seed gives the same streams. */
export function createRandom(seed: number): () => number {
  let state = seed >>> 0
  return () => {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = state
    mixed = Math.imul(mixed ^ (mixed >>> 15), mixed | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296
  }
}

/** One byte stream and how it is cut into writes. */
export interface FuzzStream {
  readonly chunks: readonly Buffer[]
}

/**
 * A stream that is random, or a valid session with bytes flipped, cut, inserted or repeated, or a valid session cut
 * into odd chunks.
 */
export function createStream(random: () => number): FuzzStream {
  const kind = random()
  if (kind < 0.15) return { chunks: [randomBytes(random, 1 + int(random, 300))] }
  const version = random() < 0.5 ? 4 : 5
  let bytes = session(random, version)
  if (kind < 0.85) bytes = mutate(random, bytes)
  return { chunks: cut(random, bytes) }
}

function int(random: () => number, below: number): number {
  return Math.floor(random() * below)
}

function pick<T>(random: () => number, items: readonly T[]): T {
  return items[int(random, items.length)]!
}

function randomBytes(random: () => number, length: number): Buffer {
  const bytes = Buffer.allocUnsafe(length)
  for (let at = 0; at < length; at++) bytes[at] = int(random, 256)
  return bytes
}

function session(random: () => number, version: 4 | 5): Buffer {
  const packets: Buffer[] = []
  if (random() < 0.95) packets.push(encode(connect(random, version), version))
  const count = int(random, 8)
  for (let made = 0; made < count; made++) packets.push(encode(packet(random, version), version))
  return Buffer.concat(packets)
}

function encode(made: Packet, version: 4 | 5): Buffer {
  return generate(made, { protocolVersion: version })
}

function connect(random: () => number, version: 4 | 5): Packet {
  const withWill = random() < 0.3
  const clientId = random() < 0.1 ? '' : `fuzz-${int(random, 50)}`
  return {
    cmd: 'connect',
    protocolId: 'MQTT',
    protocolVersion: version,
    clientId,
    clean: clientId === '' || random() < 0.5,
    keepalive: int(random, 100),
    username: random() < 0.2 ? 'user' : undefined,
    password: undefined,
    will: withWill
      ? {
          topic: 'will/topic',
          payload: randomBytes(random, int(random, 20)),
          qos: int(random, 3) as 0 | 1 | 2,
        }
      : undefined,
    properties:
      version === 5
        ? {
            sessionExpiryInterval: int(random, 3),
            receiveMaximum: 1 + int(random, 10),
            userProperties: { a: 'b' },
          }
        : undefined,
  } as Packet
}

function packet(random: () => number, version: 4 | 5): Packet {
  const messageId = 1 + int(random, 20)
  const properties = version === 5 ? publishProperties(random) : undefined
  switch (int(random, 9)) {
    case 0:
      return { cmd: 'pingreq' }
    case 1:
      return {
        cmd: 'subscribe',
        messageId,
        subscriptions: [{ topic: pick(random, ['a', 'a/+', '#']), qos: 1 }],
      }
    case 2:
      return { cmd: 'unsubscribe', messageId, unsubscriptions: ['a/b'] }
    case 3:
      return { cmd: 'pubrel', messageId }
    case 4:
      return { cmd: pick(random, ['puback', 'pubrec', 'pubcomp'] as const), messageId }
    case 5:
      return { cmd: 'disconnect' }
    default: {
      const qos = int(random, 3) as 0 | 1 | 2
      const payload = randomBytes(random, random() < 0.02 ? 200_000 : int(random, 200))
      const topic = pick(random, ['a/b', 'device/1/temp', 'é/ü', '$aws/rules/r'])
      return {
        cmd: 'publish',
        topic,
        payload,
        qos,
        messageId,
        dup: qos > 0 && random() < 0.2,
        retain: false,
        properties,
      }
    }
  }
}

function publishProperties(random: () => number): Record<string, unknown> {
  const properties: Record<string, unknown> = {}
  if (random() < 0.3) properties.topicAlias = 1 + int(random, 40)
  if (random() < 0.3) properties.contentType = 'application/json'
  if (random() < 0.3) properties.userProperties = { key: ['one', 'two'] }
  if (random() < 0.2) properties.correlationData = randomBytes(random, 8)
  if (random() < 0.2) properties.messageExpiryInterval = int(random, 100)
  return properties
}

function mutate(random: () => number, from: Buffer): Buffer {
  let bytes = from
  const changes = 1 + int(random, 4)
  for (let made = 0; made < changes && bytes.length > 0; made++) {
    const at = int(random, bytes.length)
    const length = 1 + int(random, 6)
    switch (int(random, 5)) {
      case 0:
        bytes[at]! ^= 1 << int(random, 8)
        break
      case 1:
        bytes[at] = pick(random, [0, 1, 0x7f, 0x80, 0xff])
        break
      case 2:
        bytes = Buffer.concat([bytes.subarray(0, at), bytes.subarray(at + length)])
        break
      case 3:
        bytes = Buffer.concat([bytes.subarray(0, at), randomBytes(random, length), bytes.subarray(at)])
        break
      default:
        bytes = Buffer.concat([bytes.subarray(0, at), bytes.subarray(int(random, at + 1))])
    }
  }
  return bytes
}

function cut(random: () => number, bytes: Buffer): Buffer[] {
  if (random() < 0.6) return [bytes]
  const chunks: Buffer[] = []
  let at = 0
  while (at < bytes.length && chunks.length < 12) {
    const end = Math.min(bytes.length, at + 1 + int(random, random() < 0.5 ? 4 : 200))
    chunks.push(bytes.subarray(at, end))
    at = end
  }
  if (at < bytes.length) chunks.push(bytes.subarray(at))
  return chunks
}
