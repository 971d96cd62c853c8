/**
 * MQTT 3.1.1 QoS 1 load, one process: hand-written packets so that the publisher costs as little as possible.
 * Arguments: JSON {host, port, connections, window, rate, seconds, payloads}; prints one JSON line of results.
 * `rate` 0 is a closed loop (each connection keeps `window` messages in flight); otherwise messages per second.
 */
import { connect, type Socket } from 'node:net'

export interface LoadOptions {
  readonly host: string
  readonly port: number
  readonly connections: number
  readonly window: number
  readonly rate: number
  readonly seconds: number
}

export interface LoadResult {
  readonly acknowledged: number
  readonly seconds: number
  readonly p50: number
  readonly p99: number
  readonly p999: number
  readonly max: number
  readonly cpuSeconds: number
}

/** 265 bytes of sensor JSON; half of them above 20 degrees. */
function payload(sequence: number): Buffer {
  const body = JSON.stringify({
    deviceId: `device-${String(sequence % 1000).padStart(4, '0')}`,
    sequence,
    temp: sequence % 2 === 0 ? 18.25 : 24.75,
    humidity: 51.5,
    pressure: 1013.25,
    battery: 87,
    status: 'ok',
    site: 'plant-north',
    timestamp: 1763700000000 + sequence,
    note: '',
  })
  return Buffer.from(body.slice(0, -2) + 'x'.repeat(Math.max(0, 265 - body.length)) + '"}')
}

function remainingLength(length: number): number[] {
  const bytes: number[] = []
  do {
    const digit = length % 128
    length = Math.floor(length / 128)
    bytes.push(length > 0 ? digit | 0x80 : digit)
  } while (length > 0)
  return bytes
}

function connectPacket(clientId: string): Buffer {
  const id = Buffer.from(clientId)
  const body = Buffer.concat([
    Buffer.from([0, 4, 0x4d, 0x51, 0x54, 0x54, 4, 2, 0, 60, id.length >> 8, id.length & 255]),
    id,
  ])
  return Buffer.concat([Buffer.from([0x10, ...remainingLength(body.length)]), body])
}

/** Everything of a PUBLISH but its packet identifier, which is patched in before each send. */
function template(topic: string, body: Buffer): { packet: Buffer; idAt: number } {
  const name = Buffer.from(topic)
  const length = 2 + name.length + 2 + body.length
  const head = Buffer.from([0x32, ...remainingLength(length), name.length >> 8, name.length & 255])
  return { packet: Buffer.concat([head, name, Buffer.alloc(2), body]), idAt: head.length + name.length }
}

class Publisher {
  readonly sentAt = new Float64Array(65536)
  readonly ready: Promise<void>
  inFlight = 0
  acknowledged = 0
  readonly #socket: Socket
  readonly #templates: { packet: Buffer; idAt: number }[]
  readonly #latencies: number[]
  #packetId = 0
  #left: Buffer = Buffer.alloc(0)
  #connected: () => void = () => undefined
  onAcknowledged: () => void = () => undefined

  constructor(options: LoadOptions, index: number, latencies: number[]) {
    this.#latencies = latencies
    this.#templates = Array.from({ length: 64 }, (_, n) => {
      const sequence = index * 64 + n
      return template(`sensors/device-${sequence % 1000}/data`, payload(sequence))
    })
    this.ready = new Promise((resolve) => (this.#connected = resolve))
    this.#socket = connect(options.port, options.host)
    this.#socket.setNoDelay(true)
    this.#socket.on('data', (chunk: Buffer) => this.#read(chunk))
    this.#socket.on('error', (error) => {
      console.error(`connection ${index}: ${error.message}`)
      process.exit(1)
    })
    this.#socket.write(connectPacket(`load-${process.pid}-${index}`))
  }

  publish(count: number): void {
    const now = performance.now()
    const parts: Buffer[] = []
    for (let n = 0; n < count; n += 1) {
      this.#packetId = (this.#packetId % 65535) + 1
      const { packet, idAt } = this.#templates[this.#packetId & 63]!
      const copy = Buffer.from(packet)
      copy.writeUInt16BE(this.#packetId, idAt)
      this.sentAt[this.#packetId] = now
      parts.push(copy)
    }
    this.inFlight += count
    this.#socket.write(parts.length === 1 ? parts[0]! : Buffer.concat(parts))
  }

  end(): void {
    this.#socket.destroy()
  }

  #read(chunk: Buffer): void {
    const data = this.#left.length > 0 ? Buffer.concat([this.#left, chunk]) : chunk
    const now = performance.now()
    let at = 0
    while (at + 4 <= data.length) {
      const type = data[at]!
      if (type === 0x20) this.#connected()
      else if (type === 0x40) {
        const id = data.readUInt16BE(at + 2)
        this.#latencies.push(now - this.sentAt[id]!)
        this.acknowledged += 1
        this.inFlight -= 1
      } else throw new Error(`unexpected packet 0x${type.toString(16)}`)
      at += 4
    }
    this.#left = data.subarray(at)
    this.onAcknowledged()
  }
}

export function percentile(sorted: Float64Array, share: number): number {
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0
}

async function run(options: LoadOptions): Promise<LoadResult> {
  const latencies: number[] = []
  const publishers = Array.from(
    { length: options.connections },
    (_, n) => new Publisher(options, n, latencies),
  )
  await Promise.all(publishers.map((publisher) => publisher.ready))
  const started = performance.now()
  const cpu = process.cpuUsage()
  let sending = true
  if (options.rate === 0) {
    for (const publisher of publishers) {
      publisher.onAcknowledged = () => {
        const room = options.window - publisher.inFlight
        if (sending && room >= options.window / 4) publisher.publish(room)
      }
      publisher.publish(options.window)
    }
  } else {
    let sent = 0
    const timer = setInterval(() => {
      if (!sending) return clearInterval(timer)
      const due = Math.floor(((performance.now() - started) / 1000) * options.rate)
      for (; sent < due; sent += 1) publishers[sent % publishers.length]!.publish(1)
    }, 1)
  }
  await new Promise((resolve) => setTimeout(resolve, options.seconds * 1000))
  sending = false
  const seconds = (performance.now() - started) / 1000
  const acknowledged = publishers.reduce((sum, publisher) => sum + publisher.acknowledged, 0)
  const used = process.cpuUsage(cpu)
  const deadline = performance.now() + 10_000
  while (publishers.some((publisher) => publisher.inFlight > 0) && performance.now() < deadline)
    await new Promise((resolve) => setTimeout(resolve, 10))
  const left = publishers.reduce((sum, publisher) => sum + publisher.inFlight, 0)
  if (left > 0) throw new Error(`${left} messages were never acknowledged`)
  for (const publisher of publishers) publisher.end()
  const sorted = Float64Array.from(latencies).sort()
  return {
    acknowledged,
    seconds,
    p50: percentile(sorted, 0.5),
    p99: percentile(sorted, 0.99),
    p999: percentile(sorted, 0.999),
    max: sorted[sorted.length - 1] ?? 0,
    cpuSeconds: (used.user + used.system) / 1e6,
  }
}

const argument = process.argv[2]
if (argument !== undefined) console.log(JSON.stringify(await run(JSON.parse(argument) as LoadOptions)))
