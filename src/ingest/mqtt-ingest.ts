import { type Duplex } from 'node:stream'
import { type MessageSink } from '../message/index.ts'
import { Access, type AccessOptions } from './access.ts'
import { FailureDelay } from './authenticate.ts'
import { type Peer } from './admission.ts'
import { Connection } from './connection.ts'
import { ConnectionRate } from './connection-rate.ts'
import { Digest } from './digest.ts'
import { Meter, type IngestCounter, type IngestEvents } from './events.ts'
import { type Host } from './host.ts'
import { Listener, type ListenerAddress } from './listener.ts'
import { defaultLimits, type MqttIngestOptions, type TlsOptions } from './options.ts'
import { Flusher } from './outbox.ts'
import { Pacer, PublishRate } from './publish-rate.ts'
import { Refusals } from './refusals.ts'
import { roomQueueOf } from './room-queue.ts'
import { SessionRegistry } from './session-registry.ts'
import { Wills } from './will.ts'

const TICK = 250
const DRAIN_POLL = 20

export interface IngestStats {
  readonly connections: number
  readonly sessions: number
  /** Bytes of messages that wait for a window. */
  readonly deferredBytes: number
  readonly counts: Readonly<Record<IngestCounter, number>>
}

export interface MqttIngest {
  /**
   * Reads the session log and opens all listeners, or none.
   * @throws Error with a code of the error catalogue (MQTT_LISTEN_FAILED, MQTT_SESSION_LOG_FAILED)
   */
  listen(): Promise<ListenerAddress[]>
  /**
   * Stops accepting and reading, waits up to `deadlineMs` for unsettled messages, acknowledges them and closes.
   * @returns the connections that still had unsettled messages
   */
  close(deadlineMs: number): Promise<{ unsettledConnections: number }>
  /**
   * Changes who may connect and publish, and certificates by the name of their listener. Open connections keep their
   * certificate; their rights change, and those of users removed or with another password are closed.
   * @throws an error of node:tls when a certificate cannot be used; `checkTls` tells before
   */
  reconfigure(access: AccessOptions, tls: ReadonlyMap<string, TlsOptions>): void
  stats(): IngestStats
  /** Messages of QoS 1 and 2 received and not acknowledged, over all connections. */
  unacknowledged(): number
}

/**
 * MQTT 3.1.1 and 5 server that takes messages in and hands none out.
 * @throws Error with code MQTT_TLS_INVALID when a listener's certificate cannot be used
 */
export function createMqttIngest(
  options: MqttIngestOptions,
  sink: MessageSink,
  observe: IngestEvents,
): MqttIngest {
  return new MqttServer(options, sink, observe)
}

class MqttServer implements MqttIngest {
  readonly #host: Host
  readonly #meter: Meter
  readonly #listeners: Listener[]
  readonly #limited = new Digest()
  #timer: NodeJS.Timeout | undefined
  #ticks = 0
  #closing = false

  constructor(options: MqttIngestOptions, sink: MessageSink, observe: IngestEvents) {
    const limits = { ...defaultLimits, ...options.limits }
    const meter = (this.#meter = new Meter(observe))
    const partial = { bytes: 0, limit: limits.partialBytesTotal }
    const rooms = roomQueueOf(sink)
    this.#host = {
      options,
      limits,
      sink,
      meter,
      rooms,
      sessions: new SessionRegistry(limits.maxSessions),
      wills: new Wills(sink, rooms, meter, limits.maxWills, limits.maxWillBytes),
      flusher: new Flusher(),
      deferred: { bytes: 0, limit: limits.deferredBytesTotal },
      partial,
      early: { bytes: 0, limit: limits.earlyBytesTotal },
      aliases: { bytes: 0, limit: limits.aliasBytesTotal },
      access: new Access(options),
      failureDelay: new FailureDelay(limits.authenticationDelayMaximum),
      connectionRate: new ConnectionRate(limits, performance.now()),
      pacer: new Pacer(new PublishRate(limits, performance.now())),
      paced: new Digest(),
      refusals: new Refusals(),
      connections: new Set(),
    }
    this.#listeners = options.listeners.map((listener) => {
      const made: Listener = new Listener(listener, limits, partial, {
        admit: (address) => this.#admit(address),
        admitAddress: (address) => this.#admitAddress(address),
        connection: (stream, peer) => this.#onConnection(stream, peer),
        fault: (error) =>
          meter.log({ event: 'mqtt.listener_fault', listener: made.name, why: error.message }),
      })
      return made
    })
  }

  async listen(): Promise<ListenerAddress[]> {
    await this.#loadSessions()
    const addresses: ListenerAddress[] = []
    try {
      for (const listener of this.#listeners) addresses.push(await listener.listen())
    } catch (error) {
      for (const listener of this.#listeners) listener.close()
      await this.#host.sessions.close()
      throw error
    }
    for (const { name, host, port } of addresses) {
      this.#meter.log({ event: 'mqtt.listening', listener: name, host, port })
    }
    this.#timer = setInterval(() => this.#tick(), TICK)
    return addresses
  }

  async close(deadlineMs: number): Promise<{ unsettledConnections: number }> {
    const { connections, wills, sessions } = this.#host
    this.#closing = true
    for (const listener of this.#listeners) listener.close()
    for (const connection of connections) connection.stopReading()
    const deadline = performance.now() + deadlineMs
    while (performance.now() < deadline && this.#busy() > 0) await pause(DRAIN_POLL)
    const unsettledConnections = this.#busy()
    for (const connection of connections) connection.shutDown()
    wills.close()
    const lingering = performance.now() + 500
    while (connections.size > 0 && performance.now() < lingering) await pause(DRAIN_POLL)
    for (const connection of connections) connection.destroy()
    for (const listener of this.#listeners) listener.destroy()
    clearInterval(this.#timer)
    this.#host.pacer.close()
    await sessions.close()
    return { unsettledConnections }
  }

  reconfigure(access: AccessOptions, tls: ReadonlyMap<string, TlsOptions>): void {
    for (const listener of this.#listeners) {
      const options = tls.get(listener.name)
      if (options !== undefined) listener.secure(options)
    }
    this.#host.access = new Access(access, this.#host.access)
    for (const connection of this.#host.connections) connection.accessChanged()
  }

  stats(): IngestStats {
    const { connections, sessions, deferred, meter } = this.#host
    return {
      connections: connections.size,
      sessions: sessions.size,
      deferredBytes: deferred.bytes,
      counts: meter.counts,
    }
  }

  unacknowledged(): number {
    let sum = 0
    for (const { unacknowledged } of this.#host.connections) sum += unacknowledged
    return sum
  }

  #busy(): number {
    let busy = 0
    for (const connection of this.#host.connections) if (connection.busy) busy++
    return busy
  }

  #admit(address: string | undefined): boolean {
    const accepted = this.#listeners.reduce((sum, listener) => sum + listener.size, 0)
    if (this.#closing || accepted >= this.#host.limits.maxConnections) {
      this.#meter.count('connections_refused')
      return false
    }
    return this.#host.connectionRate.admits(address, performance.now()) || this.#limit(address)
  }

  #admitAddress(address: string): boolean {
    return this.#host.connectionRate.admitsAddress(address, performance.now()) || this.#limit(address)
  }

  /** A connection over the rate: counted, and told of in the log now and then. */
  #limit(sourceIp: string | undefined): false {
    this.#meter.count('connections_refused')
    this.#meter.count('connections_rate_limited')
    const count = this.#limited.add(performance.now())
    const code = 'MQTT_CONNECTION_RATE_EXCEEDED'
    if (count > 0) this.#meter.log({ event: 'mqtt.connections_limited', code, count, sourceIp })
    return false
  }

  #onConnection(stream: Duplex, peer: Peer): void {
    new Connection(this.#host, stream, peer)
  }

  #tick(): void {
    const now = Date.now()
    const monotonic = performance.now()
    for (const connection of this.#host.connections) connection.tick(monotonic)
    this.#host.wills.tick(now)
    this.#host.sessions.tick(now)
    if (++this.#ticks % 4 === 0) this.#meter.tick()
  }

  async #loadSessions(): Promise<void> {
    const { sessionDirectory } = this.#host.options
    if (sessionDirectory === undefined) return
    const code = 'MQTT_SESSION_LOG_FAILED'
    try {
      await this.#host.sessions.load(sessionDirectory, Date.now(), {
        damaged: (skippedBytes) =>
          this.#meter.log({
            event: 'mqtt.session_log_damaged',
            code: 'MQTT_SESSION_LOG_DAMAGED',
            skippedBytes,
          }),
        failed: (error) =>
          this.#meter.log({ event: 'mqtt.session_log_failed', code, why: (error as Error).message }),
      })
    } catch (error) {
      const message = `session directory ${sessionDirectory}: ${(error as Error).message}`
      throw Object.assign(new Error(message), { code })
    }
  }
}

function pause(milliseconds: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, milliseconds))
}
