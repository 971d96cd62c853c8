import { type ErrorCode } from '../../errors.ts'
import { type ProducerState } from './producer.ts'

/**
 * How a producer stands with its cluster, in one word. `connected`: a broker answers. `connecting`: none does yet, or
 * not any more. `hanging`: nothing is reported although records are due. `refused`: the cluster, or our own policy,
 * turns it away. `idle`: nothing is asked of it.
 */
export const links = ['connected', 'connecting', 'hanging', 'refused', 'idle'] as const

export type Link = (typeof links)[number]

/** How one producer fares. */
export interface ProducerHealth {
  /** Bootstrap servers and a number that tells producers of one cluster apart. */
  readonly name: string
  readonly bootstrapServers: string
  /** `resolving`: client properties are being looked up. `hanging`: nothing is reported although records are due. */
  readonly state: ProducerState | 'idle' | 'resolving' | 'hanging'
  readonly link: Link
  /** Actions that share it. */
  readonly shares: number
  /** Records not settled. */
  readonly outstanding: number
  /** Milliseconds the oldest of them has waited. */
  readonly oldestAge: number
  readonly lastFault: string | undefined
  /** Code of that fault. */
  readonly lastCode: ErrorCode | undefined
}

interface Linked {
  readonly state: ProducerState
  readonly isUp: boolean
  readonly outstanding: number
  readonly lastFault: string | undefined
  readonly refusedSince: number | undefined
}

/** `producer`: undefined where none is open. */
export function linkOf(producer: Linked | undefined, isHanging: boolean): Link {
  if (isHanging) return 'hanging'
  if (producer === undefined || producer.state === 'closed') return 'idle'
  if (producer.state === 'refused' || producer.refusedSince !== undefined) return 'refused'
  if (producer.isUp && producer.state === 'ready') return 'connected'
  // librdkafka lets connections go that nobody uses.
  const isAtRest = producer.state === 'ready' && producer.outstanding === 0
  return isAtRest && producer.lastFault === undefined ? 'idle' : 'connecting'
}
