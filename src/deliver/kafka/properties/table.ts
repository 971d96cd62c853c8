import {
  acks,
  bootstrapServers,
  compressionType,
  keySerializer,
  securityProtocol,
  valueSerializer,
} from './connection.ts'
import { type ClientPropertySpec } from './property.ts'
import { saslCredentials, saslMechanism } from './sasl.ts'
import {
  sslKeyPassword,
  sslKeystore,
  sslKeystorePassword,
  sslTruststore,
  sslTruststorePassword,
} from './tls.ts'
import { tuning } from './tuning.ts'

/**
 * The client properties of the Kafka action.
 * Source: https://docs.aws.amazon.com/iot/latest/developerguide/apache-kafka-rule-action.html
 */
export const clientProperties: readonly ClientPropertySpec[] = [
  acks,
  bootstrapServers,
  compressionType,
  securityProtocol,
  keySerializer,
  valueSerializer,
  sslTruststore,
  sslTruststorePassword,
  sslKeystore,
  sslKeystorePassword,
  sslKeyPassword,
  saslMechanism,
  ...saslCredentials,
  ...tuning,
]

export const propertiesByName: ReadonlyMap<string, ClientPropertySpec> = new Map(
  clientProperties.map((spec) => [spec.name, spec]),
)
