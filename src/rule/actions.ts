import {
  actionSpecs,
  type DeliverPolicy,
  type KafkaActionDocument,
  type KafkaTarget,
  resolveTarget,
  type TemplatedField,
} from '../deliver/specs.ts'
import { type Diagnostic } from '../errors.ts'
import { compileTemplate, type Template } from '../render/index.ts'
import { type CompileSqlOptions, limitsWith, type SqlVersion, type VariableTable } from '../sql/index.ts'
import { foreignKindNames } from './action-kinds.ts'
import { isRecord } from './document.ts'
import { buildKafkaAction, type CompiledAction } from './kafka-action.ts'
import { propertyRecipe, type PropertyRecipe, type PropertySource } from './recipe.ts'

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

const MAX_STRAY_DEPTH = 4

/** The properties that a store is read with. */
const openers: Readonly<Record<string, readonly string[]>> = {
  'ssl.truststore': ['ssl.truststore.password'],
  'ssl.keystore': ['ssl.keystore.password', 'ssl.key.password'],
}
const NOT_DELIVERABLE: ReadonlySet<string> = new Set([
  'KAFKA_NOT_DELIVERABLE',
  'RULE_ACTION_NOT_DELIVERABLE',
  'SQL_FUNCTION_UNAVAILABLE',
])

/**
 * Compiles one entry of `actions` or the error action, found at `path` of the document. Returns undefined when it
 * is faulty, or of a kind that is not run here; `context.found` says which.
 */
export function compileAction(
  raw: unknown,
  index: number,
  path: string,
  context: ActionContext,
): CompiledAction | undefined {
  if (!isRecord(raw)) return undefined
  for (const kind of foreignKindNames.filter((name) => Object.hasOwn(raw, name))) {
    const message = `${path}.${kind}: this product does not run ${kind} actions, so it will not activate the rule unless it is told to skip such actions.`
    context.found.push({
      code: 'RULE_ACTION_NOT_DELIVERABLE',
      severity: 'warning',
      message,
      path: `${path}.${kind}`,
    })
  }
  if (!Object.hasOwn(raw, actionSpecs.kafka.kind)) return undefined
  return compileKafka(raw[actionSpecs.kafka.kind], index, `${path}.${actionSpecs.kafka.kind}`, context)
}

/** True when findings say that an accepted document asks for more than this product runs. */
export function isDeliverable(found: readonly Diagnostic[]): boolean {
  return !found.some(({ code }) => NOT_DELIVERABLE.has(code))
}

function compileKafka(
  raw: unknown,
  index: number,
  path: string,
  context: ActionContext,
): CompiledAction | undefined {
  const parsed = actionSpecs.kafka.schema.safeParse(raw)
  const at = (finding: Diagnostic): Diagnostic =>
    softened({
      ...finding,
      path: finding.path === undefined ? path : `${path}.${finding.path}`,
    })
  if (!parsed.success) {
    // The schema's faults are reported already; those inside templates can still be told in the same breath.
    compileStrayTemplates(raw, path, context, MAX_STRAY_DEPTH)
    return undefined
  }
  const document = parsed.data
  const templates = compileFields(actionSpecs.kafka.templatedFields(document), path, context)
  const checked = actionSpecs.kafka.check(document, context.policy)
  context.found.push(...checked.map(at))
  if (templates === undefined || checked.some(stopsDelivery)) return undefined
  const target = targetOf(document, templates, checked, (finding) => context.found.push(at(finding)), context)
  if (target === undefined) return undefined
  return buildKafkaAction(
    index,
    document,
    (field) => templates.get(field),
    target,
    limitsWith(context.sqlOptions.limits),
  )
}

/** AWS would create a rule that this release merely cannot run: the document is accepted, with a warning. */
function softened(finding: Diagnostic): Diagnostic {
  return NOT_DELIVERABLE.has(finding.code) ? { ...finding, severity: 'warning' } : finding
}

function stopsDelivery({ severity, code }: Diagnostic): boolean {
  return severity === 'error' || NOT_DELIVERABLE.has(code)
}

/** Compiled templates by path inside the action; undefined when one is faulty or cannot be rendered when it must. */
function compileFields(
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
  { template, renderedPer }: Pick<TemplatedField, 'template' | 'renderedPer'>,
  path: string,
  context: ActionContext,
): Template | undefined {
  const result = compileTemplate(template, context.version, context.variables, context.sqlOptions)
  const findings = result.ok ? result.warnings : result.diagnostics
  for (const finding of findings) {
    if (context.statementIsFaulty && finding.code === 'SQL_VARIABLE_UNKNOWN') continue
    context.found.push({ ...(renderedPer === 'sender' ? softened(finding) : finding), path })
  }
  return result.ok ? result.template : undefined
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

/** The producer of an action, or how its properties are looked up; `known` are findings that need not be told again. */
function targetOf(
  document: KafkaActionDocument,
  templates: ReadonlyMap<string, Template>,
  known: readonly Diagnostic[],
  report: (finding: Diagnostic) => void,
  { policy, ruleName }: ActionContext,
): KafkaTarget | PropertyRecipe | undefined {
  const sources = new Map<string, PropertySource>()
  for (const [name, value] of Object.entries(document.clientProperties)) {
    const template = templates.get(`clientProperties[${JSON.stringify(name)}]`)
    sources.set(name, template === undefined ? value : (template.constant ?? template))
  }
  const isKnown = (finding: Diagnostic): boolean =>
    known.some(
      ({ code, path, message }) =>
        code === finding.code && path === finding.path && message === finding.message,
    )
  const isLate = [...sources.values()].some((source) => typeof source !== 'string')
  const result = resolveTarget(constantsOf(sources), policy)
  const findings = (result.ok ? result.warnings : result.diagnostics).filter(
    (finding) => !isKnown(finding) && (!isLate || finding.code !== 'KAFKA_PROPERTY_REQUIRED'),
  )
  for (const finding of findings) report(finding)
  if (!isLate) return result.ok ? result.target : undefined
  const isFaulty = findings.some(({ severity }) => severity === 'error')
  return isFaulty ? undefined : propertyRecipe(sources, ruleName, policy)
}

/** What can be checked now: a store only when the passwords that open it are known as well. */
function constantsOf(sources: ReadonlyMap<string, PropertySource>): Record<string, string> {
  const isLate = (name: string): boolean => typeof sources.get(name) === 'object'
  const closed = Object.entries(openers).filter(([, passwords]) => passwords.some(isLate))
  const leftOut = new Set(closed.flatMap(([store, passwords]) => [store, ...passwords]))
  const constants: Record<string, string> = {}
  for (const [name, source] of sources)
    if (typeof source === 'string' && !leftOut.has(name)) constants[name] = source
  return constants
}

/** Compiles every text with a tag, whatever field it stands in, for the sake of its diagnostics. */
function compileStrayTemplates(raw: unknown, path: string, context: ActionContext, depth: number): void {
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
