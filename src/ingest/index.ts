export { type AccessOptions, checkTls } from './access.ts'
export { checkAclTopic, createAuthorizer, type AclRule } from './authorize.ts'
export { ingestCounters, type IngestCounter, type IngestEvents, type IngestLogEvent } from './events.ts'
export { type ListenerAddress } from './listener.ts'
export { createMqttIngest, type IngestStats, type MqttIngest } from './mqtt-ingest.ts'
export { type ListenerOptions, type MqttIngestOptions, type MqttLimits, type TlsOptions } from './options.ts'
export { checkPasswordHash, hashPassword, parseUsers } from './password.ts'
export {
  type Authenticate,
  type HttpAuthentication,
  type HttpDenial,
  type HttpIdentity,
  type HttpPending,
} from './http/authenticate.ts'
export {
  publishCounters,
  type PublishCounter,
  type PublishEvents,
  type PublishLogEvent,
} from './http/events.ts'
export { createHttpIngest, type HttpIngest } from './http/http-ingest.ts'
export { type HttpIngestOptions, type HttpLimits } from './http/options.ts'
