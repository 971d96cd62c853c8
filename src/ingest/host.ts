import { type MessageSink } from '../message/index.ts'
import { type Access } from './access.ts'
import { type FailureDelay } from './authenticate.ts'
import { type ConnectionRate } from './connection-rate.ts'
import { type Digest } from './digest.ts'
import { type Meter } from './events.ts'
import { type MqttIngestOptions, type MqttLimits } from './options.ts'
import { type Flusher } from './outbox.ts'
import { type Pacer } from './publish-rate.ts'
import { type Refusals } from './refusals.ts'
import { type RoomQueue } from './room-queue.ts'
import { type SessionRegistry } from './session-registry.ts'
import { type Wills } from './will.ts'
import { type SharedBudget } from './window.ts'
import { type Connection } from './connection.ts'

/** What all connections of an ingest share. */
export interface Host {
  readonly options: MqttIngestOptions
  readonly limits: MqttLimits
  readonly sink: MessageSink
  readonly meter: Meter
  readonly sessions: SessionRegistry
  readonly wills: Wills
  readonly rooms: RoomQueue
  readonly flusher: Flusher
  readonly deferred: SharedBudget
  /** Packets that have not arrived whole. */
  readonly partial: SharedBudget
  /** What came on connections that have no CONNACK yet. */
  readonly early: SharedBudget
  /** Topics that aliases stand for. */
  readonly aliases: SharedBudget
  access: Access
  readonly failureDelay: FailureDelay
  readonly connectionRate: ConnectionRate
  readonly pacer: Pacer
  /** Publishers that were paced, for the log. */
  readonly paced: Digest
  readonly refusals: Refusals
  readonly connections: Set<Connection>
}
