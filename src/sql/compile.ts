import { type Diagnostic } from '../errors.ts'
import { encodeJson, encodeKey, encodeMembers, endWork, type Value } from '../value/index.ts'
import { type Expression, type Span, type StandaloneExpression, type Statement } from './ast.ts'
import { findKind } from './children.ts'
import { type Compiled, heaviest } from './compiled.ts'
import { Compiler, type CompileSqlOptions } from './compiler.ts'
import { type Variable, type VariableTable } from './context.ts'
import { Findings } from './diagnostics.ts'
import { compileSelect, isFlat, planSelect, type SelectPlan } from './forms/select.ts'
import { compileSet } from './forms/set.ts'
import { type Effect } from './functions/index.ts'
import { Inference } from './infer.ts'
import { type Predicate, whereAll, whereTrue } from './operators/logic.ts'
import { limitInWords, limitsWith, type RunLimits, type SqlLimits } from './limits.ts'
import { type Evaluator, type Scope } from './scope.ts'
import { type ExpressionTrace, type StatementTrace } from './trace.ts'
import { type SqlVersion } from './versions.ts'
import { weightOf, weightOfClause } from './weight.ts'
import { warnAboutExpression, warnAboutStatement } from './warnings.ts'

export interface CompiledExpression {
  readonly evaluate: Evaluator
  readonly effect: Effect
  readonly constant: boolean
  readonly text: string
  /** Present when compiled with `tracing`. */
  readonly trace: ExpressionTrace | undefined
}

export interface CompiledQuery {
  readonly text: string
  readonly version: SqlVersion
  /** Undefined: reachable by Basic Ingest alone. */
  readonly topicFilter: string | undefined
  readonly effect: Effect
  /** True for `SELECT *` and `SELECT VALUE *`: the payload passes unchanged, JSON or not. */
  readonly forwardsPayload: boolean
  /** Undefined when every message passes. */
  readonly where: Predicate | undefined
  /** What SET assigns; `scope.variables` needs a slot for each. */
  readonly variables: VariableTable
  /** Fills `scope.variables`; to be called before anything else. Undefined without SET. */
  readonly assign: ((scope: Scope) => void) | undefined
  readonly select: Evaluator
  /** JSON in UTF-8 of what `select` yields, without building the object; Undefined when the value is. */
  readonly selectJson: (scope: Scope) => Buffer | undefined
  /** Bounds of one evaluation. */
  readonly limits: RunLimits
  /** Present when compiled with `tracing`. */
  readonly trace: StatementTrace | undefined
}

export type StatementResult =
  | { readonly ok: true; readonly query: CompiledQuery; readonly warnings: Diagnostic[] }
  | { readonly ok: false; readonly diagnostics: Diagnostic[] }

export type ExpressionResult =
  | { readonly ok: true; readonly expression: CompiledExpression; readonly warnings: Diagnostic[] }
  | { readonly ok: false; readonly diagnostics: Diagnostic[] }

/** Compiles a statement once for all messages. Never throws; all faults at once in `diagnostics`. */
export function compileStatement(
  statement: Statement,
  version: SqlVersion,
  options: CompileSqlOptions = {},
): StatementResult {
  const findings = new Findings(statement.text)
  const variables = new Map<string, Variable>()
  const compiler = new Compiler(version, findings, variables, options)
  const set = compileSet(statement.assignments, variables, compiler)
  const where = statement.where === undefined ? undefined : compileWhere(statement.where, compiler)
  const plan = planSelect(statement.select, compiler)
  const select = compileSelect(plan)
  endWork()
  warnAboutFrom(statement, findings)
  const limits = runLimits(weightOfStatement(statement), statement.select.span, options, findings)
  if (findings.errors.length > 0) return { ok: false, diagnostics: findings.errors }
  warnAboutStatement(statement, new Inference(compiler.constants), findings)
  const query: CompiledQuery = {
    text: statement.text,
    version,
    topicFilter: statement.from?.filter,
    effect: heaviest(set.effect, select.effect, where?.effect ?? 'pure'),
    forwardsPayload: isWholePayload(statement),
    where: where?.predicate,
    variables: set.variables,
    assign: set.assign,
    select: select.evaluate,
    selectJson: jsonWriter(plan, select),
    limits,
    trace: compiler.nodes && { statement, nodes: compiler.nodes },
  }
  return { ok: true, query, warnings: findings.warnings }
}

/** Compiles an expression by itself; `variables` are those of the statement's SET, where there is one. */
export function compileExpression(
  { expression, text }: StandaloneExpression,
  version: SqlVersion,
  variables: VariableTable = new Map(),
  options: CompileSqlOptions = {},
): ExpressionResult {
  const findings = new Findings(text)
  const compiler = new Compiler(version, findings, variables, options)
  const { evaluate, effect, constant } = compiler.compile(expression)
  endWork()
  runLimits(weightOf(expression), expression.span, options, findings)
  if (findings.errors.length > 0) return { ok: false, diagnostics: findings.errors }
  warnAboutExpression(expression, new Inference(compiler.constants), findings)
  const trace = compiler.nodes && { expression, text, nodes: compiler.nodes }
  const compiled = { evaluate, effect, constant, text, trace }
  return { ok: true, expression: compiled, warnings: findings.warnings }
}

/**
 * The errors in what the parser made of a faulty text, to be reported beside its own: unknown functions, variables
 * and types, wherever the syntax is sound.
 */
export function furtherFaults(
  recovered: Statement | StandaloneExpression,
  version: SqlVersion,
  options: CompileSqlOptions,
  variables?: VariableTable,
): Diagnostic[] {
  const result =
    recovered.kind === 'statement'
      ? compileStatement(recovered, version, options)
      : compileExpression(recovered, version, variables, options)
  return result.ok ? [] : result.diagnostics
}

function weightOfStatement({ assignments, select, where }: Statement): number {
  const set = assignments.reduce((sum, { value }) => sum + weightOf(value), 0)
  return set + weightOfClause(select) + (where === undefined ? 0 : weightOf(where))
}

function runLimits(weight: number, span: Span, options: CompileSqlOptions, findings: Findings): RunLimits {
  const { work, outputSize }: SqlLimits = limitsWith(options.limits)
  if (weight > work) {
    const message = `Evaluating this takes ${weight} units of work for every message; ${limitInWords('work', work)}.`
    findings.error('SQL_WORK_LIMIT', span, message)
  }
  return { work, outputSize, weight }
}

function isWholePayload({ select }: Statement): boolean {
  if (select.kind === 'value') return select.value.kind === 'payload'
  const [only, ...more] = select.items
  return more.length === 0 && only!.value.kind === 'payload' && only!.alias === undefined
}

function warnAboutFrom(statement: Statement, findings: Findings): void {
  if (statement.from !== undefined) return
  const place = statement.select.span
  const message = 'There is no FROM: only Basic Ingest ($aws/rules/...) reaches this rule.'
  findings.warn('SQL_FROM_MISSING', place, message, "add FROM 'topic/filter' unless that is meant")
}

// ---- WHERE

interface CompiledWhere {
  readonly effect: Effect
  /** Undefined when the condition is always true. */
  readonly predicate: Predicate | undefined
}

function compileWhere(where: Expression, compiler: Compiler): CompiledWhere {
  warnAboutSelect(where, compiler.findings)
  // The operands of an AND at the top are only asked whether they are true; tracing wants the whole tree.
  if (where.kind === 'logical' && where.operator === 'AND') {
    if (compiler.nodes === undefined) return conjunctionOf(where, compiler)
    compiler.conjunction = where
  }
  const compiled = compiler.compile(where)
  if (!compiled.constant) return { effect: compiled.effect, predicate: whereTrue(compiled) }
  return { effect: 'pure', predicate: constantPredicate(where, compiled.value, compiler.findings) }
}

function conjunctionOf(where: Expression & { kind: 'logical' }, compiler: Compiler): CompiledWhere {
  const operands = where.operands.map((operand) => compiler.compile(operand))
  const effect = heaviest(...operands.map((operand) => operand.effect))
  const predicate = whereAll(operands)
  if (operands.some(({ constant }) => !constant)) return { effect, predicate }
  return { effect, predicate: constantPredicate(where, predicate({} as Scope), compiler.findings) }
}

function constantPredicate(where: Expression, value: Value, findings: Findings): Predicate | undefined {
  if (value === true) return undefined
  const message = 'WHERE does not depend on the message and is not true: the rule never matches.'
  findings.warn('SQL_WHERE_CONSTANT', where.span, message)
  return () => false
}

function warnAboutSelect(where: Expression, findings: Findings): void {
  const select = findKind(where, 'select')
  if (select === undefined) return
  const message = 'AWS may refuse a SELECT inside WHERE, although its reference shows one.'
  findings.warn('SQL_SELECT_IN_WHERE', select.span, message, 'a SET variable can hold the result')
}

// ---- output

/** Writes a flat list of items straight to bytes; the keys are escaped once. */
function jsonWriter(plan: SelectPlan, select: Compiled): (scope: Scope) => Buffer | undefined {
  const { evaluate } = select
  if (plan.kind === 'value' || !isFlat(plan.items)) return (scope) => encodeJson(evaluate(scope))
  const keys = plan.items.map(({ path }) => encodeKey(path![0]!))
  const getters = plan.items.map(({ compiled }) => compiled.evaluate)
  const values: Value[] = getters.map(() => undefined)
  return (scope) => {
    for (let index = 0; index < getters.length; index++) values[index] = getters[index]!(scope)
    return encodeMembers(keys, values)
  }
}
