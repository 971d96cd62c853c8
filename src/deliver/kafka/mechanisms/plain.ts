import { type MechanismSpec, textOf } from './mechanism.ts'

/** User name and password as they are, protected by TLS alone. RFC 4616. */
export const plain: MechanismSpec = {
  name: 'PLAIN',
  extension: false,
  toLibrdkafka: (settings) => ({
    'sasl.mechanisms': 'PLAIN',
    'sasl.username': textOf(settings, 'sasl.plain.username'),
    'sasl.password': textOf(settings, 'sasl.plain.password'),
  }),
}
