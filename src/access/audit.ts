import { type Caller } from './access.ts'
import { type Change, difference } from './difference.ts'
import { type SecretField } from './mask.ts'

/** Who changed something: a caller of the control API, or whoever may write to the rules directory. */
export type Author = Caller | { readonly name: string; readonly role: 'file'; readonly by: 'file' }

/** A change of what the control API speaks of. */
export interface AuditEntry {
  readonly caller: Author
  readonly address: string | undefined
  /** The file that was edited, where that is how it was changed. */
  readonly file?: string
  /** Name of AWS's operation, such as `ReplaceTopicRule`. */
  readonly operation: string
  /** ARN of what was changed. */
  readonly resource: string
  /** The document before and after, as stored; undefined: it did not exist. Secrets are masked here. */
  readonly before: unknown
  readonly after: unknown
}

/** Writes down a change; resolves when that is on the disk or cannot be. Never throws or rejects. */
export type Audit = (entry: AuditEntry) => Promise<void>

/** A change as it is written down: who, what, from where, and the difference without secrets. */
export interface AuditLine {
  readonly caller: string
  readonly role: string
  readonly by: string
  readonly address: string | undefined
  readonly file?: string
  readonly operation: string
  readonly resource: string
  readonly changes: readonly Change[]
}

/** A change as the audit has it: what differs, without secrets. */
export function auditLine(entry: AuditEntry, isSecret?: SecretField): AuditLine {
  const { caller, address, file, operation, resource, before, after } = entry
  return {
    caller: caller.name,
    role: caller.role,
    by: caller.by,
    address,
    ...(file !== undefined && { file }),
    operation,
    resource,
    changes: difference(before, after, isSecret),
  }
}
