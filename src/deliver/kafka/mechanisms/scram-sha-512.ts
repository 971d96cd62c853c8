import { type MechanismSpec, textOf } from './mechanism.ts'

/** Salted challenge and response: the password itself never travels. RFC 5802 with SHA-512. */
export const scramSha512: MechanismSpec = {
  name: 'SCRAM-SHA-512',
  extension: false,
  toLibrdkafka: (settings) => ({
    'sasl.mechanisms': 'SCRAM-SHA-512',
    'sasl.username': textOf(settings, 'sasl.scram.username'),
    'sasl.password': textOf(settings, 'sasl.scram.password'),
  }),
}
