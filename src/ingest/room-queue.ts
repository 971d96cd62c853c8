import { type MessageSink } from '../message/index.ts'

export interface RoomWaiter {
  /** There is room in the sink; whoever needs more asks again. */
  onRoom(): void
}

/** Those that wait for room in the sink, in the order they began to. */
export class RoomQueue {
  readonly #sink: MessageSink
  readonly #waiting = new Set<RoomWaiter>()
  #registered = false

  constructor(sink: MessageSink) {
    this.#sink = sink
  }

  wait(waiter: RoomWaiter): void {
    this.#waiting.add(waiter)
    this.#register()
  }

  forget(waiter: RoomWaiter): void {
    this.#waiting.delete(waiter)
  }

  #register(): void {
    if (this.#registered) return
    this.#registered = true
    this.#sink.onRoom(() => {
      this.#registered = false
      this.#serve()
    })
  }

  #serve(): void {
    for (const waiter of [...this.#waiting]) {
      if (!this.#sink.hasRoom()) break
      if (this.#waiting.delete(waiter)) waiter.onRoom()
    }
    if (this.#waiting.size > 0) this.#register()
  }
}
