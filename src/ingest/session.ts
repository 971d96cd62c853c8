import { crc32 } from 'node:zlib'
import { type PublishMessage } from './publish-message.ts'

/** The unsettled QoS 1 and 2 messages of one client by packet identifier; outlives its connections. */
export class InFlight {
  readonly #byId = new Map<number, PublishMessage>()
  /** Called when the last message has settled. */
  onEmpty: (() => void) | undefined

  get size(): number {
    return this.#byId.size
  }

  add(message: PublishMessage): void {
    this.#byId.set(message.packetId, message)
  }

  find(packetId: number): PublishMessage | undefined {
    return this.#byId.get(packetId)
  }

  remove(message: PublishMessage): void {
    if (this.#byId.get(message.packetId) !== message) return
    this.#byId.delete(message.packetId)
    if (this.#byId.size === 0) this.onEmpty?.()
  }
}

/** The connection that holds a session, as far as the registry needs it. */
export interface SessionHolder {
  /** Ends the connection because another one has come with the same client identifier. */
  takeOver(): void
}

/** Session state of one client. Source: MQTT 5.0 section 4.1. */
export interface Session {
  readonly clientId: string
  /** Seconds it outlives its connection; zero ends it with the connection. */
  expiryInterval: number
  readonly inFlight: InFlight
  /** QoS 2 packet identifiers answered with PUBREC and not released yet, each with the mark of its message. */
  readonly unreleased: Map<number, number>
  holder: SessionHolder | undefined
  /** Milliseconds since the Unix epoch; Infinity while connected. */
  expiresAt: number
  /** Over as MQTT goes, kept only while messages of it are in flight. */
  ended: boolean
  /** It is in the session log. */
  stored: boolean
}

/** Tells the message of an unreleased packet identifier from another one for which a client took the same identifier. */
export function markOf(topic: string, payload: Buffer): number {
  return crc32(payload, crc32(topic))
}
