import { type Disturbance, type Verdict } from './proof.ts'
import { type Recovery } from './measure.ts'

/** Given to the ledger process as its argument. */
export interface LedgerOptions {
  readonly port: number
  /** File of obligations, one line `device n` for each acknowledgement; only ever appended to. */
  readonly file: string
  /** Steady devices, half of them QoS 2, half of them MQTT 5, and their messages a second together. */
  readonly devices: number
  readonly rate: number
  /** Devices that come and go when told so. */
  readonly flapping: number
}

export type LedgerCommand =
  | { readonly kind: 'start' | 'stop' | 'calm' | 'flap' | 'count' | 'end' }
  | {
      readonly kind: 'prove'
      readonly bootstrap: string
      readonly topic: string
      readonly disturbances: readonly Disturbance[]
      /** When the undisturbed rate was measured. */
      readonly undisturbed: readonly [from: number, to: number]
      readonly end: number
    }

export interface LedgerCounts {
  readonly published: number
  readonly acknowledged: number
}

export interface DisturbanceReport extends Recovery {
  readonly lost: number
  readonly duplicates: number
  readonly disorder: number
}

export interface LedgerProof {
  readonly verdict: Verdict
  /** Acknowledgements a second without faults. */
  readonly undisturbedRate: number
  readonly disturbances: readonly DisturbanceReport[]
  readonly resends: number
  readonly sessionsLost: number
}
