import { z } from 'zod'
import { topicRulePayloadSchema } from '../rule/index.ts'
import { readErrors, writeErrors } from './errors.ts'
import { defineOperation, type Operation, type Resource } from './operation.ts'
import { pageSize } from './paging.ts'
import { MOST_LISTED, RuleDesk, type TopicRulesOptions } from './rule-desk.ts'

/** What AWS takes for `maxResults`; a page holds at most `MOST_LISTED`, which is also the default. */
const MOST_RESULTS = 10_000

const ruleName = z
  .string()
  .min(1)
  .max(128)
  .regex(/^[a-zA-Z0-9_]+$/, 'must be 1 to 128 letters, digits or underscores')
  .describe('Name of the rule.')
const named = z.strictObject({ ruleName })
const inPath = { ruleName: 'path' } as const
/** Checked by compiling it, which says more than a schema can; the schema is for its description. */
const payload = z
  .record(z.string(), z.unknown())
  .meta({ ...z.toJSONSchema(topicRulePayloadSchema, { io: 'input', unrepresentable: 'any' }) })
const epochSeconds = z.number().describe('Seconds since 1970.')

/** Topic rules. Source: https://docs.aws.amazon.com/iot/latest/apireference/API_CreateTopicRule.html and those beside it. */
export function topicRules(options: TopicRulesOptions): Resource {
  const desk = new RuleDesk(options)
  return {
    name: 'Topic rules',
    operations: [
      createTopicRule(desk),
      getTopicRule(desk),
      listTopicRules(desk),
      replaceTopicRule(desk),
      deleteTopicRule(desk),
      enableTopicRule(desk, true),
      enableTopicRule(desk, false),
    ],
  }
}

function createTopicRule(desk: RuleDesk): Operation {
  return defineOperation({
    name: 'CreateTopicRule',
    summary: 'Creates a rule; it is in force when the answer is given.',
    method: 'POST',
    path: '/rules/{ruleName}',
    permission: 'change',
    input: z.strictObject({
      ruleName,
      topicRulePayload: payload,
      tags: z.string().optional().describe('Tags as `Key1=Value1&Key2=Value2`.'),
    }),
    places: { ...inPath, topicRulePayload: 'payload', tags: { header: 'x-amz-tagging' } },
    output: undefined,
    errors: [...writeErrors, 'SqlParseException', 'ResourceAlreadyExistsException'],
    handle: (input, call) => desk.create(input.ruleName, input.topicRulePayload, input.tags, call),
  })
}

function getTopicRule(desk: RuleDesk): Operation {
  return defineOperation({
    name: 'GetTopicRule',
    summary: 'The rule as it was put, with its defaults.',
    method: 'GET',
    path: '/rules/{ruleName}',
    permission: 'read',
    input: named,
    places: inPath,
    output: z.object({
      ruleArn: z.string(),
      rule: z.looseObject({ ruleName, createdAt: epochSeconds, ruleDisabled: z.boolean() }),
    }),
    errors: readErrors,
    handle: (input, call) => desk.get(input.ruleName, call),
  })
}

function listTopicRules(desk: RuleDesk): Operation {
  return defineOperation({
    name: 'ListTopicRules',
    summary: 'The rules, by name, page by page.',
    method: 'GET',
    path: '/rules',
    permission: 'read',
    input: z.strictObject({
      topic: z.string().optional().describe('Only rules that a message to this topic would trigger.'),
      maxResults: pageSize(MOST_RESULTS, MOST_LISTED),
      nextToken: z.string().optional(),
      ruleDisabled: z
        .enum(['true', 'false'])
        .transform((text) => text === 'true')
        .optional()
        .describe('Only rules that are disabled, or only those that are not.'),
    }),
    places: { topic: 'query', maxResults: 'query', nextToken: 'query', ruleDisabled: 'query' },
    output: z.object({
      rules: z.array(
        z.object({
          ruleArn: z.string(),
          ruleName,
          topicPattern: z.string(),
          createdAt: epochSeconds,
          ruleDisabled: z.boolean(),
        }),
      ),
      nextToken: z.string().optional(),
    }),
    errors: readErrors,
    handle: (input) => desk.list(input),
  })
}

function replaceTopicRule(desk: RuleDesk): Operation {
  return defineOperation({
    name: 'ReplaceTopicRule',
    summary: 'Puts another rule in the place of one.',
    method: 'PATCH',
    path: '/rules/{ruleName}',
    permission: 'change',
    input: z.strictObject({ ruleName, topicRulePayload: payload }),
    places: { ...inPath, topicRulePayload: 'payload' },
    output: undefined,
    errors: [...writeErrors, 'SqlParseException'],
    handle: (input, call) => desk.replace(input.ruleName, input.topicRulePayload, call),
  })
}

function deleteTopicRule(desk: RuleDesk): Operation {
  return defineOperation({
    name: 'DeleteTopicRule',
    summary: 'Deletes a rule; that there is none is no error, as on AWS.',
    method: 'DELETE',
    path: '/rules/{ruleName}',
    permission: 'change',
    input: named,
    places: inPath,
    output: undefined,
    errors: writeErrors,
    handle: (input, call) => desk.remove(input.ruleName, call),
  })
}

function enableTopicRule(desk: RuleDesk, enabled: boolean): Operation {
  return defineOperation({
    name: enabled ? 'EnableTopicRule' : 'DisableTopicRule',
    summary: enabled ? 'Runs a rule again.' : 'Keeps a rule, but does not run it.',
    method: 'POST',
    path: `/rules/{ruleName}/${enabled ? 'enable' : 'disable'}`,
    permission: 'change',
    input: named,
    places: inPath,
    output: undefined,
    errors: writeErrors,
    handle: (input, call) => desk.enable(input.ruleName, enabled, call),
  })
}
