import {
  type ActionSpec,
  actionSpecs,
  type KafkaActionDocument,
  type KafkaTarget,
  resolveTarget,
} from '../deliver/specs.ts'
import { type Diagnostic } from '../errors.ts'
import { type Template } from '../render/index.ts'
import { limitsWith } from '../sql/index.ts'
import { foreignKindNames } from './action-kinds.ts'
import { type CompiledAction } from './compiled-action.ts'
import { isRecord } from './document.ts'
import {
  type ActionContext,
  compileFields,
  compileStrayTemplates,
  softened,
  stopsDelivery,
} from './fields.ts'
import { buildKafkaAction } from './kafka-action.ts'
import { propertyRecipe, type PropertyRecipe, type PropertySource } from './recipe.ts'
import { buildRepublishAction, publishFault } from './republish-action.ts'

/** The properties that a store is read with. */
const openers: Readonly<Record<string, readonly string[]>> = {
  'ssl.truststore': ['ssl.truststore.password'],
  'ssl.keystore': ['ssl.keystore.password', 'ssl.key.password'],
}

/** Deepest template of AWS's actions: `iotSiteWise.putAssetPropertyValueEntries[0].propertyValues[0].value.stringValue`. */
const FOREIGN_DEPTH = 8

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
    checkForeignTemplates(raw[kind], `${path}.${kind}`, context)
  }
  const { kafka, republish } = actionSpecs
  if (Object.hasOwn(raw, kafka.kind))
    return compileKafka(raw[kafka.kind], index, `${path}.${kafka.kind}`, context)
  if (Object.hasOwn(raw, republish.kind))
    return compileRepublish(raw[republish.kind], index, `${path}.${republish.kind}`, context)
  return undefined
}

/** AWS compiles the templates of every action; what services this product has decides nothing of one it does not run. */
function checkForeignTemplates(raw: unknown, path: string, context: ActionContext): void {
  const found: Diagnostic[] = []
  compileStrayTemplates(raw, path, { ...context, found }, FOREIGN_DEPTH)
  context.found.push(...found.map(softened))
}

/** A document that its schema and its checks let pass, with its templates compiled. */
interface Prepared<Document> {
  readonly document: Document
  readonly templates: ReadonlyMap<string, Template>
  readonly checked: readonly Diagnostic[]
  report(finding: Diagnostic): void
}

/** Undefined when the document is faulty; `context.found` says why. */
function prepare<Document>(
  spec: ActionSpec<Document>,
  raw: unknown,
  path: string,
  context: ActionContext,
): Prepared<Document> | undefined {
  const parsed = spec.schema.safeParse(raw)
  if (!parsed.success) {
    // The schema's faults are reported already; those inside templates can still be told in the same breath.
    compileStrayTemplates(raw, path, context)
    return undefined
  }
  const report = (finding: Diagnostic): void => {
    const place = finding.path === undefined ? path : `${path}.${finding.path}`
    context.found.push(softened({ ...finding, path: place }))
  }
  const document = parsed.data
  const templates = compileFields(spec.templatedFields(document), path, context)
  const checked = spec.check(document, context.policy)
  for (const finding of checked) report(finding)
  if (templates === undefined || checked.some(stopsDelivery)) return undefined
  return { document, templates, checked, report }
}

function compileKafka(
  raw: unknown,
  index: number,
  path: string,
  context: ActionContext,
): CompiledAction | undefined {
  const prepared = prepare(actionSpecs.kafka, raw, path, context)
  if (prepared === undefined) return undefined
  const { document, templates, checked, report } = prepared
  const target = targetOf(document, templates, checked, report, context)
  if (target === undefined) return undefined
  const limits = limitsWith(context.sqlOptions.limits)
  return buildKafkaAction(index, document, (field) => templates.get(field), target, limits)
}

function compileRepublish(
  raw: unknown,
  index: number,
  path: string,
  context: ActionContext,
): CompiledAction | undefined {
  const prepared = prepare(actionSpecs.republish, raw, path, context)
  if (prepared === undefined) return undefined
  const { document, templates, report } = prepared
  const topic = templates.get('topic')!.constant
  const fault = topic === undefined ? undefined : publishFault(topic)
  if (fault !== undefined) {
    report({ code: 'REPUBLISH_FIELD_INVALID', severity: 'error', path: 'topic', message: fault })
    return undefined
  }
  const limits = limitsWith(context.sqlOptions.limits)
  return buildRepublishAction(index, document, (field) => templates.get(field), limits)
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
  const { destinationArn } = document
  const result = resolveTarget(constantsOf(sources), policy, destinationArn)
  const findings = (result.ok ? result.warnings : result.diagnostics).filter(
    (finding) => !isKnown(finding) && (!isLate || finding.code !== 'KAFKA_PROPERTY_REQUIRED'),
  )
  for (const finding of findings) report(finding)
  if (!isLate) return result.ok ? result.target : undefined
  const isFaulty = findings.some(({ severity }) => severity === 'error')
  return isFaulty ? undefined : propertyRecipe(sources, ruleName, policy, destinationArn)
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
