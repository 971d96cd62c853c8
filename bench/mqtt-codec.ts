import { generate, parser } from 'mqtt-packet'
import { PublishDecoder, type ProtocolVersion } from '../src/ingest/codec/publish.ts'
import { PUBACK, writeAcknowledgement } from '../src/ingest/codec/write.ts'
import { Framer } from '../src/ingest/framer.ts'

/**
 * PUBLISH in and PUBACK out, this server's codec against mqtt-packet, single-threaded: `tsx bench/mqtt-codec.ts`.
 * Each side reads the same 64 KiB chunks and must see the same number of payload bytes before its time counts.
 */
const MESSAGES = 400_000
const PAYLOAD = Buffer.alloc(265, 0x61)
const CHUNK = 65_536
const ROUNDS = 3

interface Side {
  readonly name: string
  run(chunks: readonly Buffer[], version: ProtocolVersion): { messages: number; bytes: number }
}

const own: Side = {
  name: 'own',
  run(chunks, version) {
    const decoder = new PublishDecoder(version)
    const out = Buffer.alloc(5)
    let messages = 0
    let bytes = 0
    const framer = new Framer(
      {
        onPacket(first, packet, start, end) {
          if (decoder.decode(first, packet, start, end) !== undefined) return false
          const payload = packet.subarray(decoder.payloadStart, end)
          messages++
          bytes += payload.length
          writeAcknowledgement(out, 0, PUBACK, decoder.packetId, 0, version)
          return true
        },
        wantsOversized: () => false,
        onOversized: () => false,
        onFault: (fault) => {
          throw new Error(fault.text)
        },
      },
      1_000_000,
      { bytes: 0, limit: Number.POSITIVE_INFINITY },
    )
    for (const chunk of chunks) framer.push(chunk)
    return { messages, bytes }
  },
}

const reference: Side = {
  name: 'mqtt-packet',
  run(chunks, version) {
    let messages = 0
    let bytes = 0
    const reader = parser({ protocolVersion: version })
    reader.on('packet', (packet) => {
      if (packet.cmd !== 'publish') return
      messages++
      bytes += packet.payload.length
      generate({ cmd: 'puback', messageId: packet.messageId, reasonCode: 0 }, { protocolVersion: version })
    })
    for (const chunk of chunks) reader.parse(chunk)
    return { messages, bytes }
  },
}

function makeChunks(version: ProtocolVersion): Buffer[] {
  const properties = version === 5 ? { userProperties: { region: 'eu' } } : undefined
  const batch = Buffer.concat(
    Array.from({ length: 1_000 }, (_, index) =>
      generate(
        {
          cmd: 'publish',
          topic: 'factory/line-4/device-17/telemetry',
          payload: PAYLOAD,
          qos: 1,
          dup: false,
          retain: false,
          messageId: index + 1,
          properties,
        },
        { protocolVersion: version },
      ),
    ),
  )
  const stream = Buffer.concat(Array.from({ length: MESSAGES / 1_000 }, () => batch))
  const chunks: Buffer[] = []
  for (let at = 0; at < stream.length; at += CHUNK) chunks.push(stream.subarray(at, at + CHUNK))
  return chunks
}

for (const version of [4, 5] as const) {
  const chunks = makeChunks(version)
  for (const side of [own, reference]) {
    let best = Number.POSITIVE_INFINITY
    for (let round = 0; round < ROUNDS; round++) {
      const started = process.cpuUsage()
      const { messages, bytes } = side.run(chunks, version)
      const { user, system } = process.cpuUsage(started)
      if (messages !== MESSAGES || bytes !== MESSAGES * PAYLOAD.length)
        throw new Error(`${side.name} lost messages`)
      best = Math.min(best, user + system)
    }
    console.log(
      `level ${version}  ${side.name.padEnd(12)} ${((best * 1_000) / MESSAGES).toFixed(0).padStart(5)} ns a message  ` +
        `${(MESSAGES / best).toFixed(2)} M/s`,
    )
  }
}
