import { findMask, MASK, seesSecrets } from '../access/index.ts'
import { whyUnmatched } from '../match/index.ts'
import { type CompiledRule, type CompileResult } from '../rule/index.ts'
import { payloadOf, type RuleStore, type StoredDocument, type WriteResult } from '../store/index.ts'
import { type Account, ruleArn } from './arn.ts'
import { refusedDocument } from './diagnose.ts'
import { ControlError, invalid } from './errors.ts'
import { type Call } from './operation.ts'
import { pageOf } from './paging.ts'
import { parseTagging, tagLimits } from './tagging.ts'
import { refusedWrite } from './write.ts'

/** What the rules in force tell about the documents of the store. */
export interface Rules {
  /** Compiles a document as it would be stored. */
  prepare(name: string, document: object): CompileResult
  /** The document that counts for a name. */
  documentOf(name: string): StoredDocument | undefined
  /** What a document last compiled to. */
  ruleOf(document: StoredDocument): CompiledRule | undefined
}

export interface TopicRulesOptions {
  readonly account: Account
  readonly store: RuleStore
  readonly rules: Rules
  /** Why a destination cannot be used by a new rule, or undefined when it can. */
  readonly destinationFault: (arn: string) => string | undefined
  /** A rule without its secrets, for callers who may not see them. */
  readonly mask: (payload: unknown) => unknown
  /** Whether rules may be stored with actions that are not run here. */
  readonly takesUndeliverable: boolean
}

/** Most rules on a page: one of 10,000 would keep the message path waiting for 100 ms. */
export const MOST_LISTED = 1_000
const DEFAULT_VERSION = '2015-10-08'

interface ListInput {
  readonly topic?: string | undefined
  readonly maxResults: number
  readonly nextToken?: string | undefined
  readonly ruleDisabled?: boolean | undefined
}

/** What the operations on topic rules do. */
export class RuleDesk {
  readonly #options: TopicRulesOptions

  constructor(options: TopicRulesOptions) {
    this.#options = options
  }

  async create(name: string, given: object, tagging: string | undefined, call: Call): Promise<undefined> {
    const { store, account } = this.#options
    const tags = parseTagging(tagging ?? '')
    const fault = tagLimits(tags)
    if (fault !== undefined) throw invalid(fault)
    const arn = ruleArn(account, name)
    if (this.#options.rules.documentOf(name) !== undefined) {
      const message = `A topic rule named ${name} exists already.`
      throw new ControlError('ResourceAlreadyExistsException', message, {
        resourceId: name,
        resourceArn: arn,
      })
    }
    this.#check(name, given, { ruleName: name, topicRulePayload: given })
    const result = await store.create(name, given, { tags })
    this.#settle(result, call, { resourceId: name, resourceArn: arn })
    await call.audit(arn, undefined, given)
    return undefined
  }

  get(name: string, call: Call): { ruleArn: string; rule: Record<string, unknown> & RuleHead } {
    const { document, payload: stored } = this.#find(name)
    const { createdAt, revision } = this.#options.store.stateOf(document)
    call.tell(revision)
    const rule = (seesSecrets(call.caller.role) ? stored : this.#options.mask(stored)) as Record<
      string,
      unknown
    >
    return {
      ruleArn: ruleArn(this.#options.account, name),
      rule: {
        ruleName: name,
        ...rule,
        createdAt: seconds(createdAt),
        ruleDisabled: stored['ruleDisabled'] === true,
        awsIotSqlVersion: stored['awsIotSqlVersion'] ?? DEFAULT_VERSION,
      },
    }
  }

  list({ topic, maxResults, nextToken, ruleDisabled }: ListInput): { rules: Listed[]; nextToken?: string } {
    const { store, rules, account } = this.#options
    const most = Math.min(maxResults, MOST_LISTED)
    const page = pageOf('rules', store.names(), nextToken, most, (name) => {
      const document = rules.documentOf(name)
      const stored = document && payloadOf(document.document)
      if (document === undefined || stored === undefined) return undefined
      const isDisabled = stored['ruleDisabled'] === true
      const topicPattern = rules.ruleOf(document)?.topicFilter ?? ''
      if (ruleDisabled !== undefined && isDisabled !== ruleDisabled) return undefined
      if (topic !== undefined && !isTriggered(topicPattern, topic)) return undefined
      const createdAt = seconds(store.stateOf(document).createdAt)
      return {
        ruleArn: ruleArn(account, name),
        ruleName: name,
        topicPattern,
        createdAt,
        ruleDisabled: isDisabled,
      }
    })
    return {
      rules: [...page.items],
      ...(page.nextToken !== undefined && { nextToken: page.nextToken }),
    }
  }

  async replace(name: string, given: object, call: Call): Promise<undefined> {
    const { document, payload: before } = this.#find(name)
    this.#check(name, given, { ruleName: name, topicRulePayload: given })
    await this.#replace(name, document, before, given, call)
    return undefined
  }

  async enable(name: string, enabled: boolean, call: Call): Promise<undefined> {
    const { document, payload: before } = this.#find(name)
    if ((before['ruleDisabled'] === true) !== enabled) return undefined
    await this.#replace(name, document, before, { ...before, ruleDisabled: !enabled }, call)
    return undefined
  }

  async remove(name: string, call: Call): Promise<undefined> {
    const { store, rules, account } = this.#options
    const document = rules.documentOf(name)
    if (document === undefined) return undefined
    const result = await store.remove(document, { revision: call.revision })
    if (!result.ok) throw refusedWrite(result)
    await call.audit(ruleArn(account, name), payloadOf(document.document), undefined)
    return undefined
  }

  async #replace(
    name: string,
    document: StoredDocument,
    before: object,
    given: object,
    call: Call,
  ): Promise<void> {
    const result = await this.#options.store.replace(document, given, { revision: call.revision })
    this.#settle(result, call)
    await call.audit(ruleArn(this.#options.account, name), before, given)
  }

  #settle(result: WriteResult, call: Call, members?: Readonly<Record<string, string>>): void {
    if (!result.ok) throw refusedWrite(result, members)
    call.tell(result.state.revision)
  }

  /** @throws ControlError that says everything that is wrong with a rule that is to be stored */
  #check(name: string, given: object, document: object): void {
    const { rules, takesUndeliverable, destinationFault } = this.#options
    const masked = findMask(given)
    if (masked !== undefined)
      throw invalid(`${masked} is ${MASK}, which stands for a secret where it is not shown; put the secret.`)
    const result = rules.prepare(name, document)
    if (!result.ok) throw refusedDocument(result.diagnostics)
    const { rule, warnings } = result
    if (!rule.deliverable && !takesUndeliverable) {
      const errors = warnings.filter(({ code }) => code.endsWith('_NOT_DELIVERABLE'))
      throw refusedDocument(errors.map((warning) => ({ ...warning, severity: 'error' })))
    }
    for (const arn of destinationsOf(given)) {
      const fault = destinationFault(arn)
      if (fault !== undefined) throw invalid(fault)
    }
  }

  /** What AWS answers for a rule that is not there tells it from one that the caller may not see by nothing. */
  #find(name: string): { document: StoredDocument; payload: Readonly<Record<string, unknown>> } {
    const document = this.#options.rules.documentOf(name)
    const stored = document && payloadOf(document.document)
    if (document !== undefined && stored !== undefined) return { document, payload: stored }
    throw new ControlError('UnauthorizedException', `Access to topic rule '${name}' was denied`)
  }
}

interface RuleHead {
  ruleName: string
  createdAt: number
  ruleDisabled: boolean
}

interface Listed extends RuleHead {
  ruleArn: string
  topicPattern: string
}

function isTriggered(pattern: string, topic: string): boolean {
  if (pattern === '') return false
  return pattern === topic || whyUnmatched(pattern, topic) === undefined
}

function seconds(milliseconds: number): number {
  return Math.round(milliseconds) / 1000
}

/** ARNs that Kafka actions of a valid payload name. */
function destinationsOf(given: object): readonly string[] {
  const { actions = [], errorAction } = given as { actions?: readonly unknown[]; errorAction?: unknown }
  return [...actions, errorAction].flatMap((action) => {
    const arn = (action as { kafka?: { destinationArn?: unknown } } | undefined)?.kafka?.destinationArn
    return typeof arn === 'string' ? [arn] : []
  })
}
