import { type ClientContext, type MessageSink, type Settlement } from '../message/index.ts'
import { type ConnectWill } from './codec/connect.ts'
import { toPublishProperties } from './codec/publish.ts'
import { type Meter } from './events.ts'
import { ReceivedMessage } from './received-message.ts'
import { type RoomQueue, type RoomWaiter } from './room-queue.ts'

const OVERHEAD = 512
/** Wills sent in one turn, while others wait for room too. */
const TURN = 16

/** A will as a message: nobody waits for its acknowledgement, so its end is a count. */
class WillMessage extends ReceivedMessage {
  readonly #meter: Meter

  constructor(will: ConnectWill, client: ClientContext, now: number, meter: Meter) {
    const properties = will.properties === undefined ? undefined : toPublishProperties(will.properties)
    super(client, will.topic, will.payload, will.qos, will.retain, properties, now, undefined)
    this.#meter = meter
  }

  protected override onSettled(settlement: Settlement): void {
    this.#meter.count(`messages_${settlement}`)
  }
}

interface DelayedWill {
  readonly will: ConnectWill
  readonly client: ClientContext
  readonly due: number
}

/**
 * Wills of all clients: reserved while connected, delayed after a connection has ended, then sent like any message.
 * Number and bytes are bounded over all three. Source: MQTT 5.0 section 3.1.2.5.
 */
export class Wills implements RoomWaiter {
  readonly #sink: MessageSink
  readonly #rooms: RoomQueue
  readonly #meter: Meter
  readonly #maximum: number
  readonly #maximumBytes: number
  readonly #delayed = new Map<string, DelayedWill>()
  #queue: { will: ConnectWill; client: ClientContext }[] = []
  #count = 0
  #bytes = 0

  constructor(sink: MessageSink, rooms: RoomQueue, meter: Meter, maximum: number, maximumBytes: number) {
    this.#sink = sink
    this.#rooms = rooms
    this.#meter = meter
    this.#maximum = maximum
    this.#maximumBytes = maximumBytes
  }

  /** Reserves room for the will of a client that connects; false when there is none. */
  reserve(will: ConnectWill): boolean {
    const size = sizeOf(will)
    if (this.#count >= this.#maximum || this.#bytes + size > this.#maximumBytes) return false
    this.#count++
    this.#bytes += size
    return true
  }

  /** Gives up a reserved will without sending it. */
  discard(will: ConnectWill): void {
    this.#count--
    this.#bytes -= sizeOf(will)
  }

  /** A connection has ended in a way that publishes its will, after `delay` seconds. */
  leave(clientId: string, will: ConnectWill, client: ClientContext, delay: number, now: number): void {
    if (delay > 0) this.#delayed.set(clientId, { will, client, due: now + delay * 1000 })
    else this.#send(will, client)
  }

  /** The client is back: its delayed will is cancelled when the session goes on, else it is due now. */
  returned(clientId: string, continued: boolean): void {
    const delayed = this.#delayed.get(clientId)
    if (delayed === undefined) return
    this.#delayed.delete(clientId)
    if (!continued) return this.#send(delayed.will, delayed.client)
    this.discard(delayed.will)
    this.#meter.count('wills_cancelled')
  }

  tick(now: number): void {
    for (const [clientId, { will, client, due }] of this.#delayed) {
      if (due > now) continue
      this.#delayed.delete(clientId)
      this.#send(will, client)
    }
  }

  /** Drops what is still delayed or waiting. */
  close(): void {
    this.#meter.count('wills_withheld', this.#delayed.size + this.#queue.length)
    this.#rooms.forget(this)
    this.#delayed.clear()
    this.#queue = []
  }

  onRoom(): void {
    for (let turn = TURN; turn > 0 && this.#queue.length > 0 && this.#sink.hasRoom(); turn -= 1) {
      const { will, client } = this.#queue.shift()!
      this.#accept(will, client)
    }
    if (this.#queue.length > 0) this.#rooms.wait(this)
  }

  #send(will: ConnectWill, client: ClientContext): void {
    if (this.#queue.length === 0 && this.#rooms.isOpen) return this.#accept(will, client)
    this.#queue.push({ will, client })
    this.#rooms.wait(this)
  }

  #accept(will: ConnectWill, client: ClientContext): void {
    this.discard(will)
    this.#meter.count('wills_sent')
    this.#sink.accept(new WillMessage(will, client, Date.now(), this.#meter))
  }
}

function sizeOf({ topic, payload }: ConnectWill): number {
  return topic.length + payload.length + OVERHEAD
}
