import { type Config } from './config/index.ts'
import { type Engine } from './engine/index.ts'
import {
  createHttpIngest,
  createMqttIngest,
  type HttpIngest,
  type MqttIngest,
  type MqttIngestOptions,
} from './ingest/index.ts'
import { type Log, type Metrics } from './observe/index.ts'
import { readAccess, readTls } from './app-access.ts'
import { type Callers } from './app-callers.ts'
import { ingestEvents, publishEvents } from './app-observe.ts'

/**
 * Where devices publish by MQTT.
 * @throws StartError when a file cannot be used
 */
export function openMqttIngest(config: Config, engine: Engine, metrics: Metrics, log: Log): MqttIngest {
  return createMqttIngest(mqttOptions(config), engine, ingestEvents(metrics, log))
}

function mqttOptions(config: Config): MqttIngestOptions {
  const { listeners, limits, refused } = config.mqtt
  return {
    listeners: listeners.map(({ tls, ...listener }) => ({
      ...listener,
      ...(tls === undefined ? {} : { tls: readTls(tls) }),
    })),
    // The engine decides per rule what an acknowledgement waits for.
    ack: 'delivered',
    onRefused: refused,
    sessionDirectory: `${config.dataDirectory}/sessions`,
    ...readAccess(config),
    limits: {
      ...limits,
      keepAliveMaximum: Math.ceil(limits.keepAliveMaximum / 1000),
      sessionExpiryMaximum: Math.ceil(limits.sessionExpiryMaximum / 1000),
    },
  }
}

/**
 * Where devices publish by HTTP; undefined where the configuration has no such listener.
 * @throws StartError when a file cannot be used, an error with a code of the catalogue when its TLS cannot
 */
export function openHttpIngest(
  config: Config,
  engine: Engine,
  callers: Callers,
  metrics: Metrics,
  log: Log,
): HttpIngest | undefined {
  if (config.publish === undefined) return undefined
  const { tls, ...rest } = config.publish
  const options = {
    ...rest,
    ...(tls === undefined ? {} : { tls: readTls(tls) }),
    ...readAccess(config),
    authenticate: callers.publish,
  }
  return createHttpIngest(options, engine, publishEvents(metrics, log))
}
