import mqtt, { type MqttClient } from 'mqtt'

/**
 * A device that keeps a ledger: it publishes numbered messages with QoS 1 at a steady rate over a persistent
 * session, and MQTT.js sends again after a reconnect what was not acknowledged.
 */
export class LedgerPublisher {
  readonly acknowledged = new Set<number>()
  /** Numbers in the order in which they were published first. */
  published = 0
  readonly #client: MqttClient
  readonly #topic: string
  #timer: NodeJS.Timeout | undefined
  #settled: (() => void) | undefined

  constructor(url: string, clientId: string, topic: string, version: 4 | 5) {
    this.#topic = topic
    this.#client = mqtt.connect(url, {
      ...{ protocolVersion: version, clientId, clean: false, reconnectPeriod: 100, connectTimeout: 2_000 },
      ...(version === 5 ? { properties: { sessionExpiryInterval: 3_600 } } : {}),
    })
    this.#client.on('error', () => undefined) // refused while the server is away: it tries again
  }

  /** Publishes `rate` messages a second until `stop`. */
  start(rate: number): void {
    const started = performance.now()
    const before = this.published
    this.#timer = setInterval(() => {
      const due = before + Math.floor(((performance.now() - started) / 1000) * rate)
      while (this.published < due) this.#publish(this.published++)
    }, 10)
  }

  stop(): void {
    clearInterval(this.#timer)
  }

  #publish(number: number): void {
    this.#client.publish(this.#topic, `{"n":${number}}`, { qos: 1 }, (error) => {
      if (!error) this.acknowledged.add(number)
      if (this.acknowledged.size === this.published) this.#settled?.()
    })
  }

  /** Resolves when everything published is acknowledged; rejects with a count after `timeout` ms. */
  async allAcknowledged(timeout: number): Promise<void> {
    if (this.acknowledged.size === this.published) return
    await new Promise<void>((resolve, reject) => {
      const timer = setTimeout(
        () =>
          reject(
            new Error(
              `${this.published - this.acknowledged.size} of ${this.published} messages are not acknowledged after ${timeout} ms`,
            ),
          ),
        timeout,
      )
      this.#settled = () => {
        clearTimeout(timer)
        resolve()
      }
    })
  }

  /** Resolves when at least `count` messages are acknowledged; rejects after `timeout` ms. */
  async atLeast(count: number, timeout = 60_000): Promise<void> {
    const deadline = performance.now() + timeout
    while (this.acknowledged.size < count) {
      if (performance.now() > deadline)
        throw new Error(
          `${this.acknowledged.size} of ${count} messages are acknowledged after ${timeout.toFixed(0)} ms`,
        )
      await new Promise((resolve) => setTimeout(resolve, 20))
    }
  }

  end(): Promise<void> {
    this.stop()
    return new Promise((resolve) => this.#client.end(true, {}, () => resolve()))
  }
}
