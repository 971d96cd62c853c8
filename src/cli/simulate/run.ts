import { connectAsync, type MqttClient } from 'mqtt'
import { makeDevices } from './devices.ts'

export interface SimulationOptions {
  /** MQTT address, e.g. `mqtt://127.0.0.1:1883`. */
  readonly url: string
  /** Messages per second over all devices. */
  readonly rate: number
  /** Devices; each has a connection of its own. */
  readonly devices: number
  /** Seconds to run; 0 runs until stopped. */
  readonly duration: number
  readonly protocol: '3.1.1' | '5'
}

export interface SimulationResult {
  readonly published: number
  readonly acknowledged: number
  readonly failed: number
}

const TICK_MS = 20

/**
 * Publishes device messages with QoS 1 over real MQTT connections until `signal` aborts or the duration ends.
 * Rejects when the first connections cannot be made.
 */
export async function simulate(options: SimulationOptions, signal: AbortSignal): Promise<SimulationResult> {
  const devices = makeDevices(options.devices)
  const clients = await Promise.all(devices.map((device) => connect(options, device.topic)))
  const counts = { published: 0, acknowledged: 0, failed: 0 }
  const started = performance.now()
  let turn = 0
  const publishDue = (): void => {
    const due = Math.floor(((performance.now() - started) / 1000) * options.rate)
    while (counts.published < due) {
      const index = turn++ % devices.length
      publish(clients[index]!, devices[index]!.topic, devices[index]!.next(Date.now()), counts)
    }
  }
  await new Promise<void>((resolve) => {
    const timer = setInterval(publishDue, TICK_MS)
    const end = (): void => {
      clearInterval(timer)
      resolve()
    }
    signal.addEventListener('abort', end, { once: true })
    if (options.duration > 0) setTimeout(end, options.duration * 1000)
  })
  await Promise.all(clients.map((client) => client.endAsync()))
  return counts
}

function connect(options: SimulationOptions, topic: string): Promise<MqttClient> {
  return connectAsync(options.url, {
    protocolVersion: options.protocol === '5' ? 5 : 4,
    clientId: topic.split('/')[1] ?? topic,
    clean: false,
    ...(options.protocol === '5' ? { properties: { sessionExpiryInterval: 3600 } } : {}),
  })
}

function publish(
  client: MqttClient,
  topic: string,
  payload: string,
  counts: { published: number; acknowledged: number; failed: number },
): void {
  counts.published += 1
  client.publish(topic, payload, { qos: 1 }, (error) => {
    if (error) counts.failed += 1
    else counts.acknowledged += 1
  })
}
