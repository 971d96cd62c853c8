import { connectAsync, type IClientOptions, type MqttClient } from 'mqtt'

export interface ConnectionOptions {
  /** `mqtt://`, `mqtts://`, `ws://` or `wss://`. */
  readonly url: string
  readonly protocol: '3.1.1' | '5'
  readonly username?: string | undefined
  readonly password?: string | undefined
  /** Contents of PEM files. */
  readonly ca?: Buffer | undefined
  readonly cert?: Buffer | undefined
  readonly key?: Buffer | undefined
}

/** Connections that are made at a time: a server may refuse a storm of them. */
const AT_A_TIME = 50

/**
 * Connects each client, and again whenever it loses its connection; sessions outlive connections, so that what is not
 * acknowledged is sent again.
 * @throws what the first failed connection says
 */
export async function connectAll(
  clientIds: readonly string[],
  options: ConnectionOptions,
  signal: AbortSignal,
): Promise<MqttClient[]> {
  const clients: MqttClient[] = []
  try {
    for (let from = 0; from < clientIds.length && !signal.aborted; from += AT_A_TIME) {
      const some = clientIds.slice(from, from + AT_A_TIME)
      const made = await Promise.allSettled(
        some.map((clientId) => connectAsync(options.url, settings(clientId, options), false)),
      )
      for (const each of made) if (each.status === 'fulfilled') clients.push(each.value)
      const failed = made.find((each) => each.status === 'rejected')
      if (failed !== undefined) throw failed.reason
    }
    return clients
  } catch (error) {
    for (const client of clients) client.end(true)
    throw error
  }
}

function settings(clientId: string, options: ConnectionOptions): IClientOptions {
  const { protocol, username, password, ca, cert, key } = options
  return {
    clientId,
    clean: false,
    protocolVersion: protocol === '5' ? 5 : 4,
    reconnectPeriod: 1_000,
    connectTimeout: 10_000,
    ...(protocol === '5' && { properties: { sessionExpiryInterval: 3600 } }),
    ...(username !== undefined && { username }),
    ...(password !== undefined && { password }),
    ...(ca !== undefined && { ca }),
    ...(cert !== undefined && { cert }),
    ...(key !== undefined && { key }),
  }
}
