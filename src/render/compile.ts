import Mustache, { type TemplateSpans } from 'mustache'
import { type Diagnostic } from '../errors.ts'
import {
  compileExpression,
  type CompileSqlOptions,
  type Effect,
  type ExpressionTrace,
  findTags,
  furtherFaults,
  limitsWith,
  parseExpression,
  positionAt,
  readsMessage,
  type SqlVersion,
  type TemplateTag,
  type VariableTable,
} from '../sql/index.ts'
import { constantTemplate, dynamicTemplate, type Part, type Tag } from './parts.ts'
import { MAX_TEMPLATE, type Template, type TracedTag } from './template.ts'

export type TemplateResult =
  | { readonly ok: true; readonly template: Template; readonly warnings: readonly Diagnostic[] }
  | { readonly ok: false; readonly diagnostics: readonly Diagnostic[] }

/** AWS names no bound; every tag costs an evaluation per message. */
const MAX_TAGS = 100
const MAX_DIAGNOSTICS = 20
const DELIMITERS: [string, string] = ['${', '}']
const EFFECTS: readonly Effect[] = ['pure', 'message', 'clock', 'random', 'remote']

/**
 * Compiles a substitution template; `sqlLine` and `sqlColumn` of the diagnostics count inside `text`.
 *
 * The grammar's lexer finds where each tag ends (`${get({'a': 1}, 'a')}` is one tag), mustache splits the template
 * with the bodies replaced by their numbers, and each body is an AWS IoT SQL expression.
 * `variables` are those of the rule's SET, which a template may read.
 * Source: https://docs.aws.amazon.com/iot/latest/developerguide/iot-substitution-templates.html
 */
export function compileTemplate(
  text: string,
  version: SqlVersion,
  variables?: VariableTable,
  options: CompileSqlOptions = {},
): TemplateResult {
  if (text.length > MAX_TEMPLATE) {
    const message = `The template has ${text.length} characters; the most is ${MAX_TEMPLATE}.`
    return { ok: false, diagnostics: [{ code: 'TEMPLATE_TOO_LONG', severity: 'error', message }] }
  }
  const found = findTags(text, limitsWith(options.limits))
  if (!found.ok) return found
  if (found.tags.length === 0) return { ok: true, template: constantTemplate(text, text), warnings: [] }
  if (found.tags.length > MAX_TAGS) {
    const message = `The template has ${found.tags.length} tags; the most is ${MAX_TAGS}.`
    return { ok: false, diagnostics: [{ code: 'TEMPLATE_TOO_MANY_TAGS', severity: 'error', message }] }
  }
  return compileTags(text, found.tags, version, variables, options)
}

function compileTags(
  text: string,
  tags: readonly TemplateTag[],
  version: SqlVersion,
  variables: VariableTable | undefined,
  options: CompileSqlOptions,
): TemplateResult {
  const compiled: Tag[] = []
  const trace: TracedTag[] = []
  const errors: Diagnostic[] = []
  const warnings: Diagnostic[] = []
  let effect: Effect = 'pure'
  for (const tag of tags) {
    const result = compileBody(tag.body, version, variables, options)
    const place = (diagnostic: Diagnostic): Diagnostic => placeInTemplate(diagnostic, text, tag)
    if (!result.ok) {
      errors.push(...result.diagnostics.map(place))
      continue
    }
    warnings.push(...result.warnings.map(place))
    const source = text.slice(tag.start, tag.end)
    compiled.push({ source, ...result.tag })
    if (result.trace !== undefined)
      trace.push({ source, start: tag.start, bodyOffset: tag.bodyOffset, expression: result.trace })
    if (EFFECTS.indexOf(result.tag.effect) > EFFECTS.indexOf(effect)) effect = result.tag.effect
  }
  if (errors.length > 0) return { ok: false, diagnostics: errors.slice(0, MAX_DIAGNOSTICS) }
  const parts = splitByMustache(text, tags, compiled)
  const template = dynamicTemplate(text, parts, effect)
  return {
    ok: true,
    template: options.tracing === true ? { ...template, trace } : template,
    warnings: warnings.slice(0, MAX_DIAGNOSTICS),
  }
}

type BodyResult =
  | {
      readonly ok: true
      readonly tag: Omit<Tag, 'source'>
      readonly trace: ExpressionTrace | undefined
      readonly warnings: readonly Diagnostic[]
    }
  | { readonly ok: false; readonly diagnostics: readonly Diagnostic[] }

function compileBody(
  body: string,
  version: SqlVersion,
  variables: VariableTable | undefined,
  options: CompileSqlOptions,
): BodyResult {
  const parsed = parseExpression(body, limitsWith(options.limits))
  if (!parsed.ok) {
    const further =
      parsed.recovered === undefined ? [] : furtherFaults(parsed.recovered, version, options, variables)
    return { ok: false, diagnostics: [...parsed.diagnostics, ...further] }
  }
  const result = compileExpression(parsed.expression, version, variables, options)
  if (!result.ok) return result
  const { evaluate, effect, constant, trace } = result.expression
  const warnings = [...parsed.warnings, ...result.warnings]
  const tag = { evaluate, effect, constant, readsMessage: readsMessage(parsed.expression) }
  return { ok: true, tag, trace, warnings }
}

/**
 * Literals and tags in order. Mustache never sees a body, so its own controls (`#`, `!`, `=`…) cannot occur; literal
 * text reaches it unchanged, and the lexer has seen to it that no literal contains the opening delimiter.
 */
function splitByMustache(text: string, tags: readonly TemplateTag[], compiled: readonly Tag[]): Part[] {
  let numbered = ''
  let at = 0
  for (const [index, tag] of tags.entries()) {
    numbered += `${text.slice(at, tag.start)}\${${index}}`
    at = tag.end
  }
  numbered += text.slice(at)
  // A writer of its own: the shared one keeps every template it has ever seen.
  const tokens: TemplateSpans = new Mustache.Writer().parse(numbered, DELIMITERS)
  return tokens.map((token) => (token[0] === 'text' ? String(token[1]) : compiled[Number(token[1])]!))
}

function placeInTemplate(diagnostic: Diagnostic, text: string, tag: TemplateTag): Diagnostic {
  const start = positionAt(text, tag.bodyOffset)
  const lineOf = (line: number): number => start.line + line - 1
  const columnOf = (line: number, column: number): number => (line === 1 ? start.column + column - 1 : column)
  const { sqlLine = 1, sqlColumn = 1, sqlEndLine, sqlEndColumn } = diagnostic
  const placed = { ...diagnostic, sqlLine: lineOf(sqlLine), sqlColumn: columnOf(sqlLine, sqlColumn) }
  if (sqlEndLine === undefined || sqlEndColumn === undefined) return placed
  return { ...placed, sqlEndLine: lineOf(sqlEndLine), sqlEndColumn: columnOf(sqlEndLine, sqlEndColumn) }
}
