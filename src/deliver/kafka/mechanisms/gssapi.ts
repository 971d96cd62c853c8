import { type MechanismSpec } from './mechanism.ts'

/** Kerberos: known by name so that its properties are checked, refused because its identity is process-wide. */
export const gssapi: MechanismSpec = {
  name: 'GSSAPI',
  extension: false,
  notDeliverable:
    'sasl.mechanism GSSAPI (Kerberos) cannot be delivered by this release; use SCRAM-SHA-512 or PLAIN, or SSL with a client certificate.',
  toLibrdkafka: () => ({}),
}
