import { type FaultKind } from '../faults.ts'
import { type MetadataOptions, type NativeConfig, type NativeHeader, type NativeMetadata } from '../native.ts'

/** A record on its way to an agent; `id` comes back in its report. */
export interface AgentRecord {
  readonly id: number
  readonly topic: string
  readonly partition: number | null
  readonly value: Buffer
  readonly key: Buffer | null
  readonly headers: readonly NativeHeader[] | undefined
}

/** How a record ended: `error` is librdkafka's text, null when Kafka has the record. */
export interface AgentReport {
  readonly id: number
  readonly error: string | null
  readonly partition: number
  readonly offset: number
}

/** From the server to the agent of one Kerberos identity. */
export type ToAgent =
  | {
      readonly kind: 'start'
      readonly principal: string
      readonly keytab: string
      readonly cache: string
      readonly directory: string
    }
  | {
      readonly kind: 'open'
      readonly handle: number
      readonly global: NativeConfig
      readonly topic: NativeConfig
    }
  | { readonly kind: 'produce'; readonly handle: number; readonly records: readonly AgentRecord[] }
  | {
      readonly kind: 'metadata'
      readonly handle: number
      readonly id: number
      readonly options: MetadataOptions
    }
  | { readonly kind: 'close'; readonly handle: number }

/** From the agent to the server. */
export type FromAgent =
  | { readonly kind: 'opened'; readonly handle: number; readonly error: string | null }
  | { readonly kind: 'reports'; readonly handle: number; readonly reports: readonly AgentReport[] }
  | {
      readonly kind: 'event'
      readonly handle: number
      readonly type: string
      readonly message: string
      readonly severity?: number
    }
  | {
      readonly kind: 'metadata'
      readonly handle: number
      readonly id: number
      readonly error: string | null
      readonly metadata: NativeMetadata | undefined
    }
  | { readonly kind: 'closed'; readonly handle: number }
  /** A ticket could not be had: it concerns every handle. */
  | { readonly kind: 'fault'; readonly fault: FaultKind; readonly message: string }
  /** A ticket was had; times in milliseconds since the epoch. `skew`: by how much the center's clock is ahead. */
  | { readonly kind: 'ticket'; readonly endsAt: number; readonly skew: number }

/** What concerns one handle. */
export type FromHandle = Exclude<FromAgent, { kind: 'fault' | 'ticket' }>
