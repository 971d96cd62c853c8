import { z } from 'zod'
import { type RuleStore, type StoredDocument } from '../store/index.ts'
import { type Account, ruleOfArn } from './arn.ts'
import { ControlError, invalid } from './errors.ts'
import { type Call, defineOperation, type Resource } from './operation.ts'
import { MAX_TAGS, type Tags, tagLimits } from './tagging.ts'
import { type Rules } from './rule-desk.ts'
import { refusedWrite } from './write.ts'

export interface TagsOptions {
  readonly account: Account
  readonly store: RuleStore
  readonly rules: Rules
}

const resourceArn = z.string().min(1).max(2_048).describe('ARN of a topic rule.')
const tagKey = z.string().min(1).max(128)
const tag = z.strictObject({ Key: tagKey, Value: z.string().max(256).default('') })
const MOST_IN_REQUEST = 200
const errors = [
  'InvalidRequestException',
  'InternalFailureException',
  'ResourceNotFoundException',
  'ThrottlingException',
] as const

/** Tags of topic rules. Source: https://docs.aws.amazon.com/iot/latest/apireference/API_TagResource.html */
export function tags(options: TagsOptions): Resource {
  const desk = new TagDesk(options)
  return {
    name: 'Tags',
    operations: [
      defineOperation({
        name: 'TagResource',
        summary: 'Adds tags, or gives them other values.',
        method: 'POST',
        path: '/tags',
        permission: 'change',
        input: z.strictObject({ resourceArn, tags: z.array(tag).max(MOST_IN_REQUEST) }),
        places: {},
        output: z.object({}),
        errors: [...errors, 'LimitExceededException'],
        handle: (input, call) =>
          desk.change(input.resourceArn, call, (own) => ({
            ...own,
            ...Object.fromEntries(input.tags.map(({ Key, Value }) => [Key, Value])),
          })),
      }),
      defineOperation({
        name: 'UntagResource',
        summary: 'Takes tags away; that there is none is no error.',
        method: 'POST',
        path: '/untag',
        permission: 'change',
        input: z.strictObject({ resourceArn, tagKeys: z.array(tagKey).max(MOST_IN_REQUEST) }),
        places: {},
        output: z.object({}),
        errors,
        handle: (input, call) =>
          desk.change(input.resourceArn, call, (own) =>
            Object.fromEntries(Object.entries(own).filter(([key]) => !input.tagKeys.includes(key))),
          ),
      }),
      defineOperation({
        name: 'ListTagsForResource',
        summary: 'The tags, all on one page.',
        method: 'GET',
        path: '/tags',
        permission: 'read',
        input: z.strictObject({ resourceArn, nextToken: z.string().optional() }),
        places: { resourceArn: 'query', nextToken: 'query' },
        output: z.object({ tags: z.array(z.object({ Key: z.string(), Value: z.string() })) }),
        errors,
        handle: ({ resourceArn: wanted, nextToken }) => {
          if (nextToken !== undefined) throw invalid('nextToken is not one that this server has given.')
          return { tags: desk.list(wanted) }
        },
      }),
    ],
  }
}

class TagDesk {
  readonly #options: TagsOptions

  constructor(options: TagsOptions) {
    this.#options = options
  }

  list(arn: string): { Key: string; Value: string }[] {
    const { tags: own } = this.#options.store.stateOf(this.#find(arn))
    return Object.entries(own).map(([Key, Value]) => ({ Key, Value }))
  }

  async change(arn: string, call: Call, edit: (own: Tags) => Tags): Promise<Record<string, never>> {
    const { store } = this.#options
    const document = this.#find(arn)
    const before = store.stateOf(document).tags
    const after = edit(before)
    const count = Object.keys(after).length
    if (count > MAX_TAGS)
      throw new ControlError(
        'LimitExceededException',
        `There would be ${count} tags; the most is ${MAX_TAGS}.`,
      )
    const fault = tagLimits(after)
    if (fault !== undefined) throw invalid(fault)
    const result = await store.tag(document, after)
    if (!result.ok) throw refusedWrite(result)
    await call.audit(arn, { tags: before }, { tags: after })
    return {}
  }

  #find(arn: string): StoredDocument {
    const { account, rules } = this.#options
    if (!arn.startsWith('arn:')) throw invalid('resourceArn is no ARN.')
    const name = ruleOfArn(account, arn)
    const document = name === undefined ? undefined : rules.documentOf(name)
    if (document !== undefined) return document
    throw new ControlError('ResourceNotFoundException', `There is no topic rule ${arn.slice(0, 300)}.`)
  }
}
