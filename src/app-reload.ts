import { type Config, type ConfigResult } from './config/index.ts'
import { type AccessOptions, type HttpIngest, type MqttIngest, type TlsOptions } from './ingest/index.ts'
import { type Log } from './observe/index.ts'
import { type RuleStore } from './store/index.ts'
import { readAccess, readCheckedTls } from './app-access.ts'
import { type Callers, type PreparedCallers } from './app-callers.ts'
import { type OpenServices, type ServicesInUse } from './app-services.ts'

export interface Reloadable {
  readonly log: Log
  readonly store: RuleStore
  readonly ingest: MqttIngest
  readonly http: HttpIngest | undefined
  readonly callers: Callers
  readonly control: { setTls(tls: TlsOptions): void }
  readonly rules: { reconfigure(config: Config): void }
  readonly services: ServicesInUse
  /** @throws when a file that the configuration names cannot be read */
  readonly openServices: (config: Config) => OpenServices
}

/** What takes effect without a restart; files that these keys name are read again even when the key is the same. */
const LIVE = [
  /^ack$/,
  /^shutdownDeadline$/,
  /^log\.level$/,
  /^mqtt\.(users|acl)\b/,
  /^(mqtt\.listeners\[\d+\]|publish|control)\.tls\.(cert|key|keyPassword|clientCa)$/,
  /^services\.(?!protobuf)/,
  /^control\.(accessKeys|tokens|clients|signatures|audit)\b/,
]
/** Keys whose appearing or vanishing changes more than a value. */
const SHAPE = [/\.tls\.(cert|clientCa)$/, /^services\.\w+\.url$/]
/** Calls of services under way may take this long to end. */
const SERVICE_END_MS = 120_000

interface Prepared {
  readonly access: AccessOptions
  readonly tls: ReadonlyMap<string, TlsOptions>
  readonly publishTls: TlsOptions | undefined
  readonly controlTls: TlsOptions | undefined
  readonly services: OpenServices | undefined
  readonly callers: PreparedCallers
}

/** Takes over another configuration: everything is read and checked before anything changes. */
export class Reload {
  /** The configuration in use, as far as it takes effect. */
  config: Config
  readonly #started: Config
  readonly #parts: Reloadable
  #last: Promise<void> = Promise.resolve()

  constructor(config: Config, parts: Reloadable) {
    this.config = this.#started = config
    this.#parts = parts
  }

  /** One after the other. */
  take(loaded: ConfigResult): Promise<void> {
    this.#last = this.#last.then(() => this.#take(loaded))
    return this.#last
  }

  async #take(loaded: ConfigResult): Promise<void> {
    const { log, store, rules } = this.#parts
    if (!loaded.ok) {
      log.event('config.kept', { diagnostics: loaded.diagnostics })
      return
    }
    const { config } = loaded
    const later = restartKeys(this.#started, config)
    let prepared: Prepared
    try {
      prepared = this.#prepare(config, later)
      await store.load()
    } catch (error) {
      const { code, message } = error as { code?: string; message: string }
      log.event('config.kept', { code, reason: message })
      return
    }
    this.#apply(config, prepared)
    rules.reconfigure(config)
    if (later.length > 0) log.event('config.restart_needed', { keys: later })
    log.event('config.reloaded')
  }

  #prepare(config: Config, later: readonly string[]): Prepared {
    const tls = new Map<string, TlsOptions>()
    const isLater = (prefix: string): boolean => later.some((key) => key.startsWith(prefix))
    config.mqtt.listeners.forEach((listener, index) => {
      const key = `mqtt.listeners[${index}]`
      if (listener.tls !== undefined && !isLater(key))
        tls.set(listener.name, readCheckedTls(listener.tls, key))
    })
    const single = (key: 'publish' | 'control'): TlsOptions | undefined => {
      const own = config[key]?.tls
      return own === undefined || isLater(key) ? undefined : readCheckedTls(own, key)
    }
    const [publishTls, controlTls] = [single('publish'), single('control')]
    const services = isLater('services') ? undefined : this.#parts.openServices(config)
    const access = readAccess(config)
    const callers = this.#parts.callers.prepare(config)
    return { access, tls, publishTls, controlTls, services, callers }
  }

  #apply(config: Config, { access, tls, publishTls, controlTls, services, callers }: Prepared): void {
    const { log, ingest, http, control } = this.#parts
    this.#parts.callers.take(callers)
    if (controlTls !== undefined) control.setTls(controlTls)
    log.setLevel(config.log.level)
    ingest.reconfigure(access, tls)
    http?.reconfigure(access, publishTls)
    if (services !== undefined) {
      const before = this.#parts.services.current
      this.#parts.services.current = services
      setTimeout(() => before.close(), SERVICE_END_MS).unref()
    }
    this.config = config
  }
}

/** Keys that differ and take effect only at the next start. */
function restartKeys(before: Config, next: Config): string[] {
  const [old, now] = [leaves(before), leaves(next)]
  return [...new Set([...old.keys(), ...now.keys()])].filter((key) => {
    if (old.get(key) === now.get(key)) return false
    const isReshaped = old.has(key) !== now.has(key) && SHAPE.some((pattern) => pattern.test(key))
    return isReshaped || !LIVE.some((pattern) => pattern.test(key))
  })
}

/** `mqtt.listeners[0].port` → its value as JSON; the values are compared and never shown. */
function leaves(value: unknown, path = '', into = new Map<string, string>()): Map<string, string> {
  if (typeof value !== 'object' || value === null) {
    if (value !== undefined) into.set(path, JSON.stringify(value))
  } else if (Array.isArray(value)) value.forEach((item, index) => leaves(item, `${path}[${index}]`, into))
  else
    for (const [name, item] of Object.entries(value))
      leaves(item, path === '' ? name : `${path}.${name}`, into)
  return into
}
