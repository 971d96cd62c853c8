export {
  type GetOptions,
  type ReadArguments,
  readArguments,
  type SecretAnswer,
  type SecretRequest,
  type SecretSource,
  type SecretType,
} from './request.ts'
export { createSecretSource, type SecretSourceOptions, type StoreOptions } from './source.ts'
