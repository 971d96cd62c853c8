import { type ErrorCode } from '../../../errors.ts'
import { type PeerCertificate } from '../probe/index.ts'

/** What a check looks at, in this order; `resolve`, `tcp` and `tls` for each broker. */
export type CheckStepName =
  'properties' | 'resolve' | 'tcp' | 'tls' | 'kerberos' | 'sasl' | 'metadata' | 'topic' | 'write' | 'produce'

/** One thing that was tried. */
export interface CheckStep {
  readonly step: CheckStepName
  /** `skipped`: could not be asked, or was not asked for. */
  readonly outcome: 'ok' | 'failed' | 'skipped'
  /** What was found, or why it stopped; never a secret. */
  readonly detail: string
  /** `host:port`, where it is about one broker. */
  readonly broker?: string
  /** Where it failed. */
  readonly code?: ErrorCode
  /** Certificates that the broker showed, leaf first. */
  readonly chain?: readonly PeerCertificate[]
  /** Client properties in effect, secrets as `[secret]`. */
  readonly properties?: Readonly<Record<string, string>>
}

export type TellStep = (step: CheckStep) => void
