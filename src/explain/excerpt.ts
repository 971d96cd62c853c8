import { type ActionExplanation, type ExplainedNode, type Explanation } from './explanation.ts'
import { pointTo } from './pointers.ts'
import { type Paint, painter, visible, wrap } from './style.ts'

/** Undefined values that are told. */
const MOST = 8

/**
 * The part of an explanation that says why the result is what it is: why the topic did not match, why WHERE was not
 * true, where an Undefined in the output or in a template came from, what failed. Empty when there is none of this.
 */
export function renderExcerpt(
  explanation: Explanation,
  { paint = painter(false), width = 100 }: { readonly paint?: Paint; readonly width?: number } = {},
): string[] {
  const { topic, payload, where, selected, failure } = explanation
  const told = (text: string): string[] => wrap(visible(text), width)
  if (!topic.matched) return told(`topic: ${topic.reason}`).map((line) => paint('bad', line))
  const lines: string[] = []
  if (!payload.json) lines.push(...told(`The payload is no JSON: ${payload.fault}`))
  if (failure !== undefined) lines.push(...told(`${failure.code}: ${failure.message}`))
  if (!selected && where !== undefined && where.verdict !== true) {
    const reason = where.reason === undefined ? '' : `: ${where.reason}`
    lines.push(...told(`WHERE is ${where.verdict}${reason}`).map((line) => paint('undefined', line)))
    lines.push(...(pointTo(where.node, explanation.sql, width - 2) ?? []).map((line) => `  ${line}`))
  }
  const undefinedParts = [...itemsOf(explanation), ...templatesOf(explanation)]
  lines.push(...undefinedParts.slice(0, MOST).flatMap(told))
  if (undefinedParts.length > MOST) lines.push(`… ${undefinedParts.length - MOST} more that are Undefined`)
  return lines
}

function itemsOf({ select }: Explanation): string[] {
  return (select?.items ?? [])
    .filter(({ node }) => node.type === 'Undefined')
    .map(({ path, node }) => `${(path ?? [node.text]).join('.')} is not in the output: ${reasonOf(node)}`)
}

function templatesOf({ actions = [] }: Explanation): string[] {
  return actions.flatMap((action) => [...failureOf(action), ...tagsOf(action)])
}

function failureOf({ kind, index, failure }: ActionExplanation): string[] {
  return failure === undefined ? [] : [`${kind}, action ${index}: ${failure.code}: ${failure.message}`]
}

function tagsOf({ kind, index, templates }: ActionExplanation): string[] {
  return templates.flatMap(({ field, tags }) =>
    tags
      .filter(({ rendered }) => rendered === undefined)
      .map(
        ({ source, node }) => `${kind}, action ${index}, ${field}: ${source} has no text: ${reasonOf(node)}`,
      ),
  )
}

function reasonOf({ because, reason, preview }: ExplainedNode): string {
  return because?.reason ?? reason ?? `it is ${preview ?? 'not evaluated'}`
}
