import { type MessageSink } from '../message/index.ts'

export interface RoomWaiter {
  /** There is room in the sink: it gives a little, and whoever has more waits again. */
  onRoom(): void
}

const queues = new WeakMap<MessageSink, RoomQueue>()

/** The queue before a sink: one for all that give to it, or those that come by MQTT and by HTTP would pass by each other. */
export function roomQueueOf(sink: MessageSink): RoomQueue {
  const known = queues.get(sink)
  if (known !== undefined) return known
  const queue = new RoomQueue(sink)
  queues.set(sink, queue)
  return queue
}

/** Waiters served before the event loop goes on with other things. */
const AT_ONCE = 128

/**
 * Those that wait for room in the sink, in turn. While anybody waits nobody passes by: what comes new waits behind, or
 * room would go to those that happen to ask when there is some.
 */
export class RoomQueue {
  readonly #sink: MessageSink
  readonly #waiting = new Set<RoomWaiter>()
  /** Somebody will serve: the sink when it has room, or what serves now. Never both, or each would ask the sink again. */
  #isAwaited = false

  constructor(sink: MessageSink) {
    this.#sink = sink
  }

  /** Whether who comes now may give to the sink at once. */
  get isOpen(): boolean {
    return this.#waiting.size === 0 && this.#sink.hasRoom()
  }

  wait(waiter: RoomWaiter): void {
    this.#waiting.add(waiter)
    this.#register()
  }

  forget(waiter: RoomWaiter): void {
    this.#waiting.delete(waiter)
  }

  #register(): void {
    if (this.#isAwaited) return
    this.#isAwaited = true
    this.#sink.onRoom(() => this.#serve())
  }

  #serve(): void {
    let goesOn = false
    try {
      goesOn = this.#giveTurns()
    } finally {
      if (goesOn) setImmediate(() => this.#serve())
      else {
        this.#isAwaited = false
        if (this.#waiting.size > 0) this.#register()
      }
    }
  }

  /** @returns true when there is still room for those that are left */
  #giveTurns(): boolean {
    let served = 0
    // A waiter that waits again comes behind the others, and later in this very loop.
    for (const waiter of this.#waiting) {
      if (!this.#sink.hasRoom()) return false
      if (++served > AT_ONCE) return true
      this.#waiting.delete(waiter)
      waiter.onRoom()
    }
    return false
  }
}
