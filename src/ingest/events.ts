import { type ErrorCode } from '../errors.ts'

/** Monotonic counts, in the order a message meets them. */
export const ingestCounters = [
  'connections_opened',
  'connections_closed',
  'connections_refused',
  'connections_rate_limited',
  'authentications_failed',
  'publishes_received',
  'bytes_received',
  'retained_received',
  'publishes_refused',
  'publishes_paced',
  'publishes_joined',
  'publishes_duplicate',
  'identifiers_reused',
  'qos0_dropped',
  'deferred_dropped',
  'messages_taken',
  'messages_unmatched',
  'messages_withheld',
  'acknowledged',
  'subscriptions_refused',
  'wills_sent',
  'wills_cancelled',
  'wills_withheld',
  'protocol_faults',
  'logs_suppressed',
] as const

export type IngestCounter = (typeof ingestCounters)[number]

/** What the ingest reports in words. Texts never contain a secret or a payload. */
export type IngestLogEvent =
  | {
      readonly event: 'mqtt.listening'
      readonly listener: string
      readonly host: string
      readonly port: number
    }
  | {
      readonly event: 'mqtt.connected'
      readonly clientId: string
      readonly sourceIp: string | undefined
      readonly version: 4 | 5
      readonly sessionPresent: boolean
    }
  | { readonly event: 'mqtt.disconnected'; readonly clientId: string; readonly why: string }
  | {
      readonly event: 'mqtt.connect_refused'
      readonly code: ErrorCode
      readonly clientId: string | undefined
      readonly sourceIp: string | undefined
      readonly why: string
    }
  | {
      readonly event: 'mqtt.protocol_fault'
      readonly code: ErrorCode
      readonly clientId: string | undefined
      readonly sourceIp: string | undefined
      readonly why: string
    }
  | {
      readonly event: 'mqtt.publish_refused'
      readonly code: ErrorCode
      readonly clientId: string
      readonly topic: string
      readonly traceId: string
      readonly why: string
    }
  | {
      readonly event: 'mqtt.connections_limited'
      readonly code: ErrorCode
      /** Since the last such event. */
      readonly count: number
      /** Where the last of them came from. */
      readonly sourceIp: string | undefined
    }
  | {
      readonly event: 'mqtt.publishers_paced'
      readonly code: ErrorCode
      readonly count: number
      /** The last of them. */
      readonly clientId: string
    }
  | { readonly event: 'mqtt.delivery_withheld'; readonly clientId: string; readonly traceId: string }
  | { readonly event: 'mqtt.session_log_damaged'; readonly code: ErrorCode; readonly skippedBytes: number }
  | { readonly event: 'mqtt.session_log_failed'; readonly code: ErrorCode; readonly why: string }
  | { readonly event: 'mqtt.listener_fault'; readonly listener: string; readonly why: string }

/** Where counts and log events go; the composition root maps them onto metrics and the log. */
export interface IngestEvents {
  count(name: IngestCounter, by?: number): void
  log(event: IngestLogEvent): void
}

/** Log events of one kind per second; hostile clients must not fill a disk. */
const LOGS_PER_SECOND = 20

/** Keeps the counts, passes them on, and bounds the log. */
export class Meter {
  readonly counts: Record<IngestCounter, number>
  readonly #events: IngestEvents
  readonly #logged = new Map<string, number>()

  constructor(events: IngestEvents) {
    this.#events = events
    this.counts = Object.fromEntries(ingestCounters.map((name) => [name, 0])) as Record<IngestCounter, number>
  }

  count(name: IngestCounter, by = 1): void {
    if (by === 0) return
    this.counts[name] += by
    this.#events.count(name, by)
  }

  log(event: IngestLogEvent): void {
    const logged = this.#logged.get(event.event) ?? 0
    this.#logged.set(event.event, logged + 1)
    if (logged < LOGS_PER_SECOND) this.#events.log(event)
    else this.count('logs_suppressed')
  }

  /** Called each second. */
  tick(): void {
    if (this.#logged.size > 0) this.#logged.clear()
  }
}
