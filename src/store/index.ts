export { DirectoryStore } from './directory-store.ts'
export { readDocuments, type ReadResult, type StoredDocument } from './documents.ts'
export { type RuleStore, type StoreSnapshot } from './store.ts'
