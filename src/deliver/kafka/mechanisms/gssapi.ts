import { type MechanismSpec, textOf } from './mechanism.ts'

/**
 * Kerberos. Tickets are fetched by us and not by librdkafka, which would hand its command line to a shell.
 * Source: https://github.com/confluentinc/librdkafka/blob/master/CONFIGURATION.md (sasl.kerberos.*)
 */
export const gssapi: MechanismSpec = {
  name: 'GSSAPI',
  extension: false,
  toLibrdkafka: (settings) => ({
    'sasl.mechanisms': 'GSSAPI',
    'sasl.kerberos.service.name': textOf(settings, 'sasl.kerberos.service.name'),
    'sasl.kerberos.principal': textOf(settings, 'sasl.kerberos.principal'),
    // 0: librdkafka leaves the ticket alone.
    'sasl.kerberos.min.time.before.relogin': '0',
  }),
}
