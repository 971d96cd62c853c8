import { z } from 'zod'
import { actionSpecs } from '../deliver/specs.ts'
import { sqlVersionNames } from '../sql/index.ts'
import { foreignSchemas } from './action-kinds.ts'

const MAX_DESCRIPTION = 512
/** Most actions of one rule. */
export const MAX_ACTIONS = 10
const MAX_NAME = 128

/** Names of rules. Source: https://docs.aws.amazon.com/iot/latest/apireference/API_CreateTopicRule.html */
export const ruleNameSchema = z
  .string()
  .min(1)
  .max(MAX_NAME)
  .regex(/^[a-zA-Z0-9_]*$/, 'may hold letters, digits and underscores only')

/** Every action kind of AWS: the ones run here whole, the others by their shape. */
const actionSchema = z
  .strictObject({
    ...Object.fromEntries(Object.values(actionSpecs).map((spec) => [spec.kind, spec.schema.optional()])),
    ...Object.fromEntries(Object.entries(foreignSchemas).map(([kind, schema]) => [kind, schema.optional()])),
  })
  .check(({ value, issues }) => {
    const kinds = Object.keys(value)
    if (kinds.length === 1) return
    const found = kinds.length === 0 ? 'none' : kinds.join(' and ')
    issues.push({
      code: 'custom',
      input: value,
      message: `must name exactly one kind of action, found ${found}`,
    })
  })

/**
 * The payload of a rule exactly as AWS documents it, and the extensions that begin with `x-`.
 * Source: https://docs.aws.amazon.com/iot/latest/apireference/API_TopicRulePayload.html
 */
export const topicRulePayloadSchema = z.strictObject({
  sql: z.string().min(1).describe('The SQL statement that selects messages and shapes their output.'),
  description: z.string().max(MAX_DESCRIPTION).optional().describe('Free text.'),
  actions: z.array(actionSchema).max(MAX_ACTIONS).describe('What to do with each selected message.'),
  ruleDisabled: z.boolean().default(false).describe('True keeps the rule but does not run it.'),
  awsIotSqlVersion: z
    .enum(sqlVersionNames)
    .default('2015-10-08')
    .describe('Version of the SQL language; AWS takes 2015-10-08 where it is left out.'),
  errorAction: actionSchema.optional().describe('What to do with a message for which an action failed.'),
  'x-ack': z
    .enum(['delivered', 'received'])
    .optional()
    .describe('Extension: acknowledge after every action settled, or on receipt as AWS does.'),
})

/** A rule payload as people write it. */
export type TopicRulePayload = z.input<typeof topicRulePayloadSchema>
