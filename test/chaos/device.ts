import { connect, type Socket } from 'node:net'
import { connect as connectTls, TLSSocket } from 'node:tls'
import mqttPacket, { type Packet } from 'mqtt-packet'
import { payloadOf } from './payload.ts'

export interface DeviceOptions {
  readonly id: string
  readonly version: 4 | 5
  readonly qos: 1 | 2
  /** Messages a second while it is connected and its window has room. */
  readonly rate: number
  readonly window: number
  readonly port: number
  readonly topic: string
  /** It connects by TLS and trusts this authority. */
  readonly ca?: string | undefined
}

interface Pending {
  readonly n: number
  /** QoS 2 after PUBREC: what is sent again is PUBREL. */
  released: boolean
}

const SILENCE = 10_000
const PING = 3_000

/**
 * A device with a persistent session as its specification wants it: numbers its messages, keeps each until it is
 * acknowledged (PUBACK, PUBREC), and after a reconnect sends all of those again in their order before anything new.
 */
export class Device {
  /** By number, in ms since the epoch; an absent acknowledgement is 0. */
  readonly sentAt: number[] = []
  readonly acknowledgedAt: number[] = []
  /** By number: how many more times it was sent. */
  readonly resends = new Map<number, number>()
  sessionsLost = 0
  /** SHA-256 of the certificate that the server showed last. */
  fingerprint: string | undefined
  readonly options: DeviceOptions
  readonly #onAcknowledged: (device: Device, n: number) => void
  readonly #pending = new Map<number, Pending>()
  #socket: Socket | undefined
  #established = false
  #everConnected = false
  #packetId = 0
  #due = 0
  #heardAt = 0
  #pingedAt = 0
  #retryAt = 0
  #stopped = true

  constructor(options: DeviceOptions, onAcknowledged: (device: Device, n: number) => void) {
    this.options = options
    this.#onAcknowledged = onAcknowledged
  }

  get connected(): boolean {
    return this.#established
  }

  get published(): number {
    return this.sentAt.length
  }

  /** Publishes from now on; `stop` leaves connection and resending as they are. */
  start(): void {
    this.#stopped = false
  }

  stop(): void {
    this.#stopped = true
  }

  /** Cuts the connection with RST; the device connects again. */
  cut(): void {
    this.#socket?.resetAndDestroy()
  }

  end(): void {
    this.#retryAt = Infinity
    this.#socket?.destroy()
  }

  /** Called every few milliseconds. */
  tick(now: number, elapsed: number): void {
    if (this.#socket === undefined) {
      if (now >= this.#retryAt) this.#connect(now)
      return
    }
    if (now - this.#heardAt > SILENCE) this.#socket.destroy()
    else if (this.#established) {
      if (now - this.#pingedAt > PING) {
        this.#pingedAt = now
        this.#write({ cmd: 'pingreq' })
      }
      if (!this.#stopped) this.#publish(now, elapsed)
    }
  }

  #publish(now: number, elapsed: number): void {
    const { rate, window } = this.options
    this.#due += rate * elapsed
    while (this.#due >= 1 && this.#pending.size < window) {
      this.#due -= 1
      const n = this.sentAt.length
      const id = this.#freeId()
      this.sentAt.push(now)
      this.acknowledgedAt.push(0)
      this.#pending.set(id, { n, released: false })
      this.#send(id, n, false)
    }
    // What a full window kept back is not made up for: a burst would look like a recovered rate.
    if (this.#pending.size >= window) this.#due = Math.min(this.#due, 1)
  }

  #freeId(): number {
    do this.#packetId = (this.#packetId % 65_535) + 1
    while (this.#pending.has(this.#packetId))
    return this.#packetId
  }

  #connect(now: number): void {
    const { id, version, port, ca } = this.options
    const socket =
      ca === undefined
        ? connect({ port, host: '127.0.0.1', noDelay: true })
        : connectTls({ port, host: '127.0.0.1', ca })
    if (socket instanceof TLSSocket)
      socket.on('secureConnect', () => (this.fingerprint = socket.getPeerCertificate().fingerprint256))
    const parser = mqttPacket.parser({ protocolVersion: version })
    this.#socket = socket
    this.#heardAt = this.#pingedAt = now
    parser.on('packet', (packet: Packet) => this.#receive(packet))
    parser.on('error', () => socket.destroy())
    socket.on('data', (data: Buffer) => {
      this.#heardAt = Date.now()
      parser.parse(data)
    })
    socket.on('error', () => undefined)
    socket.on('close', () => {
      this.#socket = undefined
      this.#established = false
      this.#retryAt = Math.max(this.#retryAt, Date.now() + 100 + (payloadOf(id, Date.now()).length % 200))
    })
    this.#write({
      ...{ cmd: 'connect', clientId: id, protocolId: 'MQTT', protocolVersion: version },
      ...{ clean: false, keepalive: 30 },
      ...(version === 5 ? { properties: { sessionExpiryInterval: 3600 } } : {}),
    })
  }

  #receive(packet: Packet): void {
    switch (packet.cmd) {
      case 'connack':
        this.#resume(packet.sessionPresent, packet.reasonCode ?? packet.returnCode ?? 0)
        return
      case 'puback':
        this.#acknowledged(packet.messageId!, packet.reasonCode ?? 0)
        return
      case 'pubrec':
        this.#received(packet.messageId!, packet.reasonCode ?? 0)
        return
      case 'pubcomp':
        this.#pending.delete(packet.messageId!)
        return
      default:
    }
  }

  #resume(sessionPresent: boolean, code: number): void {
    if (code !== 0) {
      this.#socket?.destroy()
      return
    }
    if (this.#everConnected && !sessionPresent) this.sessionsLost += 1
    this.#everConnected = true
    this.#established = true
    for (const [id, { n, released }] of this.#pending) {
      if (released) this.#write({ cmd: 'pubrel', messageId: id, qos: 1 } as Packet)
      else {
        this.resends.set(n, (this.resends.get(n) ?? 0) + 1)
        this.#send(id, n, sessionPresent)
      }
    }
  }

  #acknowledged(id: number, code: number): void {
    const pending = this.#pending.get(id)
    if (pending === undefined || code >= 0x80) return
    this.#pending.delete(id)
    this.#note(pending.n)
  }

  #received(id: number, code: number): void {
    const pending = this.#pending.get(id)
    if (pending === undefined || code >= 0x80) return
    if (!pending.released) this.#note(pending.n)
    pending.released = true
    this.#write({ cmd: 'pubrel', messageId: id, qos: 1 } as Packet)
  }

  #note(n: number): void {
    if (this.acknowledgedAt[n] !== 0) return
    this.acknowledgedAt[n] = Date.now()
    this.#onAcknowledged(this, n)
  }

  #send(id: number, n: number, dup: boolean): void {
    const { id: device, topic, qos } = this.options
    this.#write({
      ...{ cmd: 'publish', topic, qos, messageId: id, dup, retain: false },
      payload: payloadOf(device, n),
    })
  }

  #write(packet: Packet): void {
    this.#socket?.write(mqttPacket.generate(packet, { protocolVersion: this.options.version }))
  }
}
