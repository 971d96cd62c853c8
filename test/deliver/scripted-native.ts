import {
  type NativeCallbacks,
  type NativeConfig,
  type NativeFactory,
  type NativeProducer,
} from '../../src/deliver/kafka/native.ts'

interface Produced<Opaque> {
  readonly topic: string
  readonly value: string
  readonly opaque: Opaque
}

/**
 * A producer handle whose broker is the test: what librdkafka does on a fatal error, on full queues and after
 * destruction cannot be provoked in a real one at will.
 */
export class ScriptedHandle<Opaque> implements NativeProducer<Opaque> {
  readonly produced: Produced<Opaque>[] = []
  readonly settings: NativeConfig
  /** What `produce` returns next. */
  nextCode = 0
  disconnected = false
  /** Keeps `disconnect` from ending before `endDisconnect`. */
  holdsDisconnect = false
  #disconnected: (() => void) | undefined
  #callbacks: NativeCallbacks<Opaque> | undefined

  constructor(settings: NativeConfig) {
    this.settings = settings
  }

  configureCallbacks(_add: boolean, { event }: { event: NativeCallbacks<Opaque> }): void {
    this.#callbacks = event
  }

  connect(done: (error: Error | null) => void): void {
    setImmediate(() => done(null))
  }

  produce(
    topic: string,
    _partition: number | null,
    value: Buffer,
    _key: Buffer | null,
    _time: null,
    opaque: Opaque,
  ): number {
    if (this.disconnected) throw new Error('used after disconnect')
    if (this.nextCode !== 0) return this.nextCode
    this.produced.push({ topic, value: value.toString(), opaque })
    return 0
  }

  poll(): void {
    if (this.disconnected) throw new Error('used after disconnect')
  }

  flush(_timeout: number, done: (error: Error | null) => void): void {
    if (this.disconnected) throw new Error('used after disconnect')
    setTimeout(() => done(null), 1)
  }

  getMetadata(): void {
    throw new Error('not scripted')
  }

  disconnect(done: () => void): void {
    this.disconnected = true
    if (this.holdsDisconnect) this.#disconnected = done
    else setImmediate(done)
  }

  endDisconnect(): void {
    this.#disconnected!()
  }

  report(index: number, error?: string): void {
    const { opaque } = this.produced[index]!
    this.#callbacks!.delivery_cb(error === undefined ? null : new Error(error), {
      opaque,
      partition: 0,
      offset: 0,
    })
  }

  event(type: string, message: string): void {
    this.#callbacks!.event_cb(type, { message })
  }
}

export function scriptedFactory<Opaque>(): {
  handles: ScriptedHandle<Opaque>[]
  factory: NativeFactory<Opaque>
} {
  const handles: ScriptedHandle<Opaque>[] = []
  const factory = (settings: NativeConfig): ScriptedHandle<Opaque> => {
    const handle = new ScriptedHandle<Opaque>(settings)
    handles.push(handle)
    return handle
  }
  return { handles, factory }
}
