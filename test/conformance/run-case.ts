import { type Diagnostic } from '../../src/errors.ts'
import { createScope, evaluate } from '../../src/evaluate/index.ts'
import { basicIngest, checkFilter, TopicTrie } from '../../src/match/index.ts'
import { compileTemplate, type Rendered } from '../../src/render/index.ts'
import { compileRule } from '../../src/rule/index.ts'
import { compileStatement, type CompiledQuery, parseStatement, type Scope } from '../../src/sql/index.ts'
import { Payload, writeJson } from '../../src/value/index.ts'
import { type Case, optionalString } from './case.ts'
import { describe, meets, type Outcome } from './compare.ts'
import { environmentOf, messageOf } from './message.ts'
import { protobufOf, serviceNames } from './services.ts'

export interface CaseResult {
  readonly id: string
  readonly group: string
  readonly verdict: 'passed' | 'alternative' | 'failed'
  readonly want: string
  readonly got: string
}

/** Runs one case through the stages of the engine: match, evaluate and, for a template, render. */
export async function runCase(each: Case): Promise<CaseResult> {
  const outcome = await outcomeOf(each)
  const verdict = meets(outcome, each.expect, each.tolerance)
    ? 'passed'
    : each.alternatives.some((alternative) => meets(outcome, alternative, each.tolerance))
      ? 'alternative'
      : 'failed'
  return {
    id: each.id,
    group: each.group,
    verdict,
    want: writeJson(each.expect) ?? '',
    got: describe(outcome),
  }
}

async function outcomeOf(each: Case): Promise<Outcome> {
  const query = compileQuery(each)
  if ('kind' in query) return query
  const fault = query.topicFilter === undefined ? undefined : checkFilter(query.topicFilter)
  if (fault !== undefined) return { kind: 'refused', reason: fault }
  const template =
    each.expect.has('rendered') || each.template !== undefined ? rendererOf(each, query) : undefined
  if (typeof template === 'object') return template
  const ruleName = String(each.context.get('ruleName') ?? 'rule')
  const topic = topicFor(each.topic, ruleName, query.topicFilter)
  if (topic === undefined) return { kind: 'unmatched' }
  const scope = createScope(
    { name: ruleName, version: each.version, query, templatesAskServices: template !== undefined },
    topic,
    messageOf(each),
    new Payload(each.payload),
    environmentOf(each),
  )
  const rendering = template === undefined ? [] : [{ assemble: () => template(scope) }]
  const evaluation = await evaluate(query, scope, rendering)
  if ('class' in evaluation || !evaluation.matched) return { kind: 'unmatched' }
  if (template === undefined) return { kind: 'output', bytes: evaluation.output }
  return { kind: 'rendered', text: template(scope).text }
}

type Renderer = (scope: Scope) => Pick<Rendered, 'text'>

/** How the case's template is rendered: as the field of an action where the case names one. */
function rendererOf(each: Case, query: CompiledQuery): Renderer | Outcome {
  const { template = '', version, context, sql } = each
  if (optionalString(context, 'action') === 'republish' && optionalString(context, 'field') === 'topic') {
    const republish = { roleArn: 'arn:aws:iam::000000000000:role/r', topic: template }
    const document = { sql, awsIotSqlVersion: version, actions: [{ republish }] }
    const compiled = compileRule(document, { name: 'rule', services: serviceNames(context) })
    if (!compiled.ok) return refusal(compiled.diagnostics)
    const [action] = compiled.rule.actions
    return (scope) => {
      const made = action!.assemble(scope, Buffer.alloc(0))
      return { text: 'class' in made ? made.message : made.topic }
    }
  }
  const result = compileTemplate(template, version, query.variables, { services: serviceNames(context) })
  return result.ok ? (scope) => result.template.render(scope) : refusal(result.diagnostics)
}

function compileQuery({ sql, version, context }: Case): CompiledQuery | Outcome {
  const services = serviceNames(context)
  const parsed = parseStatement(sql)
  if (!parsed.ok) return refusal(parsed.diagnostics)
  const compiled = compileStatement(parsed.statement, version, {
    services,
    protobuf: protobufOf(context),
  })
  return compiled.ok ? compiled.query : refusal(compiled.diagnostics)
}

function refusal(diagnostics: readonly Diagnostic[]): Outcome {
  return { kind: 'refused', reason: diagnostics.map(({ code, message }) => `${code} ${message}`).join(' ') }
}

/** The topic as the rule sees it; undefined when the rule is not for it. */
function topicFor(topic: string, ruleName: string, filter: string | undefined): string | undefined {
  const ingest = basicIngest(topic)
  if (ingest !== undefined) return ingest.ruleName === ruleName ? ingest.topic : undefined
  const trie = new TopicTrie<true>()
  if (filter !== undefined) trie.add(filter, true)
  return trie.match(topic).length > 0 ? topic : undefined
}
