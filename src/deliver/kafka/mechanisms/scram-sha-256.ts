import { type MechanismSpec, textOf } from './mechanism.ts'

/** Salted challenge and response: the password itself never travels. RFC 7677. */
export const scramSha256: MechanismSpec = {
  name: 'SCRAM-SHA-256',
  extension: true,
  toLibrdkafka: (settings) => ({
    'sasl.mechanisms': 'SCRAM-SHA-256',
    'sasl.username': textOf(settings, 'sasl.scram.username'),
    'sasl.password': textOf(settings, 'sasl.scram.password'),
  }),
}
