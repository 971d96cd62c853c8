import { type Diagnostic } from '../errors.ts'
import { type StoredDocument } from './documents.ts'

/** A file that is there but cannot be read or parsed; what it held before stays in force. */
export interface UnreadableFile {
  readonly file: string
  readonly diagnostics: readonly Diagnostic[]
}

/** All rule documents at one moment. */
export interface StoreSnapshot {
  /** Counts up with every change of content. */
  readonly version: number
  readonly documents: readonly StoredDocument[]
  readonly unreadable: readonly UnreadableFile[]
}

/** A document that somebody changed in its file, not through the store. */
export interface StoreEdit {
  readonly file: string
  /** Undefined: it is new. */
  readonly before: StoredDocument | undefined
  /** Undefined: it is gone. */
  readonly after: StoredDocument | undefined
}

/** What has changed from one version to the next. */
export interface StoreChange {
  readonly version: number
  /** Documents that are new, or whose text is. */
  readonly changed: readonly StoredDocument[]
  /** Sources of documents that are gone; not of those in files that merely cannot be read. */
  readonly removed: readonly string[]
  /** Files that have become unreadable, or are so in another way. */
  readonly unreadable: readonly UnreadableFile[]
  /** What others changed since the store was loaded first; not what its own writes did. */
  readonly edits: readonly StoreEdit[]
}

/** What the store knows of a rule beside its document. */
export interface RuleState {
  /** Counts up with each change that the store has seen, from 1. */
  readonly version: number
  /** Differs whenever the document differs; a write may name the one it expects. */
  readonly revision: string
  /** Milliseconds since 1970. */
  readonly createdAt: number
  readonly modifiedAt: number
  readonly tags: Readonly<Record<string, string>>
}

/** Why a write did not happen. */
export interface WriteRefusal {
  readonly ok: false
  /**
   * `exists`, `missing`: what the write presumes is not so. `busy`: another write of the rule is under way. `stale`:
   * the rule has another revision than the one expected. `edited`: somebody else changed the file, or it cannot be
   * changed without losing something. `failed`: the disk does not take it.
   */
  readonly reason: 'exists' | 'missing' | 'busy' | 'stale' | 'edited' | 'failed'
  readonly message: string
}

export type WriteResult = { readonly ok: true; readonly state: RuleState } | WriteRefusal

export interface WriteOptions {
  /** Revision that the rule must have. */
  readonly revision?: string | undefined
  /** In place of the tags it has. */
  readonly tags?: Readonly<Record<string, string>>
}

/** A value that is kept by key beside the rules, such as a destination. */
export interface StoredRecord {
  readonly key: string
  readonly value: unknown
}

/**
 * Rule documents at rest, by the names of their rules, and records beside them. One machine keeps them in a directory;
 * nothing of the interface but `StoredDocument.file` knows that, so that a shared log can take its place.
 */
export interface RuleStore {
  /** Reads everything; tells the listeners what differs from what was known. */
  load(): Promise<StoreSnapshot>
  /** Calls back with every change from here on, whoever made it; for a write before it resolves. */
  subscribe(listener: (change: StoreChange) => void): void
  /** Looks for changes that others make. */
  watch(): void
  /** Documents of a rule's name, the one that counts first. */
  named(name: string): readonly StoredDocument[]
  /** Every name, in order. */
  names(): readonly string[]
  stateOf(document: StoredDocument): RuleState
  /** Resolves when the rule is on the disk. */
  create(name: string, payload: object, options?: WriteOptions): Promise<WriteResult>
  /** The same for a rule that is there; `document` is the one to change. */
  replace(document: StoredDocument, payload: object, options?: WriteOptions): Promise<WriteResult>
  /** Changes the tags alone. */
  tag(document: StoredDocument, tags: Readonly<Record<string, string>>): Promise<WriteResult>
  remove(document: StoredDocument, options?: WriteOptions): Promise<WriteResult>
  /** Records of destinations. */
  records(): readonly StoredRecord[]
  /** Resolves when it is on the disk. @throws an error of node:fs */
  putRecord(key: string, value: unknown): Promise<void>
  close(): Promise<void>
}
