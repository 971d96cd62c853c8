import { z } from 'zod'
import { type Diagnostic } from '../../errors.ts'
import { type ActionSpec, type DeliverPolicy, isTemplate, type TemplatedField } from '../action.ts'
import { checkDestination } from './destination/index.ts'
import { checkProperties, clientProperties, propertyPath } from './properties/index.ts'
import { headerFault, parsePartition, partitionFault, topicFault } from './record.ts'

const header = z.strictObject({
  key: z.string().max(16_384).meta({ description: 'Header key; may hold templates.' }),
  value: z.string().max(16_384).meta({ description: 'Header value; may hold templates.' }),
})

const schema = z.strictObject({
  destinationArn: z
    .string()
    .min(1)
    .max(2048)
    .optional()
    .meta({ description: 'ARN of the rule destination.' }),
  topic: z.string().min(1).meta({ description: 'Kafka topic; may hold templates.' }),
  clientProperties: z
    .record(z.string(), z.string())
    .meta({ description: 'Properties of the producer client.' }),
  key: z.string().optional().meta({ description: 'Record key; may hold templates.' }),
  partition: z.string().optional().meta({ description: 'Partition number; may hold templates.' }),
  headers: z.array(header).min(1).max(100).optional().meta({ description: 'Record headers, in order.' }),
})

export type KafkaActionDocument = z.infer<typeof schema>

export const kafkaAction: ActionSpec<KafkaActionDocument> = {
  kind: 'kafka',
  summary: 'Sends the message to a topic of Apache Kafka.',
  source: 'https://docs.aws.amazon.com/iot/latest/developerguide/apache-kafka-rule-action.html',
  schema,
  templatedFields,
  check,
}

/** Topic first, then partition, key and each header's key and value; then the client properties that AWS names. */
function templatedFields(document: KafkaActionDocument): readonly TemplatedField[] {
  const fields: TemplatedField[] = [{ path: 'topic', template: document.topic, renderedPer: 'message' }]
  const add = (path: string, template: string | undefined): void => {
    if (template !== undefined) fields.push({ path, template, renderedPer: 'message' })
  }
  add('partition', document.partition)
  add('key', document.key)
  for (const [index, { key, value }] of (document.headers ?? []).entries()) {
    add(`headers[${index}].key`, key)
    add(`headers[${index}].value`, value)
  }
  for (const { name, templated } of clientProperties) {
    const template = document.clientProperties[name]
    if (templated === true && template !== undefined) {
      fields.push({ path: propertyPath(name), template, renderedPer: 'sender' })
    }
  }
  return fields
}

function check(document: KafkaActionDocument, policy: DeliverPolicy): readonly Diagnostic[] {
  const found: Diagnostic[] = [
    ...checkProperties(document.clientProperties, policy, { rendered: false }),
    ...checkAcks(document, policy),
    ...checkDestination(
      document.destinationArn,
      document.clientProperties['bootstrap.servers'],
      policy.destinations,
    ),
  ]
  const refuse = (path: string, message: string | undefined): void => {
    if (message !== undefined) found.push({ code: 'KAFKA_FIELD_INVALID', severity: 'error', path, message })
  }
  if (!isTemplate(document.topic)) refuse('topic', topicFault(document.topic))
  const { partition } = document
  if (partition !== undefined && !isTemplate(partition) && parsePartition(partition) < 0) {
    refuse('partition', partitionFault(partition))
  }
  for (const [index, { key, value }] of (document.headers ?? []).entries()) {
    refuse(`headers[${index}].key`, isTemplate(key) ? undefined : headerFault('key', key))
    refuse(`headers[${index}].value`, isTemplate(value) ? undefined : headerFault('value', value))
  }
  if (policy.destinations === undefined) found.push(...checkArn(document.destinationArn))
  return found
}

const DESTINATION_ARN = /^arn:[\w-]+:iot:[^:]*:[^:]*:ruledestination\/[^$]+$/

/** The server takes any name for a destination; AWS wants the ARN of one. */
function checkArn(arn: string | undefined): Diagnostic[] {
  if (arn !== undefined && DESTINATION_ARN.test(arn)) return []
  const place = { severity: 'warning', path: 'destinationArn' } as const
  if (arn === undefined) {
    const message = 'AWS requires destinationArn; without it this rule runs here only.'
    return [{ code: 'KAFKA_DESTINATION_OMITTED', ...place, message }]
  }
  const message = `destinationArn is ${JSON.stringify(arn.slice(0, 80))}; AWS takes only the ARN of a rule destination.`
  return [{ code: 'KAFKA_DESTINATION_ARN', ...place, message }]
}

function checkAcks(document: KafkaActionDocument, policy: DeliverPolicy): Diagnostic[] {
  const given = document.clientProperties['acks']
  const path = propertyPath('acks')
  if (given === '0') {
    const message = 'acks is 0: no broker confirms a record, so an acknowledged message can be lost.'
    return [{ code: 'KAFKA_ACKS_WEAK', severity: 'warning', path, message }]
  }
  if (given !== undefined || policy.acksWhenOmitted === 'all' || policy.acksWhenOmitted === '-1') return []
  const message = `acks is left out and counts as ${policy.acksWhenOmitted}: an acknowledged message can be lost with a broker. Set it to "all".`
  return [{ code: 'KAFKA_ACKS_OMITTED', severity: 'warning', path, message }]
}
