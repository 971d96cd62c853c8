import { type Diagnostic } from '../errors.ts'
import { ruleNameSchema } from './schema.ts'

/** A rule document taken out of its wrapping. */
export interface UnwrappedDocument {
  /** Undefined when the document does not say, or says something that is no name (then `diagnostics` does). */
  readonly name: string | undefined
  readonly payload: Record<string, unknown>
  /** Path of the payload inside the document, `''` or with a dot at its end. */
  readonly prefix: string
}

export interface UnwrapResult {
  readonly unwrapped: UnwrappedDocument | undefined
  readonly diagnostics: readonly Diagnostic[]
}

/** Fields beside the payload that `get-topic-rule` and `create-topic-rule --cli-input-json` have. */
const WRAPPER_FIELDS: Readonly<Record<string, readonly string[]>> = {
  topicRulePayload: ['ruleName', 'topicRulePayload', 'tags'],
  rule: ['ruleArn', 'rule'],
}

/**
 * Accepts the four forms a rule document may have: the bare payload, `{topicRulePayload}`,
 * `{ruleName, topicRulePayload}`, and the output of `get-topic-rule`, `{ruleArn, rule: {ruleName, …}}`.
 * Source: https://docs.aws.amazon.com/iot/latest/apireference/API_GetTopicRule.html
 */
export function unwrapDocument(document: unknown): UnwrapResult {
  if (!isRecord(document)) return { unwrapped: undefined, diagnostics: [notARule(document)] }
  const wrapper = Object.keys(WRAPPER_FIELDS).find((field) => Object.hasOwn(document, field))
  if (wrapper === undefined)
    return { unwrapped: { name: undefined, payload: document, prefix: '' }, diagnostics: [] }
  const inner = document[wrapper]
  const diagnostics = unknownFields(document, WRAPPER_FIELDS[wrapper]!)
  if (!isRecord(inner))
    return { unwrapped: undefined, diagnostics: [...diagnostics, notARule(inner, wrapper)] }
  const prefix = `${wrapper}.`
  if (wrapper === 'topicRulePayload') {
    return withName(document['ruleName'], 'ruleName', { payload: inner, prefix }, diagnostics)
  }
  // The service adds these two to what was created.
  const { ruleName, createdAt: _createdAt, ...payload } = inner
  return withName(ruleName, 'rule.ruleName', { payload, prefix }, diagnostics)
}

function withName(
  given: unknown,
  path: string,
  rest: Omit<UnwrappedDocument, 'name'>,
  diagnostics: readonly Diagnostic[],
): UnwrapResult {
  if (given === undefined) return { unwrapped: { ...rest, name: undefined }, diagnostics }
  const fault = checkRuleName(given, path)
  if (fault === undefined) return { unwrapped: { ...rest, name: given as string }, diagnostics }
  return { unwrapped: { ...rest, name: undefined }, diagnostics: [...diagnostics, fault] }
}

/** The fault with a rule's name, if any. */
export function checkRuleName(name: unknown, path: string): Diagnostic | undefined {
  if (ruleNameSchema.safeParse(name).success) return undefined
  const shown = typeof name === 'string' ? JSON.stringify(name.slice(0, 40)) : kindOf(name)
  const message = `${path} must be 1 to 128 letters, digits or underscores, found ${shown}.`
  return { code: 'RULE_NAME_INVALID', severity: 'error', message, path }
}

function unknownFields(document: Record<string, unknown>, known: readonly string[]): Diagnostic[] {
  return Object.keys(document)
    .filter((field) => !known.includes(field))
    .map((field) => ({
      code: 'RULE_FIELD_UNKNOWN',
      severity: 'error',
      message: `There is no field ${JSON.stringify(field.slice(0, 40))} here; beside ${known.join(', ')} nothing is known.`,
      path: field.slice(0, 128),
    }))
}

function notARule(found: unknown, path?: string): Diagnostic {
  const message = `${path ?? 'A rule document'} must be an object with at least the field sql, found ${kindOf(found)}.`
  const diagnostic: Diagnostic = { code: 'RULE_DOCUMENT_INVALID', severity: 'error', message }
  return path === undefined ? diagnostic : { ...diagnostic, path }
}

/** The kind of a value in words, never the value. */
export function kindOf(value: unknown): string {
  if (value === null) return 'null'
  if (value === undefined) return 'nothing'
  if (Array.isArray(value)) return 'an array'
  if (typeof value === 'number' && Number.isNaN(value)) return 'no number'
  return typeof value === 'object' || typeof value === 'undefined' ? 'an object' : `a ${typeof value}`
}

export function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
