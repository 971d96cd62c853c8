import { destination, pino, type Logger } from 'pino'

/** Every log event: its level and what it says; fields are added beside it. */
export const logEvents = {
  'server.ready': { level: 'info', message: 'The server is ready.' },
  'config.reloaded': { level: 'info', message: 'The configuration was read again and is in use.' },
  'config.kept': {
    level: 'error',
    message: 'The new configuration has faults; the one before it stays in use.',
  },
  'config.restart_needed': {
    level: 'warn',
    message: 'Changes of these keys take effect at the next start.',
  },
  'server.stopping': {
    level: 'info',
    message: 'The server stops: it accepts nothing new and waits for messages in flight.',
  },
  'server.stopped': { level: 'info', message: 'The server has stopped.' },
  'kafka.embedded': {
    level: 'warn',
    message: 'The embedded Kafka keeps nothing: all data is gone when the process ends.',
  },
  'kafka.features_missing': {
    level: 'warn',
    message:
      'The Kafka client was built without features that rules may need; build it again with their libraries.',
  },
  'rules.loaded': { level: 'info', message: 'A new set of rules is active.' },
  'rule.refused': { level: 'error', message: 'A rule document has faults and is not active.' },
  'rule.kept': { level: 'error', message: 'A rule document has faults; the version before it stays active.' },
  'rule.warning': { level: 'warn', message: 'A rule document is active with a warning.' },
  'rule.undeliverable': {
    level: 'warn',
    message: 'A rule has an action that this product does not run; it is not active.',
  },
  'store.unreadable': {
    level: 'error',
    message: 'A rule file cannot be read; the rules it held before stay active.',
  },
  'tap.opened': { level: 'info', message: 'Somebody watches messages.' },
  'service.failed': { level: 'warn', message: 'The service behind a function failed.' },
  'action.failed': { level: 'error', message: 'An action failed.' },
  'message.lost': {
    level: 'error',
    message: 'A failed message was acknowledged and no error action took it.',
    // Each lost message is named; only a flood of them is cut, and counted.
    perSecond: 2_000,
  },
  'message.dead_lettered': {
    level: 'error',
    message: 'A failed message that no error action took was written to the dead letters.',
  },
  'deadletter.removed': { level: 'warn', message: 'The oldest dead letters were removed.' },
  'deadletter.damaged': {
    level: 'warn',
    message: 'The newest dead letters end in a torn line, as a crash leaves it; it was never acknowledged.',
  },
  'deadletter.failed': {
    level: 'error',
    message: 'Dead letters cannot be written; their messages are not acknowledged.',
  },
  'mqtt.listening': { level: 'info', message: 'Listening for MQTT.' },
  'mqtt.connected': { level: 'debug', message: 'A client connected.' },
  'mqtt.disconnected': { level: 'debug', message: 'A client disconnected.' },
  'mqtt.connect_refused': { level: 'warn', message: 'A CONNECT was refused.' },
  'mqtt.protocol_fault': { level: 'warn', message: 'A connection was closed for breaking the protocol.' },
  'mqtt.connections_limited': {
    level: 'warn',
    message: 'Connections come more often than the limits allow and are refused; told every ten seconds.',
  },
  'mqtt.publishers_paced': {
    level: 'warn',
    message: 'Clients publish more than the limits allow and are read more slowly; told every ten seconds.',
  },
  'mqtt.publish_refused': { level: 'warn', message: 'A PUBLISH was refused.' },
  'mqtt.delivery_withheld': {
    level: 'warn',
    message: 'A message could not be delivered and was not acknowledged; the device must send it again.',
  },
  'mqtt.session_log_damaged': {
    level: 'warn',
    message: 'The session log had a damaged part, which was skipped.',
  },
  'mqtt.session_log_failed': { level: 'error', message: 'The session log cannot be written.' },
  'mqtt.listener_fault': { level: 'error', message: 'A listener reported a fault.' },
  'publish.listening': { level: 'info', message: 'Listening for publishing by HTTP.' },
  'publish.refused': { level: 'warn', message: 'An HTTP request to publish was refused.' },
  'publish.connections_limited': {
    level: 'warn',
    message: 'Connections come more often than the limits allow and are refused; told every ten seconds.',
  },
  'publish.withheld': {
    level: 'warn',
    message:
      'A message could not be delivered and its HTTP request was told so; the device must send it again.',
  },
  'publish.deadline_passed': {
    level: 'warn',
    message: 'An HTTP request was answered before its message was confirmed; it may still be delivered.',
  },
  'publish.protocol_fault': {
    level: 'warn',
    message: 'An HTTP connection was closed for breaking the protocol.',
  },
  'publish.listener_fault': {
    level: 'error',
    message: 'The listener for publishing by HTTP reported a fault.',
  },
  'kafka.fault': { level: 'warn', message: 'A producer reported a fault.' },
  'kafka.history_failed': {
    level: 'warn',
    message:
      'What has worked with Kafka cannot be kept for the next start; an outage then may count as the fault of a rule.',
  },
  'kafka.hanging': {
    level: 'warn',
    message: 'Nothing has been heard of the records of a producer for a while; they are kept.',
  },
  'kafka.recovered': { level: 'info', message: 'A producer hears of its records again.' },
  'kafka.destination_forbidden': {
    level: 'error',
    message: 'The policy of a destination does not let a broker be reached; its producer is closed.',
  },
  'kafka.unresolved': {
    level: 'warn',
    message: 'Client properties of a Kafka action could not be looked up; it is tried again.',
  },
  'kafka.properties_changed': {
    level: 'info',
    message: 'Looked-up client properties changed; a new producer proves itself before it takes over.',
  },
  'kafka.rotated': { level: 'info', message: 'A producer with new client properties took over.' },
  'secret.failed': { level: 'warn', message: 'A secret could not be read.' },
  'secret.kept': {
    level: 'warn',
    message: 'A secret could not be read again; the value known before stays in use.',
  },
  'control.refused': { level: 'warn', message: 'A request to the control API was refused.' },
  'control.connection_refused': {
    level: 'warn',
    message: 'A connection to the control API was closed at once: there are control.limits.maxConnections.',
    perSecond: 1,
  },
  'control.changed': {
    level: 'info',
    message: 'A caller changed something through the control API.',
    // Every change is told.
    perSecond: 1_000_000,
  },
  'rules.edited': {
    level: 'info',
    message: 'A rule was changed in its file.',
    // Every change is told.
    perSecond: 1_000_000,
  },
  'control.audit_failed': { level: 'error', message: 'A change could not be written to the audit file.' },
  'process.fault': { level: 'error', message: 'An unexpected fault; please report it.' },
} as const satisfies Record<
  string,
  {
    readonly level: 'debug' | 'info' | 'warn' | 'error'
    readonly message: string
    /** Lines per second of one event and rule, listener or cluster; by default `PER_SECOND`. */
    readonly perSecond?: number
  }
>

export type LogEventName = keyof typeof logEvents

/** Writes declared events as JSON lines to standard error. */
export interface Log {
  event(name: LogEventName, fields?: Readonly<Record<string, unknown>>): void
  /** Least severe level that is written from here on. */
  setLevel(level: Level): void
  flush(): void
}

/** Fields that are never written, in an event's fields and one level deeper. */
const SECRETS = ['password', 'passphrase', 'keyPassword', 'payload', '["sasl.password"]'].flatMap((field) => [
  field,
  field.startsWith('[') ? `*${field}` : `*.${field}`,
])

/** Same event and key at most this often per second; the suppressed ones are counted in the next line. */
const PER_SECOND = 20
const MAX_KEYS = 1_000

type Level = 'debug' | 'info' | 'warn' | 'error' | 'silent'

/** Where lines go; with their line break. */
export interface LogSink {
  write(line: string): void
  flushSync?(): void
}

/** `level` and `format` as in the configuration; `silent` writes nothing. Lines go to standard error. */
export function createLog(
  level: Level,
  format: 'json' | 'pretty' = 'json',
  sink: LogSink = destination({ fd: 2, sync: true }),
): Log {
  const logger: Logger = pino(
    {
      level,
      base: undefined,
      timestamp: pino.stdTimeFunctions.isoTime,
      formatters: { level: (label) => ({ level: label }) },
      redact: { paths: SECRETS, censor: '[secret]' },
    },
    format === 'json' ? sink : { write: (line: string) => sink.write(prettyLine(line)) },
  )
  const admit = createRateLimit()
  return {
    event(name, fields = {}) {
      const spec = logEvents[name]
      if (!logger.isLevelEnabled(spec.level)) return
      const key = `${name}:${String(fields['rule'] ?? fields['listener'] ?? fields['bootstrap'] ?? '')}`
      const limit = 'perSecond' in spec ? spec.perSecond : PER_SECOND
      const suppressed = admit(key, limit, Math.floor(Date.now() / 1000))
      if (suppressed === undefined) return
      logger[spec.level]({ event: name, ...fields, ...(suppressed > 0 ? { suppressed } : {}) }, spec.message)
    },
    setLevel(next) {
      logger.level = next
    },
    flush: () => sink.flushSync?.(),
  }
}

/** Tells how many were suppressed since the last one admitted, or undefined to suppress this one. */
function createRateLimit(): (key: string, limit: number, second: number) => number | undefined {
  const recent = new Map<string, { second: number; count: number; suppressed: number }>()
  return (key, limit, second) => {
    let entry = recent.get(key)
    if (entry === undefined) {
      if (recent.size >= MAX_KEYS) recent.clear()
      recent.set(key, (entry = { second, count: 0, suppressed: 0 }))
    }
    if (entry.second !== second) Object.assign(entry, { second, count: 0 })
    entry.count += 1
    if (entry.count > limit) {
      entry.suppressed += 1
      return undefined
    }
    const { suppressed } = entry
    entry.suppressed = 0
    return suppressed
  }
}

/** `12:00:00.123 WARN mqtt.connect_refused A CONNECT was refused. listener=mqtt` */
function prettyLine(line: string): string {
  const { level, time, event, msg, ...fields } = JSON.parse(line) as Record<string, unknown>
  const pairs = Object.entries(fields).map(([key, value]) => ` ${key}=${JSON.stringify(value)}`)
  const clock = String(time).slice(11, 23)
  return `${clock} ${String(level).toUpperCase().padEnd(5)} ${String(event)} ${String(msg)}${pairs.join('')}\n`
}
