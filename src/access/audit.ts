import { type Caller } from './access.ts'

/** A change that a caller made through the control API. */
export interface AuditEntry {
  readonly caller: Caller
  readonly address: string | undefined
  /** Name of AWS's operation, such as `ReplaceTopicRule`. */
  readonly operation: string
  /** ARN of what was changed. */
  readonly resource: string
  /** The document before and after, as stored; undefined: it did not exist. Secrets are masked here. */
  readonly before: unknown
  readonly after: unknown
}

/** Writes down a change. Never throws. */
export type Audit = (entry: AuditEntry) => void
