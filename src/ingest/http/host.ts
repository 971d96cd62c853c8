import { type MessageSink } from '../../message/index.ts'
import { type FailureDelay } from '../authenticate.ts'
import { type ConnectionRate } from '../connection-rate.ts'
import { type PublishRate } from '../publish-rate.ts'
import { type RoomQueue } from '../room-queue.ts'
import { type SharedBudget } from '../window.ts'
import { type Access } from '../access.ts'
import { type byPassword } from './authenticate.ts'
import { type PublishEvents } from './events.ts'
import { type HttpIngestOptions, type HttpLimits } from './options.ts'

/** What all connections of an HTTP ingest share. */
export interface HttpHost {
  readonly options: HttpIngestOptions
  readonly limits: HttpLimits
  readonly sink: MessageSink
  readonly rooms: RoomQueue
  readonly events: PublishEvents
  access: Access
  byPassword: ReturnType<typeof byPassword>
  readonly failureDelay: FailureDelay
  readonly connectionRate: ConnectionRate
  readonly publishRate: PublishRate
  /** Payloads being received or waiting for room. */
  readonly waiting: SharedBudget
  /** Requests that are not answered. */
  requests: number
  /** Given to the sink and not settled. */
  unsettled: number
  closing: boolean
}
