export { JsonPlaces } from './json-places.ts'
export { DirectoryStore } from './directory-store.ts'
export {
  payloadOf,
  readDocuments,
  type ReadResult,
  type StoredDocument,
  type UnreadDocument,
} from './documents.ts'
export { isRuleFile } from './file-cache.ts'
export { fieldOf, fieldSteps, locateField, type Position, positionAt } from './positions.ts'
export {
  type RuleState,
  type RuleStore,
  type StoreChange,
  type StoreEdit,
  type StoredRecord,
  type StoreSnapshot,
  type UnreadableFile,
  type WriteOptions,
  type WriteRefusal,
  type WriteResult,
} from './store.ts'
