import { type Disturbance, type Verdict } from './proof.ts'
import { type Recovery } from './measure.ts'

/** Steady devices of one kind; half of them QoS 2, half of them MQTT 5. */
export interface DeviceGroup {
  readonly name: string
  readonly count: number
  /** Messages a second of all of them together. */
  readonly rate: number
  readonly topic: string
  readonly port: number
  /** They connect by TLS and trust this authority. */
  readonly ca?: string
  /** Their messages end among the dead letters; else in Kafka. */
  readonly dead?: boolean
}

/** Given to the ledger process as its argument. */
export interface LedgerOptions {
  readonly groups: readonly DeviceGroup[]
  /** File of obligations, one line `device n` for each acknowledgement; only ever appended to. */
  readonly file: string
  /** Devices of the first group that come and go when told so. */
  readonly flapping: number
}

export type LedgerCommand =
  | { readonly kind: 'start' | 'stop' | 'calm' | 'flap' | 'count' | 'end' }
  | {
      readonly kind: 'prove'
      readonly bootstrap: string
      readonly topic: string
      /** Directory of the dead letters. */
      readonly letters: string | undefined
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
  /** SHA-256 of the certificate that each device with TLS was shown last. */
  readonly fingerprints: readonly string[]
}
