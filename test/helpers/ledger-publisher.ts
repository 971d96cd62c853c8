import mqtt, { type MqttClient } from 'mqtt'

/**
 * A device that keeps a ledger: it publishes numbered messages with QoS 1 at a steady rate over a persistent
 * session, and MQTT.js sends again after a reconnect what was not acknowledged.
 *
 * What is published while MQTT.js sends again, and the connection closes under it, MQTT.js gives back unsent
 * ("Connection closed" for the callback): this publishes it once more, so that its number comes after later ones.
 */
export class LedgerPublisher {
  readonly acknowledged = new Set<number>()
  /** Numbers given to MQTT.js so far. */
  published = 0
  /** Numbers in the order in which their first PUBLISH left. */
  readonly sent: number[] = []
  /** PUBLISH packets beyond the first of their number. */
  resends = 0
  /** Connections beyond the first. */
  reconnects = -1
  readonly #client: MqttClient
  readonly #topic: string
  #timer: NodeJS.Timeout | undefined
  #settled: (() => void) | undefined
  #ended = false

  constructor(url: string, clientId: string, topic: string, version: 4 | 5) {
    this.#topic = topic
    this.#client = mqtt.connect(url, {
      ...{ protocolVersion: version, clientId, clean: false, reconnectPeriod: 100, connectTimeout: 2_000 },
      reconnectOnConnackError: true,
      ...(version === 5 ? { properties: { sessionExpiryInterval: 3_600 } } : {}),
    })
    this.#client.on('error', () => undefined) // refused while the server is away: it tries again
    const seen = new Set<number>()
    this.#client.on('packetsend', (packet) => {
      if (packet.cmd === 'connect') this.reconnects += 1
      if (packet.cmd !== 'publish') return
      const { n } = JSON.parse(String(packet.payload)) as { n: number }
      if (seen.has(n)) this.resends += 1
      else this.sent.push(n)
      seen.add(n)
    })
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
    this.#client.publish(this.#topic, `{"n":${number}}`, { qos: 1 }, (error?: Error | null) => {
      if (error) {
        // Not within the callback: MQTT.js gives back what is queued until nothing is.
        if (!this.#ended) setImmediate(() => this.#publish(number))
        return
      }
      this.acknowledged.add(number)
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
    this.#ended = true
    return new Promise((resolve) => this.#client.end(true, {}, () => resolve()))
  }
}

/**
 * Compares the numbers of one publisher in Kafka, in the order of their partition, with the PUBLISH packets that left
 * it: first copies in their order, none missing, copies no more than what was sent again and `allowed`.
 * @returns what is wrong, short; empty when nothing is
 */
export function faultsOfOrder(publisher: LedgerPublisher, numbers: readonly number[], allowed = 0): string[] {
  const { sent, resends, reconnects } = publisher
  const firsts = [...new Set(numbers)]
  const at = firsts.findIndex((n, index) => n !== sent[index])
  const copies = numbers.length - firsts.length
  return [
    ...(at < 0 && firsts.length === sent.length
      ? []
      : [
          `${firsts.length} of ${sent.length} numbers; ${firsts[at]} where ${sent[at < 0 ? firsts.length : at]} was sent`,
        ]),
    ...(copies <= resends + allowed ? [] : [`${copies} copies, ${resends} sent again`]),
    ...(reconnects > 0 || resends === 0 ? [] : [`${resends} sent again without a reconnect`]),
  ]
}
