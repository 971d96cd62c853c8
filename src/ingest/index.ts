export { checkAclTopic, type AclRule } from './authorize.ts'
export { ingestCounters, type IngestCounter, type IngestEvents, type IngestLogEvent } from './events.ts'
export { type ListenerAddress } from './listener.ts'
export { createMqttIngest, type IngestStats, type MqttIngest } from './mqtt-ingest.ts'
export {
  defaultLimits,
  type ListenerOptions,
  type MqttIngestOptions,
  type MqttLimits,
  type TlsOptions,
} from './options.ts'
export { checkPasswordHash, hashPassword, parseUsers } from './password.ts'
