import { z } from 'zod'
import { type SchemaNode } from '../config/index.ts'

const anything = (description: string): z.ZodOptional<z.ZodUnknown> =>
  z.unknown().optional().describe(description)
const text = (description: string): z.ZodOptional<z.ZodString> => z.string().optional().describe(description)
const place = z
  .int()
  .min(0)
  .optional()
  .describe('Place in `actions`, from 0; left out, the first action of its kind.')

const header = z.strictObject({ key: z.string(), value: z.string() })

const userProperties = z
  .union([z.record(z.string(), z.string()), z.array(header)])
  .optional()
  .describe('MQTT 5 user properties: keys and values, or a list of `{key, value}` where a key repeats.')

const answer = z.strictObject({
  args: z
    .array(z.unknown())
    .optional()
    .describe('The arguments it answers, from the first on; left out, it answers every call.'),
  result: anything('What the function returns: any JSON.'),
  error: text('Why the call fails; instead of `result`.'),
})

const services = z
  .record(z.string(), z.union([answer, z.array(answer)]))
  .optional()
  .describe(
    'Answers of `aws_lambda`, `get_thing_shadow`, `get_dynamodb`, `get_registry_data`, `machinelearning_predict` or `get_secret`, by the name of the function: one, or a list of which the first that fits is taken.',
  )

/** What a case may have, and `defaults` for all cases. */
const message = {
  payload: anything(
    'The payload. A text is sent as it stands; any other JSON as compact JSON with its numbers as written. Empty when left out.',
  ),
  payloadBase64: text('The payload as base64, instead of `payload`.'),
  payloadFile: text('A file that holds the payload, relative to the test file, instead of `payload`.'),
  clientId: text('What `clientid()` returns.'),
  principal: text('What `principal()` returns.'),
  sourceIp: text('What `sourceip()` returns.'),
  userProperties,
  contentType: text('MQTT 5 property, for `get_mqtt_property`.'),
  responseTopic: text('MQTT 5 property, for `get_mqtt_property`.'),
  correlationData: text('MQTT 5 property in base64, for `get_mqtt_property`.'),
  payloadFormatIndicator: z
    .union([z.literal(0), z.literal(1)])
    .optional()
    .describe('MQTT 5 property.'),
  messageExpiryInterval: z
    .int()
    .min(0)
    .optional()
    .describe('MQTT 5 property in seconds; no rule can see it.'),
  qos: z
    .union([z.literal(0), z.literal(1), z.literal(2)])
    .optional()
    .describe('QoS of the message; no rule can see it.'),
  timestamp: z
    .union([z.int().min(0), z.string()])
    .optional()
    .describe(
      'The clock: milliseconds since 1970, or a time such as `2026-01-01T00:00:00Z`, which it is when left out.',
    ),
  seed: z.int().optional().describe('Seed of `rand()` and `newuuid()`; 0 when left out.'),
  traceId: text('What `traceid()` returns; zeroes when left out.'),
  accountId: text('What `accountid()` returns; `000000000000` when left out.'),
  secrets: z
    .record(z.string(), z.unknown())
    .optional()
    .describe(
      'Secrets for `get_secret`, by their id: a text, or JSON whose members the third argument of the function names.',
    ),
  services,
  failing: z
    .array(z.int().min(0))
    .optional()
    .describe('Places in `actions` of those whose delivery fails, as when Kafka cannot be reached.'),
}

const kafka = z.strictObject({
  action: place,
  topic: text('Topic of the record.'),
  key: z.string().nullable().optional().describe('Key of the record; null for none.'),
  partition: z
    .int()
    .nullable()
    .optional()
    .describe('Partition of the record; null where the partitioner chooses it.'),
  headers: z
    .union([z.record(z.string(), z.string()), z.array(header)])
    .optional()
    .describe('Headers the record must have, or as a list of `{key, value}` all of them in their order.'),
  value: anything('Value of the record as JSON.'),
  valueText: text('Value of the record as text, character by character.'),
  valueBase64: text('Value of the record as base64.'),
})

const republish = z.strictObject({
  action: place,
  topic: text('Topic the message is published to.'),
  qos: z.union([z.literal(0), z.literal(1)]).optional(),
  payload: anything('Its payload as JSON.'),
  payloadText: text('Its payload as text, character by character.'),
  payloadBase64: text('Its payload as base64.'),
  contentType: text('MQTT 5 property.'),
  responseTopic: text('MQTT 5 property.'),
  correlationData: text('MQTT 5 property in base64.'),
  payloadFormatIndicator: z.enum(['UNSPECIFIED_BYTES', 'UTF8_DATA']).optional().describe('MQTT 5 property.'),
  messageExpiry: z.int().optional().describe('Seconds.'),
  userProperties: z
    .union([z.record(z.string(), z.string()), z.array(header)])
    .optional()
    .describe('User properties it must have, or as a list of `{key, value}` all of them in their order.'),
})

const failure = z.strictObject({
  code: text('Its code, such as KAFKA_FIELD_UNDEFINED.'),
  message: text('A part of its message.'),
  action: text('What failed: `kafka[0]`, `republish[1]`, or the name of a function.'),
})

const expectation = z.strictObject({
  output: anything(
    'What SELECT yields, as JSON. Numbers are equal by their exact value (10, 10.0 and 1e1 are), the order of properties is free.',
  ),
  outputText: text('What SELECT yields, character by character.'),
  outputBase64: text('What SELECT yields, as base64.'),
  kafka: z
    .union([kafka, z.array(kafka.nullable())])
    .optional()
    .describe(
      'The record of the Kafka action, or a list with one entry for each Kafka action in their order, null for one that sends nothing. Only what is named is compared.',
    ),
  republish: z
    .union([republish, z.array(republish.nullable())])
    .optional()
    .describe('The message of the republish action, likewise.'),
  errorAction: z
    .union([z.boolean(), z.strictObject({ kafka: kafka.optional(), republish: republish.optional() })])
    .optional()
    .describe('What the error action sends; true for anything, false when it must not run.'),
  noMatch: z
    .union([z.literal(true), z.enum(['topic', 'where'])])
    .optional()
    .describe('The rule does not select the message, because of the topic or of WHERE.'),
  error: z
    .union([z.string(), failure])
    .optional()
    .describe('What fails, by its code, or by code, a part of the message, and the action.'),
  explain: z
    .strictObject({
      contains: z
        .union([z.string(), z.array(z.string())])
        .describe(
          'Texts that the explanation of the evaluation must contain; white space counts as one space.',
        ),
    })
    .optional(),
})

const testCase = z.strictObject({
  name: text('What the case shows; the topic when left out.'),
  rule: text('Name of the rule, where the file is for several.'),
  skip: z.boolean().optional().describe('Counted, but not run.'),
  topic: z.string().min(1).optional().describe('The topic published to, here or in `defaults`.'),
  ...message,
  expect: expectation.optional().describe('What the rule makes of the message; `--update` writes it.'),
})

/** A test file. `docs/reference/test-files.md` and its JSON Schema are made from it. */
export const testFileSchema = z.strictObject({
  $schema: text('JSON Schema of this file, for editors.'),
  rule: z
    .union([z.string(), z.array(z.string())])
    .optional()
    .describe(
      'File of the rule, or of several, relative to the test file; left out, `R.json`, `R.yaml` or `R.yml` beside `R.test.yaml`. `rules.json#name` takes one rule out of a file of several.',
    ),
  sql: text('A statement to test by itself, instead of `rule`.'),
  awsIotSqlVersion: text('Version of the statement in `sql`; 2016-03-23 when left out.'),
  defaults: z
    .strictObject({ topic: z.string().min(1).optional().describe('The topic published to.'), ...message })
    .optional()
    .describe('What every case has that does not say otherwise; secrets and services are taken together.'),
  cases: z.array(testCase).min(1).describe('The cases.'),
})

export type TestFileData = z.infer<typeof testFileSchema>
export type CaseData = z.infer<typeof testCase>
export type ExpectationData = z.infer<typeof expectation>
export type KafkaData = z.infer<typeof kafka>
export type RepublishData = z.infer<typeof republish>

/** JSON Schema of test files, for editors. */
export function testFileJsonSchema(): SchemaNode {
  const schema = z.toJSONSchema(testFileSchema, { io: 'input' }) as SchemaNode
  return { title: 'Tests of a rule of topicrule', ...schema } as SchemaNode
}
