import { type Diagnostic } from '../errors.ts'
import { type StoredDocument } from './documents.ts'

/** All rule documents at one moment. */
export interface StoreSnapshot {
  /** Counts up with every change of content. */
  readonly version: number
  readonly documents: readonly StoredDocument[]
  /** Files that are there but cannot be read or parsed; what they held before stays in force. */
  readonly unreadable: readonly { readonly file: string; readonly diagnostics: readonly Diagnostic[] }[]
}

/** Rule documents at rest. One machine keeps them in a directory; the interface leaves room for a shared log. */
export interface RuleStore {
  load(): Promise<StoreSnapshot>
  /** Calls back with a new snapshot whenever the content has changed. */
  watch(onChange: (snapshot: StoreSnapshot) => void): void
  close(): void
}
