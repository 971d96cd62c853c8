import { nearest } from '../../../nearest.ts'

/** Properties of Kafka's Java client that people bring along, and what stands for them here. */
const INSTEAD: Readonly<Record<string, string>> = {
  'ssl.truststore.location': 'give the store itself in ssl.truststore',
  'ssl.truststore.certificates': 'give them in ssl.truststore',
  'ssl.truststore.type': 'the format of ssl.truststore is found out',
  'ssl.keystore.location': 'give the store itself in ssl.keystore',
  'ssl.keystore.certificate.chain': 'give it in ssl.keystore together with the key',
  'ssl.keystore.key': 'give it in ssl.keystore together with the certificates',
  'ssl.keystore.type': 'the format of ssl.keystore is found out',
  'ssl.endpoint.identification.algorithm': 'the host name of a broker is always verified',
  'sasl.jaas.config':
    'give user name and password in sasl.plain.* or sasl.scram.*, or Kerberos in sasl.kerberos.*',
  'sasl.login.callback.handler.class': 'the mechanism alone decides',
  'transactional.id': 'transactions are not used',
  'buffer.memory': 'the bound of bytes held is heldBytes of the configuration',
  retries: 'a record is sent again until Kafka has it',
  'max.in.flight.requests.per.connection': 'enable.idempotence decides',
  'partitioner.class': 'keys choose the partition as in the Java client',
}

/** What to say of a property that does not exist: what stands for it, or the nearest name that exists. */
export function insteadOf(
  name: string,
  known: readonly string[],
): { readonly text: string; readonly hint?: string } {
  const reason = Object.hasOwn(INSTEAD, name.toLowerCase()) ? INSTEAD[name.toLowerCase()] : undefined
  if (reason !== undefined) return { text: `: ${reason}.` }
  const near = nearest(name, known)
  return near === undefined ? { text: '.' } : { text: '.', hint: `Did you mean "${near}"?` }
}
