export { DirectoryStore } from './directory-store.ts'
export { readDocuments, type ReadResult, type StoredDocument, type UnreadDocument } from './documents.ts'
export { fieldOf, type Position } from './positions.ts'
export { type RuleStore, type StoreSnapshot } from './store.ts'
