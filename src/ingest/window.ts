import { type PublishMessage } from './publish-message.ts'

/** Bytes that one unsettled message costs beside its packet: objects here and in the stages behind. */
const MESSAGE_OVERHEAD = 256

/** Bytes waiting in the queues of all connections. */
export interface SharedBudget {
  bytes: number
  readonly limit: number
}

/**
 * The in-flight window of one connection, and the queue of messages that arrived while it was full.
 *
 *     received ─► queue (deferred) ─► held: given to the sink, not settled ─► settled
 */
export class Window {
  /** QoS 1 and 2 messages received and not acknowledged, queued ones included. */
  unacknowledged = 0
  heldCount = 0
  heldBytes = 0
  deferredBytes = 0
  readonly #maximumCount: number
  readonly #maximumBytes: number
  readonly #deferredLimit: number
  readonly #shared: SharedBudget
  #queue: (PublishMessage | undefined)[] = []
  #head = 0

  constructor(maximumCount: number, maximumBytes: number, deferredLimit: number, shared: SharedBudget) {
    this.#maximumCount = maximumCount
    this.#maximumBytes = maximumBytes
    this.#deferredLimit = deferredLimit
    this.#shared = shared
  }

  static costOf(packetBytes: number): number {
    return packetBytes + MESSAGE_OVERHEAD
  }

  /** True when a message may be given to the sink as far as this connection goes. One is always in order. */
  fits(message: PublishMessage): boolean {
    if (this.heldBytes === 0) return true
    if (message.qos > 0 && this.heldCount >= this.#maximumCount) return false
    return this.heldBytes + message.cost <= this.#maximumBytes
  }

  hold(message: PublishMessage): void {
    this.heldBytes += message.cost
    if (message.qos > 0) this.heldCount++
  }

  release(message: PublishMessage): void {
    this.heldBytes -= message.cost
    if (message.qos > 0) this.heldCount--
  }

  get hasDeferred(): boolean {
    return this.#head < this.#queue.length
  }

  /** True when nothing more should be read: this queue, or all of them together, are at their bound. */
  get isOver(): boolean {
    return this.deferredBytes > this.#deferredLimit || this.#shared.bytes > this.#shared.limit
  }

  /** True when reading may go on after a pause. */
  get mayResume(): boolean {
    if (!this.hasDeferred) return true
    return this.deferredBytes <= this.#deferredLimit / 2 && this.#shared.bytes <= this.#shared.limit
  }

  defer(message: PublishMessage): void {
    this.#queue.push(message)
    this.deferredBytes += message.cost
    this.#shared.bytes += message.cost
  }

  peek(): PublishMessage | undefined {
    return this.#queue[this.#head]
  }

  shift(): PublishMessage | undefined {
    const message = this.#queue[this.#head]
    if (message === undefined) return undefined
    this.#queue[this.#head++] = undefined
    this.deferredBytes -= message.cost
    this.#shared.bytes -= message.cost
    if (this.#head === this.#queue.length) {
      this.#queue = []
      this.#head = 0
    } else if (this.#head >= 1024) {
      this.#queue.splice(0, this.#head)
      this.#head = 0
    }
    return message
  }
}
