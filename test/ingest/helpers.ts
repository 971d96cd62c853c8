import { connect as connectTcp, type Socket } from 'node:net'
import { once } from 'node:events'
import { generate, parser, type Packet } from 'mqtt-packet'
import {
  createMqttIngest,
  type IngestCounter,
  type IngestEvents,
  type IngestLogEvent,
  type MqttIngest,
  type MqttIngestOptions,
} from '../../src/ingest/index.ts'
import { type Message, type MessageSink, type Settlement } from '../../src/message/index.ts'

/** A sink whose messages the test settles by hand, or at once with `settleWith`. */
export class HandSink implements MessageSink {
  readonly messages: Message[] = []
  room = true
  settleWith: Settlement | undefined
  #onRoom: (() => void)[] = []
  #waiting: { count: number; resolve: () => void }[] = []

  hasRoom(): boolean {
    return this.room
  }

  onRoom(callback: () => void): void {
    this.#onRoom.push(callback)
  }

  /** Says that there is room again. */
  giveRoom(): void {
    this.room = true
    const callbacks = this.#onRoom
    this.#onRoom = []
    for (const callback of callbacks) callback()
  }

  accept(message: Message): void {
    this.messages.push(message)
    if (this.settleWith !== undefined) message.settle(this.settleWith)
    this.#waiting = this.#waiting.filter(({ count, resolve }) => {
      if (this.messages.length < count) return true
      resolve()
      return false
    })
  }

  /** Resolves when this many messages have been accepted in all. */
  async received(count: number): Promise<Message[]> {
    if (this.messages.length < count) {
      await new Promise<void>((resolve) => this.#waiting.push({ count, resolve }))
    }
    return this.messages
  }
}

export class RecordedEvents implements IngestEvents {
  readonly logs: IngestLogEvent[] = []
  readonly counts = new Map<IngestCounter, number>()
  #waiting: { name: IngestCounter; count: number; resolve: () => void }[] = []

  count(name: IngestCounter, by = 1): void {
    const value = (this.counts.get(name) ?? 0) + by
    this.counts.set(name, value)
    this.#waiting = this.#waiting.filter((wait) => {
      if (wait.name !== name || value < wait.count) return true
      wait.resolve()
      return false
    })
  }

  log(event: IngestLogEvent): void {
    this.logs.push(event)
  }

  /** Resolves when a counter has come to this value. */
  async counted(name: IngestCounter, count: number): Promise<void> {
    if ((this.counts.get(name) ?? 0) >= count) return
    await new Promise<void>((resolve) => this.#waiting.push({ name, count, resolve }))
  }
}

export interface Running {
  readonly ingest: MqttIngest
  readonly sink: HandSink
  readonly events: RecordedEvents
  readonly port: number
  readonly ports: readonly number[]
  stop(): Promise<void>
}

/** Starts an ingest on a free loopback port; anonymous TCP unless told otherwise. */
export async function start(options: Partial<MqttIngestOptions> = {}): Promise<Running> {
  const sink = new HandSink()
  const events = new RecordedEvents()
  const ingest = createMqttIngest(
    {
      listeners: [{ host: '127.0.0.1', port: 0, transport: 'tcp', anonymous: true }],
      ack: 'delivered',
      onRefused: 'acknowledge',
      ...options,
    },
    sink,
    events,
  )
  const ports = (await ingest.listen()).map(({ port }) => port)
  const stop = async (): Promise<void> => void (await ingest.close(0))
  return { ingest, sink, events, port: ports[0]!, ports, stop }
}

/** A client that sends what it is told, byte for byte, and reads packets with mqtt-packet. */
export class RawClient {
  readonly socket: Socket
  readonly packets: Packet[] = []
  closed = false
  #wake: (() => void)[] = []

  constructor(socket: Socket, version: 4 | 5) {
    this.socket = socket
    const reader = parser({ protocolVersion: version })
    reader.on('packet', (packet) => {
      this.packets.push(packet)
      this.#notify()
    })
    socket.on('data', (chunk: Buffer) => reader.parse(chunk))
    socket.on('error', () => undefined)
    socket.on('close', () => {
      this.closed = true
      this.#notify()
    })
  }

  send(...packets: (Packet | Buffer)[]): void {
    const version = 5
    this.socket.write(
      Buffer.concat(
        packets.map((packet) =>
          Buffer.isBuffer(packet) ? packet : generate(packet, { protocolVersion: this.version ?? version }),
        ),
      ),
    )
  }

  version: 4 | 5 | undefined

  /** The next packet that the server sends; undefined when it closes instead. */
  async next(): Promise<Packet | undefined> {
    while (this.packets.length === 0 && !this.closed) {
      await new Promise<void>((resolve) => this.#wake.push(resolve))
    }
    return this.packets.shift()
  }

  /** Resolves when the server has closed; packets before it stay readable. */
  async end(): Promise<void> {
    while (!this.closed) await new Promise<void>((resolve) => this.#wake.push(resolve))
  }

  destroy(): void {
    this.socket.destroy()
  }

  #notify(): void {
    const wake = this.#wake
    this.#wake = []
    for (const resolve of wake) resolve()
  }
}

export async function openRaw(port: number, version: 4 | 5 = 4): Promise<RawClient> {
  const socket = connectTcp(port, '127.0.0.1')
  await once(socket, 'connect')
  const client = new RawClient(socket, version)
  client.version = version
  return client
}

export interface ConnectFields {
  readonly clientId?: string
  readonly clean?: boolean
  readonly keepalive?: number
  readonly properties?: Record<string, unknown>
  readonly will?: Record<string, unknown>
  readonly username?: string
  readonly password?: Buffer
}

export function connectPacket(version: 4 | 5, fields: ConnectFields = {}): Packet {
  return {
    cmd: 'connect',
    protocolId: 'MQTT',
    protocolVersion: version,
    clientId: 'device',
    clean: true,
    keepalive: 0,
    ...fields,
  } as Packet
}

/** Connects and takes the CONNACK. */
export async function connected(
  port: number,
  version: 4 | 5 = 4,
  fields: ConnectFields = {},
): Promise<{ client: RawClient; connack: Packet }> {
  const client = await openRaw(port, version)
  client.send(connectPacket(version, fields))
  const connack = await client.next()
  if (connack?.cmd !== 'connack') throw new Error('no CONNACK')
  return { client, connack }
}

export function publish(fields: {
  topic?: string
  payload?: string | Buffer
  qos?: 0 | 1 | 2
  messageId?: number
  dup?: boolean
  retain?: boolean
  properties?: Record<string, unknown>
}): Packet {
  return {
    cmd: 'publish',
    topic: 'a/b',
    payload: 'x',
    qos: 1,
    dup: false,
    retain: false,
    messageId: 1,
    ...fields,
  } as Packet
}
