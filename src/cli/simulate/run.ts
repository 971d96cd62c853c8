import { type MqttClient, type IClientPublishOptions } from 'mqtt'
import { connectAll, type ConnectionOptions } from './connections.ts'
import { Latencies } from './latencies.ts'
import { type Due, type DueProperties } from './source.ts'

export interface SimulationOptions extends ConnectionOptions {
  readonly clientIds: readonly string[]
  readonly qos: 0 | 1 | 2
  readonly messages: AsyncIterable<Due> | Iterable<Due>
  /** Seconds after which nothing more is sent; 0: when the messages end. */
  readonly duration: number
  /** Most messages that are sent; 0: no bound. */
  readonly count: number
  /** Most messages that wait for their acknowledgement; those that are due wait until one has it. */
  readonly inFlight: number
  /** Seconds to wait at the end for acknowledgements. */
  readonly patience: number
}

/** How far a run has come; latencies from the time at which a message was due. */
export interface Progress {
  readonly published: number
  readonly acknowledged: number
  /** Messages that the server refused, by its reason. */
  readonly refused: ReadonlyMap<string, number>
  readonly reconnects: number
  /** Seconds since the start. */
  readonly elapsed: number
  readonly latencies: Latencies
  /** Since the last look. */
  readonly recent: Latencies
}

const SPIN = 100
const REASONS = 20

/** Publishes messages when they are due. */
export class Simulation implements Progress {
  published = 0
  acknowledged = 0
  reconnects = 0
  readonly refused = new Map<string, number>()
  readonly latencies = new Latencies()
  readonly recent = new Latencies()
  readonly #options: SimulationOptions
  #clients: readonly MqttClient[] = []
  #started = 0
  #ended = 0
  #outstanding = 0
  #wake: (() => void) | undefined

  constructor(options: SimulationOptions) {
    this.#options = options
  }

  get elapsed(): number {
    const end = this.#ended === 0 ? performance.now() : this.#ended
    return this.#started === 0 ? 0 : (end - this.#started) / 1000
  }

  /** Messages that were sent and are neither acknowledged nor refused. */
  get outstanding(): number {
    return this.#outstanding
  }

  /**
   * Runs until the messages or the duration end, or `signal` aborts, and then until all is acknowledged or patience ends.
   * @throws what the server says when a first connection cannot be made
   */
  async run(signal: AbortSignal): Promise<void> {
    const { clientIds, duration, patience } = this.#options
    this.#clients = await connectAll(clientIds, this.#options, signal)
    for (const client of this.#clients) this.#watch(client)
    this.#started = performance.now()
    const end = new AbortController()
    const stop = (): void => {
      end.abort()
      this.#wake?.()
    }
    signal.addEventListener('abort', stop, { once: true })
    if (signal.aborted) stop()
    const timer = duration > 0 ? setTimeout(stop, duration * 1000) : undefined
    try {
      await this.#send(end.signal)
      clearTimeout(timer)
      await this.#settle(patience * 1000)
    } finally {
      this.#ended = performance.now()
      clearTimeout(timer)
      await Promise.all(this.#clients.map((client) => client.endAsync(this.#outstanding > 0)))
    }
  }

  async #send(end: AbortSignal): Promise<void> {
    const { messages, inFlight, count } = this.#options
    let atOnce = 0
    for await (const due of messages) {
      for (;;) {
        if (end.aborted) return
        const ahead = due.at - (performance.now() - this.#started)
        if (ahead > 0.5) await this.#sleep(ahead)
        else if (this.#outstanding >= inFlight) await this.#sleep(1_000)
        else break
        atOnce = 0
      }
      this.#publish(due)
      if (this.published === count) return
      if ((atOnce += 1) % SPIN === 0) await new Promise((resolve) => setImmediate(resolve))
    }
  }

  #publish({ connection, topic, payload, properties, at }: Due): void {
    const { qos, protocol } = this.#options
    const client = this.#clients[connection % this.#clients.length]!
    const options: IClientPublishOptions = { qos }
    if (protocol === '5' && properties !== undefined) options.properties = plainProperties(properties)
    this.published += 1
    this.#outstanding += 1
    const since = Math.min(at, performance.now() - this.#started)
    client.publish(topic, payload, options, (error) => {
      this.#outstanding -= 1
      if (error) this.#refusedBy(error)
      else this.#acknowledged(performance.now() - this.#started - since)
      if (this.#outstanding === this.#options.inFlight - 1 || this.#outstanding === 0) this.#wake?.()
    })
  }

  #acknowledged(latency: number): void {
    this.acknowledged += 1
    this.latencies.add(latency)
    this.recent.add(latency)
  }

  #refusedBy({ message }: { readonly message: string }): void {
    const known = this.refused.has(message) || this.refused.size < REASONS
    const reason = known ? message : 'other reasons'
    this.refused.set(reason, (this.refused.get(reason) ?? 0) + 1)
  }

  #watch(client: MqttClient): void {
    client.on('reconnect', () => (this.reconnects += 1))
    // The client connects again by itself; what it could not send shows in the counts.
    client.on('error', () => undefined)
  }

  async #settle(patience: number): Promise<void> {
    const end = performance.now() + patience
    while (this.#outstanding > 0 && performance.now() < end) await this.#sleep(end - performance.now())
  }

  /** Until `milliseconds` have passed or something has happened. */
  #sleep(milliseconds: number): Promise<void> {
    return new Promise((resolve) => {
      const done = (): void => {
        clearTimeout(timer)
        this.#wake = undefined
        resolve()
      }
      const timer = setTimeout(done, milliseconds)
      this.#wake = done
    })
  }
}

function plainProperties({
  userProperties,
  ...rest
}: DueProperties): NonNullable<IClientPublishOptions['properties']> {
  const grouped: Record<string, string | string[]> = {}
  for (const [key, value] of userProperties ?? []) {
    const before = grouped[key]
    grouped[key] = before === undefined ? value : [before, value].flat()
  }
  return { ...rest, ...(userProperties !== undefined && { userProperties: grouped }) }
}
