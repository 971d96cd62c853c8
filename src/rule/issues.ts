import { z } from 'zod'
import { type Diagnostic } from '../errors.ts'
import { isRecord, kindOf } from './document.ts'
import { nearest } from '../nearest.ts'
import { schemaAt } from './schema-walk.ts'

type Issue = z.core.$ZodIssue
type Path = readonly PropertyKey[]

/** Turns what zod found into diagnostics whose paths begin with `prefix`; `root` is the document zod looked at. */
export function diagnoseIssues(
  issues: readonly Issue[],
  root: unknown,
  schema: z.ZodType,
  prefix: string,
): Diagnostic[] {
  const misnamed = new Set(
    issues.filter(({ code }) => code === 'unrecognized_keys').map(({ path }) => formatPath(path)),
  )
  return issues.flatMap((issue) => {
    // What is missing where a name is unknown is most likely that name, misspelt.
    if (issue.code === 'custom' && misnamed.has(formatPath(issue.path))) return []
    if (issue.code === 'unrecognized_keys')
      return issue.keys.map((key) => unknownField(key, issue.path, schema, prefix))
    return [invalidField(issue, root, prefix)]
  })
}

/** `['actions', 0, 'kafka', 'a.b']` as `actions[0].kafka["a.b"]`. */
export function formatPath(path: Path): string {
  let text = ''
  for (const step of path) {
    if (typeof step === 'number') text += `[${step}]`
    else if (/^[\w$-]+$/.test(String(step))) text += text === '' ? String(step) : `.${String(step)}`
    else text += `[${JSON.stringify(String(step).slice(0, 128))}]`
  }
  return text
}

function unknownField(key: string, at: Path, schema: z.ZodType, prefix: string): Diagnostic {
  const path = prefix + formatPath([...at, key])
  const names = fieldNames(schema, at)
  const meant = nearest(key, names)
  const known = meant === undefined ? `Known here: ${names.join(', ')}.` : `Did you mean ${meant}?`
  const hint = path === 'ruleName' ? 'Beside ruleName, the rule itself stands under topicRulePayload.' : known
  if (key.startsWith('x-') && at.length === 0) {
    return {
      code: 'RULE_EXTENSION_UNKNOWN',
      severity: 'warning',
      message: `${path} has no effect: there is no such extension.`,
      path,
      hint,
    }
  }
  return { code: 'RULE_FIELD_UNKNOWN', severity: 'error', message: `There is no field ${path}.`, path, hint }
}

function invalidField(issue: Issue, root: unknown, prefix: string): Diagnostic {
  const path = prefix + formatPath(issue.path)
  const value = valueAt(root, issue.path)
  if (value === undefined) {
    return { code: 'RULE_FIELD_REQUIRED', severity: 'error', message: `${path} is required.`, path }
  }
  const name = path === '' ? 'The document' : path
  if (issue.code !== 'invalid_value')
    return {
      code: 'RULE_FIELD_INVALID',
      severity: 'error',
      message: `${name} ${describe(issue, value)}.`,
      path,
    }
  const values = issue.values.map(String)
  const message = `${name} must be ${oneOf(issue.values)}, found ${typeof value === 'string' ? JSON.stringify(value.slice(0, 40)) : kindOf(value)}.`
  const meant = typeof value === 'string' ? nearest(value, values) : undefined
  const diagnostic: Diagnostic = { code: 'RULE_FIELD_INVALID', severity: 'error', message, path }
  return meant === undefined ? diagnostic : { ...diagnostic, hint: `Did you mean ${meant}?` }
}

function describe(issue: Issue, value: unknown): string {
  if (issue.code === 'invalid_type') return `must be ${withArticle(issue.expected)}, found ${kindOf(value)}`
  if (typeof value === 'number' && issue.code === 'too_small') return `must be at least ${issue.minimum}`
  if (typeof value === 'number' && issue.code === 'too_big') return `must be at most ${issue.maximum}`
  if (issue.code === 'too_small')
    return sizeOf(value) === 0
      ? 'must not be empty'
      : `has ${sizeOf(value)} ${unitOf(value)}; the least is ${issue.minimum}`
  if (issue.code === 'too_big') return `has ${sizeOf(value)} ${unitOf(value)}; the most is ${issue.maximum}`
  return issue.message.replace(/\.$/, '')
}

function oneOf(values: readonly unknown[]): string {
  const quoted = values.map((value) => JSON.stringify(value))
  return quoted.length === 1 ? quoted[0]! : `${quoted.slice(0, -1).join(', ')} or ${quoted.at(-1)}`
}

function withArticle(type: string): string {
  if (type === 'record') return 'an object'
  return /^[aeiou]/.test(type) ? `an ${type}` : `a ${type}`
}

function sizeOf(value: unknown): number {
  return typeof value === 'string' || Array.isArray(value) ? value.length : 0
}

function unitOf(value: unknown): string {
  return typeof value === 'string' ? 'characters' : 'entries'
}

function valueAt(root: unknown, path: Path): unknown {
  let value = root
  for (const step of path) {
    const holds = (isRecord(value) || Array.isArray(value)) && Object.hasOwn(value, step)
    value = holds ? (value as Record<PropertyKey, unknown>)[step] : undefined
  }
  return value
}

/** Names of the fields that the schema allows at `path`. */
function fieldNames(schema: z.ZodType, path: Path): string[] {
  const found = schemaAt(schema, path)
  return found instanceof z.ZodObject ? Object.keys(found.shape) : []
}
