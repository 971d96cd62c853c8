import { type ClientContext, type Settlement } from '../message/index.ts'
import { type Authorizer } from './authorize.ts'
import { PublishDecoder, type ProtocolVersion } from './codec/publish.ts'
import { protocolError, reason, type ProtocolFault, type Reason } from './codec/reasons.ts'
import { PUBACK, PUBCOMP, PUBREC } from './codec/write.ts'
import { type ErrorCode } from '../errors.ts'
import { type IngestCounter } from './events.ts'
import { type Host } from './host.ts'
import { type Outbox } from './outbox.ts'
import { PublishMessage, type MessageOwner } from './publish-message.ts'
import { type RoomWaiter } from './room-queue.ts'
import { markOf, type Session } from './session.ts'
import { Window } from './window.ts'

/** What publishing asks of its connection. */
export interface PublishingLink {
  readonly version: ProtocolVersion
  /** Stops and resumes reading from the client. */
  pauseReading(): void
  resumeReading(): void
  /** Closes for a message that nothing took, so that the client sends it again. */
  withhold(): void
  /** Closes a 3.1.1 connection for a PUBLISH that is refused. */
  closeRefused(why: string): void
  /** Sends a negative PUBACK or PUBREC with its reason string, where the client wants one. */
  sendNegative(cmd: 'puback' | 'pubrec', packetId: number, code: Reason, text: string): void
}

const receiveMaximumExceeded: ProtocolFault = {
  reason: reason.receiveMaximumExceeded,
  text: 'more QoS 1 and 2 messages are unacknowledged than the Receive Maximum allows',
}
const unknownAlias: ProtocolFault = {
  reason: reason.topicAliasInvalid,
  text: 'the topic alias is above the maximum',
}
const tooLongAliases: ProtocolFault = {
  reason: reason.quotaExceeded,
  text: 'the topics of the topic aliases of all connections are too long together',
}
const unmappedAlias: ProtocolFault = protocolError('the topic alias has no topic yet')
const earlyRelease: ProtocolFault = protocolError('PUBREL comes before PUBREC')

const settlementCounter = {
  taken: 'messages_taken',
  unmatched: 'messages_unmatched',
  withheld: 'messages_withheld',
} as const satisfies Record<Settlement, IngestCounter>

/** Length of the topics of its aliases that a connection may always have. */
const OWN_ALIASES = 4_096
/** Messages given to the sink in one turn, while others wait for room too. */
const TURN = 16

/**
 * The PUBLISH side of one open connection: order, window, acknowledgement, QoS 2 and resends.
 *
 *     PUBLISH ─► checks ─► duplicate or join? ─► window full? ─► deferred ─┐
 *                                              └──────── sink.accept ◄──────┘ ─► onSettled ─► PUBACK / PUBREC
 */
export class Publishing implements MessageOwner, RoomWaiter {
  readonly decoder: PublishDecoder
  /** Milliseconds since the Unix epoch, set for each chunk of input. */
  now = 0
  received = 0
  readonly #host: Host
  readonly #link: PublishingLink
  readonly #session: Session
  readonly #client: ClientContext
  #authorize: Authorizer
  readonly #outbox: Outbox
  readonly #window: Window
  readonly #ackOnAccept: boolean
  readonly #receiveMaximum: number
  readonly #aliases: (string | undefined)[] = []
  /** Length of all of them. */
  #aliasLength = 0
  #lastTopic: string | undefined
  #lastAllowed = false
  #draining = false
  #closed = false

  constructor(
    host: Host,
    link: PublishingLink,
    session: Session,
    client: ClientContext,
    authorize: Authorizer,
    outbox: Outbox,
  ) {
    const { limits } = host
    this.#host = host
    this.#link = link
    this.#session = session
    this.#client = client
    this.#authorize = authorize
    this.#outbox = outbox
    this.#ackOnAccept = host.options.ack === 'received'
    this.#receiveMaximum = limits.receiveMaximum
    this.#window = new Window(limits.receiveMaximum, limits.windowBytes, limits.deferredBytes, host.deferred)
    this.decoder = new PublishDecoder(link.version)
  }

  /** Messages of QoS 1 and 2 received and not acknowledged. */
  get unacknowledged(): number {
    return this.#window.unacknowledged
  }

  /** Messages given to the sink and not settled. */
  get held(): boolean {
    return this.#window.heldBytes > 0
  }

  /** From here on the client may publish as `authorize` says. */
  authorize(authorize: Authorizer): void {
    this.#authorize = authorize
    this.#lastTopic = undefined
  }

  /** @returns why the connection must end, or undefined */
  onPublish(first: number, bytes: Buffer, start: number, end: number): ProtocolFault | undefined {
    const packet = this.decoder
    const fault = packet.decode(first, bytes, start, end) ?? this.#resolveAlias()
    if (fault !== undefined) return fault
    this.received++
    if (packet.retain) this.#host.meter.count('retained_received')
    const { topic, qos, packetId } = packet
    if (topic !== this.#lastTopic) {
      this.#lastAllowed = this.#authorize(topic)
      this.#lastTopic = topic
    }
    if (!this.#lastAllowed) {
      this.#refuse(
        'MQTT_PUBLISH_NOT_AUTHORIZED',
        'the client may not publish to this topic',
        reason.notAuthorized,
      )
      return undefined
    }
    const payload = ownPart(bytes, packet.payloadStart, end)
    if (qos !== 0) {
      if (this.#isDuplicate(packetId, qos, topic, payload)) return undefined
      if (this.#window.unacknowledged >= this.#receiveMaximum && this.#link.version === 5) {
        return receiveMaximumExceeded
      }
    }
    const message = new PublishMessage(
      this,
      this.#client,
      topic,
      payload,
      qos,
      packet.retain,
      packetId,
      packet.properties,
      this.now,
      Window.costOf(end - start),
      qos === 0 || this.#ackOnAccept ? undefined : this.#session.inFlight,
    )
    this.#admit(message)
    return undefined
  }

  /** A 3.1.1 PUBLISH above the maximum packet size, as far as its packet identifier. */
  onOversized(first: number, bytes: Buffer, start: number, end: number): ProtocolFault | undefined {
    const fault = this.decoder.decode(first, bytes, start, end)
    if (fault !== undefined) return fault
    this.received++
    this.#refuse(
      'MQTT_PACKET_TOO_LARGE',
      'the packet is above the maximum packet size',
      reason.packetTooLarge,
    )
    return undefined
  }

  /** Source: MQTT 5.0 section 4.3.3. */
  onRelease(packetId: number): ProtocolFault | undefined {
    if (this.#session.unreleased.delete(packetId)) {
      this.#outbox.acknowledge(PUBCOMP, packetId, reason.success, this.#link.version)
      return undefined
    }
    if (this.#session.inFlight.find(packetId)?.qos === 2) return earlyRelease
    this.#outbox.acknowledge(PUBCOMP, packetId, reason.packetIdentifierNotFound, this.#link.version)
    return undefined
  }

  onSettled(message: PublishMessage, settlement: Settlement): void {
    this.#window.release(message)
    this.#host.meter.count(settlementCounter[settlement])
    if (this.#closed) {
      if (settlement !== 'withheld') this.#remember(message)
      return
    }
    if (message.qos > 0 && !message.acknowledged) {
      if (settlement === 'withheld') {
        const { clientId } = this.#session
        this.#host.meter.log({ event: 'mqtt.delivery_withheld', clientId, traceId: message.traceId })
        this.#link.withhold()
        return
      }
      this.#acknowledge(message, settlement === 'unmatched' ? reason.noMatchingSubscribers : reason.success)
    }
    if (this.#window.hasDeferred) this.#drain()
  }

  onRoom(): void {
    this.#drain(TURN)
  }

  /**
   * Nobody is there to be told, but a QoS 2 message that was passed on must not be passed on again. One that was
   * acknowledged on receipt is among the unreleased already, or was released; and where the client has taken the
   * identifier for another message meanwhile, the answer to that one would be wrong.
   */
  #remember({ qos, packetId, topic, payload, acknowledged }: PublishMessage): void {
    const { inFlight, unreleased } = this.#session
    if (qos !== 2 || acknowledged || inFlight.find(packetId) !== undefined) return
    unreleased.set(packetId, markOf(topic, payload))
  }

  /** The connection has ended. */
  close(): void {
    this.#closed = true
    this.#host.aliases.bytes -= this.#aliasLength
    this.#aliasLength = 0
    this.dropDeferred()
  }

  /** Drops what was not given to the sink, for it will be sent again. */
  dropDeferred(): void {
    this.#host.rooms.forget(this)
    for (let message = this.#window.shift(); message !== undefined; message = this.#window.shift()) {
      message.inFlight?.remove(message)
      this.#host.meter.count(message.qos === 0 ? 'qos0_dropped' : 'deferred_dropped')
    }
  }

  #resolveAlias(): ProtocolFault | undefined {
    const { decoder } = this
    const alias = decoder.topicAlias
    if (alias === 0) return undefined
    if (alias > this.#host.limits.topicAliasMaximum) return unknownAlias
    if (decoder.topic !== '') return this.#setAlias(alias, decoder.topic)
    const topic = this.#aliases[alias]
    if (topic === undefined) return unmappedAlias
    decoder.topic = topic
    return undefined
  }

  #setAlias(alias: number, topic: string): ProtocolFault | undefined {
    const { aliases } = this.#host
    const more = topic.length - (this.#aliases[alias]?.length ?? 0)
    this.#aliases[alias] = topic
    this.#aliasLength += more
    aliases.bytes += more
    const isOver = more > 0 && aliases.bytes > aliases.limit && this.#aliasLength > OWN_ALIASES
    return isOver ? tooLongAliases : undefined
  }

  /**
   * QoS 2: a packet identifier answered and not released yet is the same message. A resend (DUP) that equals a message
   * in flight joins it; every other resend is a message of its own.
   */
  #isDuplicate(packetId: number, qos: 1 | 2, topic: string, payload: Buffer): boolean {
    if (qos === 2 && this.#isAnswered(packetId, topic, payload)) {
      this.#host.meter.count('publishes_duplicate')
      this.#outbox.acknowledge(PUBREC, packetId, reason.success, this.#link.version)
      return true
    }
    const original = this.#session.inFlight.find(packetId)
    if (original === undefined || original.qos !== qos) return false
    if (!this.decoder.dup && (qos === 1 || original.owner !== this)) return false
    if (!original.equals(topic, payload)) return false
    this.#host.meter.count('publishes_joined')
    if (original.owner === this) return true
    original.owner = this
    this.#window.hold(original)
    this.#window.unacknowledged++
    return true
  }

  /**
   * A client that lost its memory and kept its session takes identifiers anew that it never released. What it then
   * publishes for the first time is no resend: to answer it as one would lose it.
   */
  #isAnswered(packetId: number, topic: string, payload: Buffer): boolean {
    const { unreleased } = this.#session
    const mark = unreleased.get(packetId)
    if (mark === undefined) return false
    if (this.decoder.dup || mark === markOf(topic, payload)) return true
    unreleased.delete(packetId)
    this.#host.meter.count('identifiers_reused')
    return false
  }

  #admit(message: PublishMessage): void {
    const window = this.#window
    const mayPass = !window.hasDeferred && window.fits(message) && this.#host.rooms.isOpen
    if (!mayPass && message.qos === 0 && window.isOver) {
      this.#host.meter.count('qos0_dropped')
      return
    }
    if (message.qos > 0) {
      window.unacknowledged++
      message.inFlight?.add(message)
    }
    if (mayPass) return this.#pass(message)
    window.defer(message)
    if (window.isOver) this.#link.pauseReading()
    if (window.peek() === message) this.#drain()
  }

  #pass(message: PublishMessage): void {
    this.#window.hold(message)
    if (this.#ackOnAccept && message.qos > 0) {
      message.acknowledged = true
      this.#acknowledge(message, reason.success)
    }
    this.#host.sink.accept(message)
  }

  /** @param turn messages that may pass although others wait for room; without room none */
  #drain(turn = 0): void {
    // The sink may settle inside accept(), which comes back here.
    if (this.#draining) return
    this.#draining = true
    const window = this.#window
    const { rooms, sink } = this.#host
    let left = turn
    for (let next = window.peek(); next !== undefined; next = window.peek()) {
      if (!window.fits(next)) break
      if (left > 0 ? !sink.hasRoom() : !rooms.isOpen) {
        rooms.wait(this)
        break
      }
      left -= 1
      window.shift()
      this.#pass(next)
    }
    this.#draining = false
    if (!this.#closed && window.mayResume) this.#link.resumeReading()
  }

  #acknowledge(message: PublishMessage, code: Reason): void {
    this.#window.unacknowledged--
    this.#respond(message, code)
  }

  #respond({ qos, packetId, topic, payload }: PublishMessage, code: Reason): void {
    if (qos === 2) this.#session.unreleased.set(packetId, markOf(topic, payload))
    this.#host.meter.count('acknowledged')
    this.#outbox.acknowledge(qos === 1 ? PUBACK : PUBREC, packetId, code, this.#link.version)
  }

  #refuse(code: ErrorCode, why: string, answer: Reason): void {
    const { qos, packetId, topic, properties, retain } = this.decoder
    const { clientId } = this.#session
    const none = Buffer.alloc(0)
    const refused = new PublishMessage(
      this,
      this.#client,
      topic,
      none,
      qos,
      retain,
      packetId,
      properties,
      this.now,
      0,
      undefined,
    )
    this.#host.meter.count('publishes_refused')
    this.#host.meter.log({
      event: 'mqtt.publish_refused',
      code,
      clientId,
      topic: topic.slice(0, 256),
      traceId: refused.traceId,
      why,
    })
    if (qos === 0) return
    if (this.#link.version === 5) {
      this.#link.sendNegative(qos === 1 ? 'puback' : 'pubrec', packetId, answer, why)
    } else if (
      this.#host.options.onRefused === 'acknowledge' ||
      this.#host.refusals.isRepeated(clientId, packetId, topic)
    ) {
      this.#respond(refused, reason.success)
    } else {
      this.#link.closeRefused(why)
    }
  }
}

/** A payload smaller than this part of the chunk it came in is copied out of it. */
const SMALL_PART = 16

/**
 * The payload, which keeps the whole chunk in memory as long as it is in use: a small one is copied, so that a client
 * with one byte in flight of each chunk holds not much more than the window counts.
 */
function ownPart(chunk: Buffer, start: number, end: number): Buffer {
  const part = chunk.subarray(start, end)
  return part.length * SMALL_PART < chunk.buffer.byteLength ? Buffer.from(part) : part
}
