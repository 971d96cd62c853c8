import { type Caller } from './access.ts'
import { type Change, difference } from './difference.ts'
import { type SecretField } from './mask.ts'

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

/** A change as it is written down: who, what, from where, and the difference without secrets. */
export interface AuditLine {
  readonly caller: string
  readonly role: string
  readonly by: string
  readonly address: string | undefined
  readonly operation: string
  readonly resource: string
  readonly changes: readonly Change[]
}

/** A change as the audit has it: what differs, without secrets. */
export function auditLine(entry: AuditEntry, isSecret?: SecretField): AuditLine {
  const { caller, address, operation, resource, before, after } = entry
  return {
    caller: caller.name,
    role: caller.role,
    by: caller.by,
    address,
    operation,
    resource,
    changes: difference(before, after, isSecret),
  }
}
