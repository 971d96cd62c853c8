import { awsPolicy, type DeliverPolicy } from '../deliver/specs.ts'
import { type Diagnostic } from '../errors.ts'
import { checkFilter, exceedsAwsLimits } from '../match/index.ts'
import {
  type CompiledQuery,
  type CompileSqlOptions,
  compileStatement,
  defaultSqlVersion,
  furtherFaults,
  newestSqlVersion,
  limitsWith,
  parseStatement,
  positionAt,
  resolveSqlVersion,
  type SqlVersion,
  type Statement,
} from '../sql/index.ts'
import { compileAction } from './actions.ts'
import { checkRuleName, unwrapDocument } from './document.ts'
import { type ActionContext, isDeliverable } from './fields.ts'
import { diagnoseIssues } from './issues.ts'
import { type CompiledAction } from './compiled-action.ts'
import { type CompiledRule, type CompileOptions, type CompileResult } from './rule.ts'
import { MAX_ACTIONS, type TopicRulePayload, topicRulePayloadSchema } from './schema.ts'

const MAX_DIAGNOSTICS = 100

/**
 * Makes a rule of a document (parsed JSON or YAML), or says everything that is wrong with it at once. Never throws.
 * Paths of the diagnostics are those of the document as given, e.g. `topicRulePayload.actions[0].kafka.topic`.
 */
export function compileRule(document: unknown, options: CompileOptions = {}): CompileResult {
  const { unwrapped, diagnostics } = unwrapDocument(document)
  const found: Diagnostic[] = [...diagnostics]
  if (unwrapped === undefined) return refused(found)
  const { payload, prefix } = unwrapped
  const name = ruleName(unwrapped.name, options.name, found)
  found.push(...checkPayload(payload, prefix))
  const version = sqlVersion(payload, prefix, found)
  const sqlOptions = sqlOptionsOf(options)
  const beforeSql = found.length
  const query = compileSql(payload['sql'], version, sqlOptions, `${prefix}sql`, found)
  nameVersionGap(found, beforeSql)
  const context: ActionContext = {
    ruleName: name ?? '',
    version,
    variables: query?.variables,
    statementIsFaulty: query === undefined,
    policy: policyOf(options),
    sqlOptions,
    found,
  }
  const actions = compileActions(payload['actions'], prefix, context)
  const errorAction = compileAction(payload['errorAction'], 0, `${prefix}errorAction`, context)
  if (name === undefined || query === undefined || hasErrors(found)) return refused(found)
  return {
    ok: true,
    rule: assembleRule({ name, version, query, actions, errorAction, options }, payload, found),
    warnings: found,
  }
}

function refused(found: readonly Diagnostic[]): CompileResult {
  return { ok: false, diagnostics: found.slice(0, MAX_DIAGNOSTICS) }
}

function hasErrors(found: readonly Diagnostic[]): boolean {
  return found.some(({ severity }) => severity === 'error')
}

function assembleRule(
  parts: Pick<CompiledRule, 'name' | 'version' | 'query' | 'actions' | 'errorAction' | 'options'>,
  payload: Record<string, unknown>,
  found: readonly Diagnostic[],
): CompiledRule {
  const document = payload as TopicRulePayload
  return {
    ...parts,
    disabled: document.ruleDisabled ?? false,
    topicFilter: parts.query.topicFilter,
    templatesAskServices: [...parts.actions, parts.errorAction].some((action) => action?.remote === true),
    askingActions: parts.actions.some(({ remote }) => remote) ? parts.actions : [],
    ack: document['x-ack'],
    deliverable: isDeliverable(found),
    document,
  }
}

function ruleName(
  own: string | undefined,
  given: string | undefined,
  found: Diagnostic[],
): string | undefined {
  if (own !== undefined) return own
  // A name that is there but faulty is reported already.
  if (found.some(({ code }) => code === 'RULE_NAME_INVALID')) return undefined
  const message = 'The rule has no name: add ruleName beside topicRulePayload.'
  const fault: Diagnostic | undefined =
    given === undefined
      ? { code: 'RULE_NAME_REQUIRED', severity: 'error', message, path: 'ruleName' }
      : checkRuleName(given, 'ruleName')
  if (fault === undefined) return given
  found.push(fault)
  return undefined
}

function checkPayload(payload: Record<string, unknown>, prefix: string): Diagnostic[] {
  const parsed = topicRulePayloadSchema.safeParse(payload)
  return parsed.success ? [] : diagnoseIssues(parsed.error.issues, payload, topicRulePayloadSchema, prefix)
}

/** The version to read the statement in; one that does not exist is reported already and read as the newest. */
function sqlVersion(payload: Record<string, unknown>, prefix: string, found: Diagnostic[]): SqlVersion {
  const name = payload['awsIotSqlVersion']
  if (typeof name === 'string') return resolveSqlVersion(name) ?? newestSqlVersion
  if (name !== undefined) return newestSqlVersion
  const path = `${prefix}awsIotSqlVersion`
  const message = `${path} is left out, so the statement is read in version ${defaultSqlVersion}, as on AWS.`
  const hint = `Set it to ${newestSqlVersion} to have literals, nested SELECT and whole decimals as Int.`
  found.push({ code: 'RULE_VERSION_OMITTED', severity: 'warning', message, path, hint })
  return defaultSqlVersion
}

/** A statement that uses what came later has a better reason to name its version. */
function nameVersionGap(found: Diagnostic[], from: number): void {
  const index = found.findIndex(({ code }) => code === 'RULE_VERSION_OMITTED')
  const gaps = found
    .slice(from)
    .filter(({ code }) => code === 'SQL_NEEDS_VERSION' || code === 'SQL_FUNCTION_NOT_IN_VERSION')
  if (index === -1 || gaps.length === 0) return
  const uses = [...new Set(gaps.map(({ message }) => message.replace(/ (exists?|from|has) .*$/s, '')))]
  const hint = `Set it to ${newestSqlVersion}: the statement uses ${uses.slice(0, 3).join(', ')}.`
  found[index] = { ...found[index]!, hint }
}

function compileSql(
  sql: unknown,
  version: SqlVersion,
  options: CompileSqlOptions,
  path: string,
  found: Diagnostic[],
): CompiledQuery | undefined {
  if (typeof sql !== 'string' || sql === '') return undefined
  const parsed = parseStatement(sql, limitsWith(options.limits))
  const place = (finding: Diagnostic): Diagnostic => ({ ...finding, path })
  if (!parsed.ok) {
    const further = parsed.recovered === undefined ? [] : furtherFaults(parsed.recovered, version, options)
    found.push(...[...parsed.diagnostics, ...further].map(place))
    return undefined
  }
  found.push(...[...parsed.warnings, ...checkFrom(parsed.statement)].map(place))
  const compiled = compileStatement(parsed.statement, version, options)
  found.push(...(compiled.ok ? compiled.warnings : compiled.diagnostics).map(place))
  return compiled.ok ? compiled.query : undefined
}

function checkFrom({ from, text }: Statement): Diagnostic[] {
  if (from === undefined) return []
  const { line: sqlLine, column: sqlColumn } = positionAt(text, from.span.start)
  const { line: sqlEndLine, column: sqlEndColumn } = positionAt(text, from.span.end)
  const place = { sqlLine, sqlColumn, sqlEndLine, sqlEndColumn }
  const fault = checkFilter(from.filter)
  if (fault !== undefined) {
    const message = `The topic filter after FROM is not valid: ${fault}.`
    return [{ code: 'RULE_TOPIC_FILTER_INVALID', severity: 'error', message, ...place }]
  }
  const excess = exceedsAwsLimits(from.filter)
  if (excess === undefined) return []
  const message = `The topic filter after FROM works here but not on AWS: ${excess}.`
  return [{ code: 'RULE_TOPIC_FILTER_LIMIT', severity: 'warning', message, ...place }]
}

function compileActions(raw: unknown, prefix: string, context: ActionContext): readonly CompiledAction[] {
  if (!Array.isArray(raw)) return []
  return raw
    .slice(0, MAX_ACTIONS)
    .map((entry, index) => compileAction(entry, index, `${prefix}actions[${index}]`, context))
    .filter((action) => action !== undefined)
}

function sqlOptionsOf({
  services,
  protobuf,
  tracing = false,
  limits = {},
}: CompileOptions): CompileSqlOptions {
  return { tracing, limits, protobuf, ...(services !== undefined && { services }) }
}

function policyOf(options: CompileOptions): DeliverPolicy {
  return {
    extensions: options.extensions ?? awsPolicy.extensions,
    acksWhenOmitted: options.acksWhenOmitted ?? awsPolicy.acksWhenOmitted,
    ...(options.storeDirectory !== undefined && { storeDirectory: options.storeDirectory }),
    ...(options.destinations !== undefined && { destinations: options.destinations }),
  }
}
