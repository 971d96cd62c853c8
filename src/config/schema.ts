import { z } from 'zod'
import { controlSchema } from './control-schema.ts'
import { deadLetterSchema } from './dead-letter-schema.ts'
import { destinationsSchema } from './destinations-schema.ts'
import { mqttSchema } from './mqtt-schema.ts'
import { publishSchema } from './publish-schema.ts'
import { secretsSchema } from './secrets-schema.ts'
import { servicesSchema } from './services-schema.ts'
import { sqlSchema } from './sql-schema.ts'
import { duration, size } from './units.ts'

const port = (fallback: number, description: string): z.ZodDefault<z.ZodInt> =>
  z.int().min(0).max(65_535).default(fallback).describe(description)

const account = z
  .strictObject({
    id: z
      .string()
      .regex(/^\d{12}$/, 'must have 12 digits')
      .default('000000000000')
      .describe('Account id that `accountid()` and ARNs show.'),
    region: z.string().min(1).default('local').describe('Region that ARNs show.'),
  })
  .prefault({})
  .describe('The AWS account that rules see.')

const rules = z
  .strictObject({
    directory: z
      .string()
      .min(1)
      .default('rules')
      .describe('Directory of rule documents (.json, .yaml, .yml), relative to the configuration file.'),
    watch: z.boolean().default(true).describe('Load rules again when their files change.'),
    skipUndeliverable: z
      .boolean()
      .default(true)
      .describe(
        'Leave out, with a warning, rules with an action that this product does not run; false refuses to start with one.',
      ),
    maxRepublishHops: z
      .int()
      .min(1)
      .max(32)
      .default(8)
      .describe('How often in a row a message may be republished; the next time fails, so that loops end.'),
    maxRepublished: z
      .int()
      .min(1)
      .max(10_000)
      .default(1_000)
      .describe('Messages that may be republished because of one published message, all rules together.'),
  })
  .prefault({})
  .describe('Where rules come from.')

const metrics = z
  .strictObject({
    host: z.string().default('127.0.0.1').describe('Address for GET /metrics alone.'),
    port: port(9090, 'Its port; 0 picks a free one.'),
  })
  .optional()
  .describe('Serves metrics on an address of their own instead of the control address.')

/** Kafka listeners and mechanisms beyond AWS's that an operator may allow. */
export const kafkaExtensions = [
  'PLAINTEXT',
  'SASL_PLAINTEXT',
  'SCRAM-SHA-256',
  'SSL_WITHOUT_KEYSTORE',
  'CLIENT_TUNING',
  'OAUTHBEARER',
] as const

const kafka = z
  .strictObject({
    embedded: z
      .boolean()
      .default(false)
      .describe(
        'Start a Kafka inside this process and send every record to it, whatever the rules say. It keeps nothing.',
      ),
    embeddedPort: port(
      0,
      'Loopback port for the embedded Kafka where the platform lets one be chosen; 0 picks a free one.',
    ),
    extensions: z
      .array(z.enum(kafkaExtensions))
      .default([])
      .describe("Kafka listeners, mechanisms and client properties beyond AWS's that rules may use."),
    storeDirectory: z
      .string()
      .min(1)
      .optional()
      .describe(
        'Directory of truststores and keystores that rules may name as `file:///name`. Without it rules can name no file.',
      ),
    acksWhenOmitted: z
      .enum(['-1', '0', '1', 'all'])
      .default('1')
      .describe('`acks` of a Kafka action that leaves it out; AWS has 1. The delivery promise needs `all`.'),
    deliveryTimeout: duration(
      '60s',
      'How long Kafka may take for a record of a rule with an error action, and for the record of the error action, before the one is failed to the other and the other is withheld. Rules without error action wait for ever.',
      { min: '1s' },
    ),
    pool: z
      .strictObject({
        maxProducers: z
          .int()
          .min(1)
          .default(64)
          .describe('Producers at a time; each distinct set of client properties needs one.'),
        idleTimeout: duration('10m', 'An unused producer is closed after this.', { min: '1s' }),
      })
      .prefault({})
      .describe('Producers are shared by the rules whose resolved client properties are equal.'),
  })
  .prefault({})
  .describe('Delivery to Kafka.')

const log = z
  .strictObject({
    level: z
      .enum(['debug', 'info', 'warn', 'error', 'silent'])
      .default('info')
      .describe('Least severe level that is written to stderr.'),
    format: z
      .enum(['json', 'pretty'])
      .default('json')
      .describe('One JSON object a line for machines, or text for people.'),
  })
  .prefault({})
  .describe('Log events, on stderr.')

/** The whole configuration: every key, its default and what it means. */
export const configSchema = z.strictObject({
  account,
  rules,
  ack: z
    .enum(['delivered', 'received'])
    .default('delivered')
    .describe(
      'When a message is acknowledged: after every matched action settled, or on receipt as AWS does. A rule may override it with `x-ack`.',
    ),
  mqtt: mqttSchema,
  publish: publishSchema,
  kafka,
  deadLetter: deadLetterSchema,
  destinations: destinationsSchema,
  secrets: secretsSchema,
  services: servicesSchema,
  sql: sqlSchema,
  control: controlSchema,
  metrics,
  log,
  heldBytes: size(
    '256MiB',
    'Bound on the bytes held for messages that have not settled, over all connections.',
    { min: '1MiB' },
  ),
  dataDirectory: z
    .string()
    .min(1)
    .default('data')
    .describe('Directory for what must survive a crash (MQTT sessions); created with mode 0700.'),
  shutdownDeadline: duration('30s', 'How long a stop waits for messages in flight.'),
})

export type Config = z.output<typeof configSchema>
