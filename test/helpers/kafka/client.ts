import { type KafkaAddress } from './properties.ts'

/** A way of connecting that the broker accepts. `librdkafka` keys serve kcat and node-rdkafka, `java` the console tools. */
export interface Access {
  readonly name: string
  readonly bootstrap: string
  readonly librdkafka: Readonly<Record<string, string>>
  readonly java: Readonly<Record<string, string>>
}

export type AccessName = 'PLAINTEXT' | 'SSL' | 'MTLS' | 'PLAIN' | 'SCRAM-SHA-256' | 'SCRAM-SHA-512'

/** Client settings for each way of connecting, as the user `alice` where there is one. */
export function access(kafka: KafkaAddress, name: AccessName): Access {
  const ca = { 'ssl.ca.location': kafka.caFile }
  const truststore = { 'ssl.truststore.type': 'PEM', 'ssl.truststore.location': kafka.caFile }
  switch (name) {
    case 'PLAINTEXT':
      return { name, bootstrap: kafka.bootstrap.plaintext, librdkafka: {}, java: {} }
    case 'SSL':
      return {
        ...{ name, bootstrap: kafka.bootstrap.ssl },
        librdkafka: { 'security.protocol': 'ssl', ...ca },
        java: { 'security.protocol': 'SSL', ...truststore },
      }
    case 'MTLS':
      return {
        ...{ name, bootstrap: kafka.bootstrap.mtls },
        librdkafka: {
          ...{ 'security.protocol': 'ssl', ...ca },
          ...{ 'ssl.certificate.location': kafka.client.certFile, 'ssl.key.location': kafka.client.keyFile },
        },
        java: {
          ...{ 'security.protocol': 'SSL', ...truststore, 'ssl.keystore.type': 'PEM' },
          ...{ 'ssl.keystore.certificate.chain': oneLine(kafka.client.cert) },
          ...{ 'ssl.keystore.key': oneLine(kafka.client.key) },
        },
      }
    default:
      return {
        ...{ name, bootstrap: kafka.bootstrap.sasl },
        librdkafka: {
          ...{ 'security.protocol': 'sasl_ssl', ...ca, 'sasl.mechanisms': name },
          ...{ 'sasl.username': 'alice', 'sasl.password': kafka.users.alice },
        },
        java: {
          ...{ 'security.protocol': 'SASL_SSL', ...truststore, 'sasl.mechanism': name },
          'sasl.jaas.config': `${loginModule(name)} required username="alice" password="${kafka.users.alice}";`,
        },
      }
  }
}

function loginModule(mechanism: string): string {
  const kind = mechanism === 'PLAIN' ? 'plain.Plain' : 'scram.Scram'
  return `org.apache.kafka.common.security.${kind}LoginModule`
}

function oneLine(pem: string): string {
  return pem.trim().replaceAll('\n', '\\n')
}
