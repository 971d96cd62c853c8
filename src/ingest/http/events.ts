import { type ErrorCode } from '../../errors.ts'

/** Monotonic counts, in the order a request meets them. */
export const publishCounters = [
  'connections_opened',
  'connections_closed',
  'connections_refused',
  'connections_rate_limited',
  'protocol_faults',
  'requests_received',
  'authentications_failed',
  'requests_refused',
  'requests_throttled',
  'bytes_received',
  'messages_taken',
  'messages_unmatched',
  'messages_withheld',
  'deadlines_passed',
  'acknowledged',
] as const

export type PublishCounter = (typeof publishCounters)[number]

/** What the HTTP ingest reports in words. Texts never contain a secret or a payload. */
export type PublishLogEvent =
  | { readonly event: 'publish.listening'; readonly host: string; readonly port: number }
  | {
      readonly event: 'publish.refused'
      readonly code: ErrorCode
      readonly topic: string | undefined
      readonly principal: string | undefined
      readonly sourceIp: string | undefined
      readonly traceId: string
      readonly why: string
    }
  | {
      readonly event: 'publish.connections_limited'
      readonly code: ErrorCode
      /** Since the last such event. */
      readonly count: number
      /** Where the last of them came from. */
      readonly sourceIp: string | undefined
    }
  | {
      readonly event: 'publish.withheld'
      readonly topic: string
      readonly principal: string | undefined
      readonly traceId: string
    }
  | {
      readonly event: 'publish.deadline_passed'
      readonly topic: string
      readonly principal: string | undefined
      readonly traceId: string
    }
  | {
      readonly event: 'publish.protocol_fault'
      readonly code: ErrorCode
      readonly sourceIp: string | undefined
      readonly why: string
    }
  | { readonly event: 'publish.listener_fault'; readonly why: string }

/** Where counts and log events go; the composition root maps them onto metrics and the log. */
export interface PublishEvents {
  count(name: PublishCounter, by?: number): void
  log(event: PublishLogEvent): void
}
