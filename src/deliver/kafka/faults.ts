import rdkafka from 'node-rdkafka'
import { errorCatalogue, type ErrorCode, type Failure } from '../../errors.ts'
import { codeOf } from './native.ts'

// A CommonJS module whose names Node cannot see beforehand.
const { CODES } = rdkafka

const { ERRORS } = CODES

/** What an error of librdkafka is to us. `fatal` and `purged` never reach a delivery: its record is produced again. */
export type FaultKind =
  | 'authentication'
  | 'kerberos-principal'
  | 'kerberos-keytab'
  | 'kerberos-kdc'
  | 'kerberos-clock'
  | 'tls'
  | 'token-endpoint'
  | 'topic-unknown'
  | 'not-authorized'
  | 'partition-unknown'
  | 'too-large'
  | 'refused'
  | 'forbidden'
  | 'configuration'
  | 'queue-full'
  | 'timed-out'
  | 'fatal'
  | 'purged'
  | 'environment'

const kinds = new Map<number, FaultKind>([
  [ERRORS.ERR__AUTHENTICATION, 'authentication'],
  [ERRORS.ERR_SASL_AUTHENTICATION_FAILED, 'authentication'],
  [ERRORS.ERR_UNSUPPORTED_SASL_MECHANISM, 'authentication'],
  [ERRORS.ERR__SSL, 'tls'],
  [ERRORS.ERR__UNKNOWN_TOPIC, 'topic-unknown'],
  [ERRORS.ERR_UNKNOWN_TOPIC_OR_PART, 'topic-unknown'],
  [ERRORS.ERR_TOPIC_EXCEPTION, 'topic-unknown'],
  [ERRORS.ERR_TOPIC_AUTHORIZATION_FAILED, 'not-authorized'],
  [ERRORS.ERR_CLUSTER_AUTHORIZATION_FAILED, 'not-authorized'],
  [ERRORS.ERR__UNKNOWN_PARTITION, 'partition-unknown'],
  [ERRORS.ERR_MSG_SIZE_TOO_LARGE, 'too-large'],
  [ERRORS.ERR_RECORD_LIST_TOO_LARGE, 'too-large'],
  [ERRORS.ERR_INVALID_MSG_SIZE, 'too-large'],
  [ERRORS.ERR_INVALID_RECORD, 'refused'],
  [ERRORS.ERR__INVALID_DIFFERENT_RECORD, 'refused'],
  [ERRORS.ERR_INVALID_TIMESTAMP, 'refused'],
  [ERRORS.ERR_INVALID_REQUIRED_ACKS, 'configuration'],
  [ERRORS.ERR_UNSUPPORTED_COMPRESSION_TYPE, 'configuration'],
  [ERRORS.ERR_POLICY_VIOLATION, 'refused'],
  [ERRORS.ERR_UNSUPPORTED_FOR_MESSAGE_FORMAT, 'refused'],
  [ERRORS.ERR__QUEUE_FULL, 'queue-full'],
  [ERRORS.ERR__MSG_TIMED_OUT, 'timed-out'],
  [ERRORS.ERR__FATAL, 'fatal'],
  [ERRORS.ERR__PURGE_QUEUE, 'purged'],
  [ERRORS.ERR__PURGE_INFLIGHT, 'purged'],
])

export function faultOf(code: number): FaultKind {
  return kinds.get(code) ?? 'environment'
}

export function faultOfText(text: string): FaultKind {
  return faultOf(codeOf(text))
}

/** Whose fault each is says the catalogue. */
const codes = {
  authentication: 'KAFKA_AUTHENTICATION',
  'kerberos-principal': 'KAFKA_KERBEROS_PRINCIPAL',
  'kerberos-keytab': 'KAFKA_KERBEROS_KEYTAB',
  'kerberos-kdc': 'KAFKA_KERBEROS_KDC',
  'kerberos-clock': 'KAFKA_KERBEROS_CLOCK',
  'token-endpoint': 'KAFKA_TOKEN_ENDPOINT',
  tls: 'KAFKA_TLS',
  'topic-unknown': 'KAFKA_TOPIC_UNKNOWN',
  'not-authorized': 'KAFKA_NOT_AUTHORIZED',
  'partition-unknown': 'KAFKA_PARTITION_UNKNOWN',
  'too-large': 'KAFKA_RECORD_TOO_LARGE',
  forbidden: 'KAFKA_DESTINATION_FORBIDS',
  refused: 'KAFKA_RECORD_REFUSED',
  configuration: 'KAFKA_CONFIGURATION',
  'queue-full': 'KAFKA_QUEUE_FULL',
  'timed-out': 'KAFKA_DELIVERY_TIMEOUT',
  fatal: 'KAFKA_DELIVERY_FAILED',
  purged: 'KAFKA_DELIVERY_FAILED',
  environment: 'KAFKA_DELIVERY_FAILED',
} as const satisfies Readonly<Record<FaultKind, ErrorCode>>

const turnedAway: readonly FaultKind[] = ['authentication', 'kerberos-principal', 'kerberos-keytab', 'tls']

/** Whether a fault of a connection means that the cluster, or what stands before it, does not let us in. */
export function isTurnedAway(kind: FaultKind): boolean {
  return turnedAway.includes(kind)
}

/**
 * Makes the failure of a record. `worked`: the same had succeeded before, so what looks like the rule's fault is
 * the environment's.
 */
export function failureOf(kind: FaultKind, resource: string, message: string, worked: boolean): Failure {
  const code = codes[kind]
  const whose: Failure['class'] = errorCatalogue[code].class
  return { code, class: whose === 'rule' && worked ? 'environment' : whose, resource, message }
}

/**
 * A TLS peer that refuses us closes the connection; only the log says why.
 * Source: OpenSSL's texts for the alerts of RFC 8446 section 6.2.
 */
export function isTlsRefusal(log: string): boolean {
  return /alert (?:bad certificate|certificate required|certificate unknown|certificate expired|certificate revoked|unknown ca|handshake failure|access denied)/i.test(
    log,
  )
}

/**
 * A token that cannot be fetched counts as refused credentials with librdkafka, whatever the reason: the number is the
 * status of HTTP, or -1 where there was no answer.
 */
export function isTokenEndpointFault(line: string): boolean {
  const status = /Failed to retrieve OIDC token from .* \((-?\d+)\)/s.exec(line)?.[1]
  return status !== undefined && !['400', '401', '403'].includes(status)
}

/** A line of librdkafka without its thread and timing, and with the names that rules use. */
export function inOurWords(line: string): string {
  const text = line
    .replace(/\[thrd:[^\]]*\]: /, '')
    .replace(/ \(after \d+ms in state .*\)/, '')
    .replace(/: broker certificate could not be verified.*/, '')
  return text.includes('certificate verify failed')
    ? `${text}. The certificate of the broker is not signed by an authority in ssl.truststore, or names another host.`
    : text
}
