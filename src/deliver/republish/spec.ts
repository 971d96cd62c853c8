import { z } from 'zod'
import { type Diagnostic } from '../../errors.ts'
import { type ActionSpec, isTemplate, type TemplatedField } from '../action.ts'
import { singleHeaderFields, singleHeaderFault } from './headers.ts'

const HEADER_LIMIT = 1024

const text = (description: string): z.ZodOptional<z.ZodString> =>
  z.string().max(HEADER_LIMIT).optional().meta({ description })

const userProperty = z.strictObject({
  key: z.string().max(HEADER_LIMIT).meta({ description: 'Name of the property; may hold templates.' }),
  value: z.string().max(HEADER_LIMIT).meta({ description: 'Its value; may hold templates.' }),
})

const headers = z.strictObject({
  payloadFormatIndicator: text('UNSPECIFIED_BYTES or UTF8_DATA; may hold templates.'),
  contentType: text('Content type; may hold templates.'),
  responseTopic: text('Response topic; may hold templates.'),
  correlationData: text('Correlation data in base64; may hold templates.'),
  messageExpiry: text('Whole seconds until the message expires; may hold templates.'),
  userProperties: z
    .array(userProperty)
    .min(1)
    .max(100)
    .optional()
    .meta({ description: 'MQTT 5 user properties, in order.' }),
})

const schema = z.strictObject({
  roleArn: z.string().min(1).max(2048).meta({ description: 'ARN of a role; AWS requires it.' }),
  topic: z.string().min(1).meta({ description: 'MQTT topic; may hold templates; $$ at its start means $.' }),
  qos: z.literal([0, 1]).optional().meta({ description: '0 or 1; 0 when left out.' }),
  headers: headers.optional().meta({ description: 'MQTT 5 properties of the message.' }),
})

export type RepublishActionDocument = z.infer<typeof schema>

/**
 * AWS takes no template in `qos` and `roleArn`.
 * Source: https://docs.aws.amazon.com/iot/latest/apireference/API_MqttHeaders.html
 */
export const republishAction: ActionSpec<RepublishActionDocument> = {
  kind: 'republish',
  summary: 'Publishes the message to another MQTT topic, for the rules that select it there.',
  source: 'https://docs.aws.amazon.com/iot/latest/developerguide/republish-rule-action.html',
  schema,
  templatedFields,
  check,
}

/** The topic first, then the headers in the order of the AWS reference, then each user property's key and value. */
function templatedFields({ topic, headers: given }: RepublishActionDocument): readonly TemplatedField[] {
  const fields: TemplatedField[] = [topicField(topic)]
  for (const name of singleHeaderFields) {
    const template = given?.[name]
    if (template !== undefined) fields.push({ path: `headers.${name}`, template, renderedPer: 'message' })
  }
  for (const [index, { key, value }] of (given?.userProperties ?? []).entries()) {
    const path = `headers.userProperties[${index}]`
    fields.push({ path: `${path}.key`, template: key, renderedPer: 'message' })
    fields.push({ path: `${path}.value`, template: value, renderedPer: 'message' })
  }
  return fields
}

/** `$$` at the start of a reserved topic stands for `$`; in `$${…}` the second `$` belongs to the tag. */
function topicField(topic: string): TemplatedField {
  const isReserved = topic.startsWith('$$') && !topic.startsWith('$${')
  if (!isReserved) return { path: 'topic', template: topic, renderedPer: 'message' }
  return { path: 'topic', template: topic.slice(1), dropped: 1, renderedPer: 'message' }
}

function check({ topic, headers: given }: RepublishActionDocument): readonly Diagnostic[] {
  const found: Diagnostic[] = []
  for (const name of singleHeaderFields) {
    const value = given?.[name]
    const message = value === undefined || isTemplate(value) ? undefined : singleHeaderFault(name, value)
    if (message !== undefined)
      found.push({ code: 'REPUBLISH_FIELD_INVALID', severity: 'error', path: `headers.${name}`, message })
  }
  if (/^\$(?![${])/.test(topic)) {
    const message = `The topic begins with a single "$"; AWS wants "$$" before the name of a reserved topic.`
    found.push({ code: 'REPUBLISH_RESERVED_TOPIC', severity: 'warning', path: 'topic', message })
  }
  return found
}
