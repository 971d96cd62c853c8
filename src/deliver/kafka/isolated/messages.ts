import { type FaultKind } from '../faults.ts'
import { type TicketFiles } from '../kerberos/tickets.ts'
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

/** The file from which the process takes addresses of host names, and what it says. */
export interface HostsFile {
  readonly file: string
  readonly overrides: readonly (readonly [name: string, addresses: readonly string[]])[]
}

/** The first message to a process: what it has to do besides producing. */
export interface StartAgent {
  readonly kind: 'start'
  /** Its own; removed when it ends. */
  readonly directory: string
  readonly tickets: TicketFiles | undefined
  readonly hosts: HostsFile | undefined
}

/** From the server to a process of isolated producers. */
export type ToAgent =
  | StartAgent
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
