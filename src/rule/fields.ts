import { type DeliverPolicy, type TemplatedField } from '../deliver/specs.ts'
import { type Diagnostic } from '../errors.ts'
import { compileTemplate, type Template } from '../render/index.ts'
import { type CompileSqlOptions, type SqlVersion, type VariableTable } from '../sql/index.ts'
import { isRecord } from './document.ts'

const MAX_STRAY_DEPTH = 4

/** What compiling the actions of one rule shares, and where its findings go. */
export interface ActionContext {
  /** As services see it that look up client properties. */
  readonly ruleName: string
  readonly version: SqlVersion
  /** Undefined when the statement is faulty; templates are then not blamed for variables it would have set. */
  readonly variables: VariableTable | undefined
  readonly statementIsFaulty: boolean
  readonly policy: DeliverPolicy
  readonly sqlOptions: CompileSqlOptions
  readonly found: Diagnostic[]
}

const NOT_DELIVERABLE: ReadonlySet<string> = new Set([
  'KAFKA_NOT_DELIVERABLE',
  'RULE_ACTION_NOT_DELIVERABLE',
  'SQL_FUNCTION_UNAVAILABLE',
])

/** AWS would create a rule that this release merely cannot run: the document is accepted, with a warning. */
export function softened(finding: Diagnostic): Diagnostic {
  return NOT_DELIVERABLE.has(finding.code) ? { ...finding, severity: 'warning' } : finding
}

/** True when findings say that an accepted document asks for more than this product runs. */
export function isDeliverable(found: readonly Diagnostic[]): boolean {
  return !found.some(({ code }) => NOT_DELIVERABLE.has(code))
}

export function stopsDelivery({ severity, code }: Diagnostic): boolean {
  return severity === 'error' || NOT_DELIVERABLE.has(code)
}

/** Compiled templates by path inside the action; undefined when one is faulty or cannot be rendered when it must. */
export function compileFields(
  fields: readonly TemplatedField[],
  path: string,
  context: ActionContext,
): ReadonlyMap<string, Template> | undefined {
  const templates = new Map<string, Template>()
  let usable = true
  for (const field of fields) {
    const template = compileField(field, `${path}.${field.path}`, context)
    const finding = template && misplaced(template, field, `${path}.${field.path}`)
    if (finding !== undefined) context.found.push(finding)
    if (template !== undefined && finding === undefined) templates.set(field.path, template)
    else usable = false
  }
  return usable ? templates : undefined
}

/**
 * A function without a provider refuses its rule, except in a client property: such a rule (`get_secret`) is
 * accepted and merely cannot be delivered.
 */
function compileField(
  { template, renderedPer, dropped = 0 }: Pick<TemplatedField, 'template' | 'renderedPer' | 'dropped'>,
  path: string,
  context: ActionContext,
): Template | undefined {
  const result = compileTemplate(template, context.version, context.variables, context.sqlOptions)
  const findings = result.ok ? result.warnings : result.diagnostics
  for (const finding of findings) {
    if (context.statementIsFaulty && finding.code === 'SQL_VARIABLE_UNKNOWN') continue
    context.found.push({
      ...shifted(renderedPer === 'sender' ? softened(finding) : finding, dropped),
      path,
    })
  }
  return result.ok ? result.template : undefined
}

/** A finding in a text whose first `by` characters were left out. */
function shifted(finding: Diagnostic, by: number): Diagnostic {
  const { sqlLine, sqlColumn, sqlEndLine, sqlEndColumn } = finding
  if (by === 0 || sqlColumn === undefined) return finding
  return {
    ...finding,
    sqlColumn: sqlLine === 1 ? sqlColumn + by : sqlColumn,
    ...(sqlEndColumn === undefined
      ? {}
      : { sqlEndColumn: sqlEndLine === 1 ? sqlEndColumn + by : sqlEndColumn }),
  }
}

/** What is wrong with a template that is rendered at the wrong time for what it reads. */
function misplaced(template: Template, field: TemplatedField, path: string): Diagnostic | undefined {
  if (field.renderedPer === 'message' || template.constant !== undefined) return undefined
  if (template.effect === 'remote' && !template.readsMessage) return undefined
  const message =
    template.effect === 'pure'
      ? `${path} has no value: a tag in it is Undefined or Null.`
      : `${path} must be the same for every message, because client properties are resolved once for the connection.`
  return { code: 'RULE_PROPERTY_READS_MESSAGE', severity: 'error', message, path }
}

/** Compiles every text with a tag, whatever field it stands in, for the sake of its diagnostics. */
export function compileStrayTemplates(
  raw: unknown,
  path: string,
  context: ActionContext,
  depth = MAX_STRAY_DEPTH,
): void {
  if (typeof raw === 'string' && raw.includes('${')) {
    const renderedPer = path.includes('.clientProperties') ? 'sender' : 'message'
    compileField({ template: raw, renderedPer }, path, context)
  }
  if (depth === 0) return
  if (Array.isArray(raw)) {
    for (const [index, entry] of raw.slice(0, 100).entries())
      compileStrayTemplates(entry, `${path}[${index}]`, context, depth - 1)
  } else if (isRecord(raw)) {
    for (const [name, entry] of Object.entries(raw).slice(0, 100)) {
      compileStrayTemplates(
        entry,
        /^\w+$/.test(name) ? `${path}.${name}` : `${path}[${JSON.stringify(name)}]`,
        context,
        depth - 1,
      )
    }
  }
}
