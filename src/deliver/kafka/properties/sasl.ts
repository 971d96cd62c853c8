import { kdcFault, principalFault, realmFault, serviceNameFault } from '../kerberos/names.ts'
import { mechanisms } from '../mechanisms/index.ts'
import { type ClientPropertySpec, defineProperty, type PropertyCondition } from './property.ts'

const SASL_PROTOCOLS = ['SASL_SSL', 'SASL_PLAINTEXT']

export const saslMechanism = defineProperty({
  name: 'sasl.mechanism',
  summary: 'How the client proves who it is.',
  values: mechanisms.filter((mechanism) => !mechanism.extension).map((mechanism) => mechanism.name),
  extensions: mechanisms.filter((mechanism) => mechanism.extension).map((mechanism) => mechanism.name),
  usedWith: { protocols: SASL_PROTOCOLS },
  required: true,
  becomes: ['sasl.mechanisms'],
})

const plain: PropertyCondition = { protocols: SASL_PROTOCOLS, mechanisms: ['PLAIN'] }
const scram: PropertyCondition = { protocols: SASL_PROTOCOLS, mechanisms: ['SCRAM-SHA-512', 'SCRAM-SHA-256'] }
const kerberos: PropertyCondition = { protocols: SASL_PROTOCOLS, mechanisms: ['GSSAPI'] }

export const saslCredentials: readonly ClientPropertySpec[] = [
  credential('sasl.plain.username', 'User name for PLAIN.', plain, 'sasl.username'),
  { ...credential('sasl.plain.password', 'Password for PLAIN.', plain, 'sasl.password'), secret: true },
  credential('sasl.scram.username', 'User name for SCRAM.', scram, 'sasl.username'),
  { ...credential('sasl.scram.password', 'Password for SCRAM.', scram, 'sasl.password'), secret: true },
  { ...credential('sasl.kerberos.keytab', 'Keytab for Kerberos.', kerberos), secret: true },
  {
    ...credential('sasl.kerberos.service.name', 'Kerberos principal name under which Kafka runs.', kerberos),
    fault: serviceNameFault,
  },
  {
    ...credential(
      'sasl.kerberos.krb5.kdc',
      'Key distribution centers: host or host:port, several separated by commas.',
      kerberos,
    ),
    fault: kdcFault,
  },
  { ...credential('sasl.kerberos.krb5.realm', 'Kerberos realm.', kerberos), fault: realmFault },
  {
    ...credential('sasl.kerberos.principal', 'Kerberos identity of the client.', kerberos),
    fault: principalFault,
  },
  ...mechanisms.flatMap(({ properties = [] }) => properties),
]

function credential(
  name: string,
  summary: string,
  usedWith: PropertyCondition,
  ...becomes: string[]
): ClientPropertySpec {
  return defineProperty({
    name,
    summary,
    usedWith,
    required: true,
    templated: true,
    becomes,
    fault: (value) => (value.includes('\0') ? 'contains a NUL character' : undefined),
  })
}
