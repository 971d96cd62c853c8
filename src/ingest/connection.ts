import { type Duplex } from 'node:stream'
import { type Packet } from 'mqtt-packet'
import { type ClientContext } from '../message/index.ts'
import { type Grant, identify, isDurable, openSession, type Peer, renewed } from './admission.ts'
import { decodeConnect, type ConnectPacket, type ConnectWill } from './codec/connect.ts'
import {
  areFilters,
  decodeDisconnect,
  decodeRelease,
  decodeSubscribe,
  decodeUnsubscribe,
  hasReservedFlags,
  packetType,
} from './codec/packets.ts'
import { type ProtocolVersion } from './codec/publish.ts'
import { malformed, protocolError, reason, type ProtocolFault, type Reason } from './codec/reasons.ts'
import { encodePacket, pingResponse } from './codec/write.ts'
import { connectCode, faultCode, isNonconforming } from './fault-codes.ts'
import { Framer, type PacketHandler } from './framer.ts'
import { acceptance, negotiate, refusal, type Terms } from './handshake.ts'
import { type Host } from './host.ts'
import { Outbox } from './outbox.ts'
import { type Pace, type Paced } from './publish-rate.ts'
import { Publishing, type PublishingLink } from './publishing.ts'
import { type Session, type SessionHolder } from './session.ts'
import { subscriptionAnswer, unsubscriptionAnswer } from './subscriptions.ts'

/** What becomes of the will when a connection ends. */
type WillFate = 'send' | 'withhold' | 'discard'

interface Ending {
  /** Reason code of the DISCONNECT that an MQTT 5 client gets; none is sent without it. */
  readonly code?: Reason
  readonly text?: string
  readonly will: WillFate
  readonly why: string
}

/** What exists between CONNACK and the end. */
interface Open {
  readonly session: Session
  readonly client: ClientContext
  readonly publishing: Publishing
  readonly terms: Terms
  readonly pace: Pace | undefined
  grant: Grant
  will: ConnectWill | undefined
}

/** Milliseconds a client gets to close its side after the server has closed its own. */
const LINGER = 2_000
const CONNECT_BYTE = packetType.connect << 4
const NO_MAXIMUM = 268_435_460
/** Bytes before CONNACK that a connection may always send: a common CONNECT. */
const COMMON_CONNECT = 4_096
/** Bytes before CONNACK that are taken in; the rest stays with TCP. */
const EARLY_BYTES = 65_536

const notConnected = protocolError('the first packet is not CONNECT')
const connectedTwice = protocolError('CONNECT comes twice')
const badFlags = malformed('the flags of the fixed header are not the ones reserved for its type')
const unexpected = protocolError('a server does not get this packet')
const noAuthentication = protocolError('AUTH without enhanced authentication')
const badPing = malformed('PINGREQ has a body')
const tooMuchEarly: ProtocolFault = {
  reason: reason.quotaExceeded,
  text: 'too many bytes come from clients that are not connected yet',
}
const noLongerKnown: ProtocolFault = {
  reason: reason.notAuthorized,
  text: 'the user was removed or has another password',
}
const badExpiry = protocolError('DISCONNECT sets a session expiry that CONNECT had as zero')

/**
 * One network connection:
 *
 *     opening ─CONNECT─► admitting ─CONNACK─► open ─► closing ─► closed
 *
 * While admitting, input is held back. A fault ends it with the right code; nothing a client sends ends the process.
 */
export class Connection implements PacketHandler, PublishingLink, SessionHolder, Paced {
  version: ProtocolVersion = 4
  readonly #host: Host
  readonly #stream: Duplex
  readonly #peer: Peer
  readonly #framer: Framer
  readonly #outbox: Outbox
  /** Times by `performance.now()`: a wall clock that steps ends no connection. */
  readonly #openedAt = performance.now()
  #state: 'opening' | 'admitting' | 'open' | 'closing' | 'closed' = 'opening'
  #clientId: string | undefined
  #open: Open | undefined
  /** Session opened, CONNACK not sent yet. */
  #admitted: { session: Session; will: ConnectWill | undefined; client: ClientContext } | undefined
  #lastSeen = performance.now()
  #closingUntil = 0
  #begun = false
  /** Bytes that came before CONNACK, counted with those of the others. */
  #early = 0
  /** Not read: for its window is full, for its publishing is over a rate. */
  #paused = false
  #paced = false
  #wantsReasons = true
  #maximumPacketSize = NO_MAXIMUM

  constructor(host: Host, stream: Duplex, peer: Peer) {
    this.#host = host
    this.#stream = stream
    this.#peer = peer
    this.#framer = new Framer(this, host.limits.maxPacketSize, host.partial)
    this.#outbox = new Outbox(stream, host.flusher, host.limits.outboundBytes, () =>
      this.#abort('the client does not read what it is sent'),
    )
    host.connections.add(this)
    host.meter.count('connections_opened')
    stream.on('data', (chunk: Buffer) => this.#onData(chunk))
    stream.on('error', () => undefined)
    stream.on('close', () => this.#onClosed())
  }

  /** Unsettled messages are left. */
  get busy(): boolean {
    return this.#open?.publishing.held ?? false
  }

  /** Messages of QoS 1 and 2 received and not acknowledged. */
  get unacknowledged(): number {
    return this.#open?.publishing.unacknowledged ?? 0
  }

  onPacket(first: number, bytes: Buffer, start: number, end: number): boolean {
    const type = first >> 4
    if (this.#state === 'open') {
      const fault =
        type === packetType.publish
          ? this.#open!.publishing.onPublish(first, bytes, start, end)
          : this.#onOther(type, first, bytes, start, end)
      if (fault !== undefined) this.onFault(fault)
      if ((this.#state as string) !== 'open') return false
      return type !== packetType.publish || this.#isInPace(end - start)
    }
    if (this.#state === 'opening') this.#onConnect(bytes, start, end)
    return false
  }

  wantsOversized(first: number, _length: number): boolean {
    return this.#state === 'open' && this.version === 4 && first >> 4 === packetType.publish
  }

  onOversized(first: number, bytes: Buffer, start: number, end: number): boolean {
    const fault = this.#open?.publishing.onOversized(first, bytes, start, end)
    if (fault !== undefined) this.onFault(fault)
    return this.#state === 'open' && this.#isInPace(end - start)
  }

  onFault(fault: ProtocolFault): void {
    this.#host.meter.count('protocol_faults')
    this.#host.meter.log({
      event: 'mqtt.protocol_fault',
      code: faultCode(fault),
      clientId: this.#clientId,
      sourceIp: this.#peer.sourceIp,
      why: fault.text,
    })
    this.#end({ code: fault.reason, text: fault.text, will: 'send', why: fault.text })
  }

  takeOver(): void {
    this.#end({ code: reason.sessionTakenOver, will: 'send', why: 'the client connected again' })
  }

  withhold(): void {
    this.#end({
      code: reason.serverBusy,
      text: 'a message could not be delivered; send it again',
      will: 'withhold',
      why: 'a message could not be delivered',
    })
  }

  closeRefused(why: string): void {
    this.#end({ will: 'send', why })
  }

  /** The server stops. */
  shutDown(): void {
    this.#end({ code: reason.serverShuttingDown, will: 'withhold', why: 'the server is shutting down' })
  }

  /** The access rules have changed: they count from here on, also for a will. */
  accessChanged(): void {
    const open = this.#open
    if (open === undefined) return
    const grant = renewed(open.grant, this.#host.access)
    const { reason: code, text } = noLongerKnown
    if (grant === undefined) return this.#end({ code, text, will: 'discard', why: text })
    open.grant = grant
    open.publishing.authorize(grant.authorize)
    if (open.will === undefined || grant.authorize(open.will.topic)) return
    this.#host.wills.discard(open.will)
    open.will = undefined
  }

  /** Reads nothing more; acknowledgements still go out. */
  stopReading(): void {
    this.#framer.close()
    this.#open?.publishing.dropDeferred()
    if (this.#state !== 'open') this.#abort('the server is shutting down')
  }

  destroy(): void {
    this.#stream.destroy()
  }

  pauseReading(): void {
    if (this.#paused) return
    this.#paused = true
    this.#stream.pause()
  }

  resumeReading(): void {
    if (!this.#paused || this.#state !== 'open') return
    this.#paused = false
    this.#readOn()
  }

  onPace(): void {
    if (!this.#paced || this.#state !== 'open') return
    this.#paced = false
    this.#open!.publishing.now = Date.now()
    this.#feed(() => this.#framer.resume())
    this.#readOn()
  }

  sendNegative(cmd: 'puback' | 'pubrec', messageId: number, code: Reason, text: string): void {
    const properties = this.#wantsReasons ? { reasonString: text } : undefined
    this.#send({ cmd, messageId, reasonCode: code, properties })
  }

  /** Called a few times a second with `performance.now()`. */
  tick(now: number): void {
    if (this.#state === 'opening' || this.#state === 'admitting') {
      if (now - this.#openedAt > this.#host.limits.connectTimeout) this.#abort('no CONNECT in time')
    } else if (this.#state === 'closing') {
      if (now > this.#closingUntil) this.destroy()
    } else if (this.#open !== undefined && !this.#paused && !this.#paced) {
      const { keepAlive } = this.#open.terms
      if (keepAlive > 0 && now - this.#lastSeen > keepAlive * 1_500) {
        this.#end({ code: reason.keepAliveTimeout, will: 'send', why: 'keep-alive timeout' })
      }
    }
  }

  #onData(chunk: Buffer): void {
    if (this.#state === 'closing' || this.#state === 'closed') return
    // Another protocol is told by its first byte; waiting for its "packet" to end would take until the timeout.
    if (this.#state === 'opening' && !this.#begun && chunk[0] !== CONNECT_BYTE) {
      return this.onFault(chunk[0]! >> 4 === packetType.connect ? badFlags : notConnected)
    }
    this.#begun = true
    this.#lastSeen = performance.now()
    const publishing = this.#open?.publishing
    if (publishing !== undefined) publishing.now = Date.now()
    this.#host.meter.count('bytes_received', chunk.length)
    if (this.#state !== 'open' && !this.#takeEarly(chunk.length)) return
    this.#feed(() => this.#framer.push(chunk))
  }

  /** Counts a PUBLISH; false when nothing more is read until `onPace`. */
  #isInPace(bytes: number): boolean {
    const { pace, session } = this.#open!
    const { pacer, meter, paced } = this.#host
    if (pace === undefined || pacer.take(pace, bytes)) return true
    this.#paced = true
    this.#stream.pause()
    meter.count('publishes_paced')
    const count = paced.add(performance.now())
    const { clientId } = session
    const code = 'MQTT_PUBLISH_RATE_EXCEEDED'
    if (count > 0) meter.log({ event: 'mqtt.publishers_paced', code, count, clientId })
    return false
  }

  /** Reads from the client where nothing is against it. */
  #readOn(): void {
    if (this.#state !== 'open' || this.#paused || this.#paced) return
    this.#lastSeen = performance.now()
    this.#stream.resume()
  }

  /** Bounds what those may send who have not been let in. @returns false when the connection ends */
  #takeEarly(bytes: number): boolean {
    const { early } = this.#host
    this.#early += bytes
    early.bytes += bytes
    if (early.bytes > early.limit && this.#early > COMMON_CONNECT) {
      this.#refuse(undefined, this.#clientId, tooMuchEarly)
      return false
    }
    if (this.#state === 'admitting' && this.#early > EARLY_BYTES) this.#stream.pause()
    return true
  }

  #forgetEarly(): void {
    this.#host.early.bytes -= this.#early
    this.#early = 0
  }

  /** The one boundary: a bug in handling input costs this connection, never the process. */
  #feed(push: () => void): void {
    const publishing = this.#open?.publishing
    try {
      push()
    } catch (error) {
      this.#abort(`internal fault: ${String(error)}`)
    }
    if (publishing !== undefined && publishing.received > 0) {
      this.#host.meter.count('publishes_received', publishing.received)
      publishing.received = 0
    }
  }

  #onOther(
    type: number,
    first: number,
    bytes: Buffer,
    start: number,
    end: number,
  ): ProtocolFault | undefined {
    if (!hasReservedFlags(first)) return badFlags
    switch (type) {
      case packetType.pubrel: {
        const packet = decodeRelease(this.version, bytes, start, end)
        return packet.fault ?? this.#open!.publishing.onRelease(packet.packetId)
      }
      case packetType.pingreq:
        if (end !== start) return badPing
        this.#outbox.packet(pingResponse)
        return undefined
      case packetType.subscribe:
        return this.#onSubscribe(bytes, start, end)
      case packetType.unsubscribe:
        return this.#onUnsubscribe(bytes, start, end)
      case packetType.disconnect:
        return this.#onDisconnect(bytes, start, end)
      case packetType.connect:
        return connectedTwice
      case packetType.auth:
        return this.version === 5 ? noAuthentication : unexpected
      default:
        return unexpected
    }
  }

  #onSubscribe(bytes: Buffer, start: number, end: number): ProtocolFault | undefined {
    const packet = decodeSubscribe(this.version, bytes, start, end)
    if (packet.fault !== undefined) return packet.fault
    if (this.version === 4 && !areFilters(packet.filters)) return malformed('a topic filter is not valid')
    this.#host.meter.count('subscriptions_refused', packet.filters.length)
    this.#send(subscriptionAnswer(packet, this.version, this.#wantsReasons))
    return undefined
  }

  #onUnsubscribe(bytes: Buffer, start: number, end: number): ProtocolFault | undefined {
    const packet = decodeUnsubscribe(this.version, bytes, start, end)
    if (packet.fault !== undefined) return packet.fault
    this.#send(unsubscriptionAnswer(packet))
    return undefined
  }

  #onDisconnect(bytes: Buffer, start: number, end: number): ProtocolFault | undefined {
    const packet = decodeDisconnect(this.version, bytes, start, end)
    if (packet.fault !== undefined) return packet.fault
    const { session } = this.#open!
    const expiry = packet.sessionExpiryInterval
    if (expiry !== undefined) {
      if (session.expiryInterval === 0 && expiry > 0) return badExpiry
      session.expiryInterval = Math.min(expiry, this.#host.limits.sessionExpiryMaximum)
    }
    this.#end({ will: packet.code === 0 ? 'discard' : 'send', why: 'the client disconnected' })
    return undefined
  }

  #onConnect(bytes: Buffer, start: number, end: number): void {
    const decoded = decodeConnect(bytes, start, end)
    if (!decoded.ok) {
      this.#host.meter.count('protocol_faults')
      this.#refuse(decoded.version, undefined, decoded.fault)
      return
    }
    const { packet } = decoded
    this.version = packet.version
    this.#wantsReasons = packet.properties.requestProblemInformation !== 0
    this.#maximumPacketSize = packet.properties.maximumPacketSize ?? NO_MAXIMUM
    const terms = negotiate(packet, this.#host.limits)
    if ('reason' in terms) return this.#refuse(packet.version, packet.clientId, terms)
    this.#clientId = terms.clientId
    this.#state = 'admitting'
    this.#admit(packet, terms).catch((error: unknown) => this.#abort(`internal fault: ${String(error)}`))
  }

  async #admit(packet: ConnectPacket, terms: Terms): Promise<void> {
    const { clientId } = terms
    const { will, version } = packet
    const identified = await identify(this.#host, this.#peer, packet, clientId)
    if (this.#state !== 'admitting') return
    if (!identified.ok) return this.#refuse(version, clientId, identified.fault)
    const { client } = identified
    const opened = openSession(this.#host, packet, terms, identified.grant.authorize, this)
    if ('reason' in opened) return this.#refuse(version, clientId, opened)
    const { session, present, durable } = opened
    this.#admitted = { session, will, client }
    this.#host.wills.returned(clientId, present)
    if (durable !== undefined && !(await isDurable(opened))) {
      // The client was never told of the session: it must not find one when it comes back.
      if (!present) session.expiryInterval = 0
      const text = 'the session could not be written to disk'
      return this.#refuse(version, clientId, { reason: reason.serverUnavailable, text })
    }
    if ((this.#state as string) !== 'admitting') return
    const grant = renewed(identified.grant, this.#host.access)
    if (grant === undefined) return this.#refuse(version, clientId, noLongerKnown)
    this.#admitted = undefined
    const publishing = new Publishing(this.#host, this, session, client, grant.authorize, this.#outbox)
    this.#forgetEarly()
    const pace = this.#host.pacer.enter(this, clientId)
    this.#open = { session, client, publishing, terms, pace, will, grant }
    this.#state = 'open'
    this.#send(acceptance(packet, terms, present, this.#host.limits))
    const { sourceIp } = this.#peer
    this.#host.meter.log({ event: 'mqtt.connected', clientId, sourceIp, version, sessionPresent: present })
    this.#lastSeen = performance.now()
    publishing.now = Date.now()
    this.#feed(() => this.#framer.resume())
    this.#readOn()
  }

  #refuse(version: ProtocolVersion | undefined, clientId: string | undefined, fault: ProtocolFault): void {
    if (this.#state === 'closing' || this.#state === 'closed') return
    this.#host.meter.count('connections_refused')
    this.#host.meter.log({
      event: 'mqtt.connect_refused',
      code: connectCode(fault),
      clientId,
      sourceIp: this.#peer.sourceIp,
      why: fault.text,
    })
    // MQTT-3.1.4-1: a 3.1.1 CONNECT that does not conform gets no CONNACK.
    if (version === 5 || (version === 4 && !isNonconforming(fault))) {
      this.version = version
      this.#send(refusal(version, fault, this.#wantsReasons))
    }
    this.#end({ will: 'discard', why: fault.text })
  }

  #send(packet: Packet): void {
    const bytes = encodePacket(packet, this.version, this.#maximumPacketSize)
    if (bytes !== undefined) this.#outbox.packet(bytes)
  }

  #end({ code, text, will, why }: Ending): void {
    if (this.#state === 'closing' || this.#state === 'closed') return
    const wasOpen = this.#state === 'open'
    this.#state = 'closing'
    this.#framer.close()
    this.#forgetEarly()
    this.#leave(will, why)
    if (wasOpen && code !== undefined && this.version === 5) {
      const properties = text !== undefined && this.#wantsReasons ? { reasonString: text } : undefined
      this.#send({ cmd: 'disconnect', reasonCode: code, properties })
    }
    this.#outbox.flush()
    this.#closingUntil = performance.now() + LINGER
    this.#stream.end()
    this.#stream.resume()
  }

  #abort(why: string): void {
    this.#end({ will: 'send', why })
    this.destroy()
  }

  #onClosed(): void {
    if (this.#state === 'closed') return
    const left = this.#state === 'closing'
    this.#state = 'closed'
    this.#framer.close()
    this.#forgetEarly()
    if (!left) this.#leave('send', 'the network connection closed')
    this.#host.connections.delete(this)
    this.#host.meter.count('connections_closed')
  }

  /** Lets go of the session and the will, exactly once. */
  #leave(fate: WillFate, why: string): void {
    const held = this.#open ?? this.#admitted
    if (held === undefined) return
    const { session, will, client } = held
    this.#open?.publishing.close()
    if (this.#open?.pace !== undefined) this.#host.pacer.leave(this.#open.pace)
    this.#open = undefined
    this.#admitted = undefined
    const now = Date.now()
    const delay = Math.min(will?.properties?.willDelayInterval ?? 0, session.expiryInterval)
    this.#host.sessions.leave(session, this, now)
    this.#host.meter.log({ event: 'mqtt.disconnected', clientId: session.clientId, why })
    if (will === undefined) return
    if (fate === 'send') return this.#host.wills.leave(session.clientId, will, client, delay, now)
    this.#host.wills.discard(will)
    if (fate === 'withhold') this.#host.meter.count('wills_withheld')
  }
}
