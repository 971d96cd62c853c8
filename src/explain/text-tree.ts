import { type ExplainedNode } from './explanation.ts'
import { bounds } from './bounds.ts'
import { type Paint, type Tone, visible, wrap } from './style.ts'

export interface Layout {
  readonly width: number
  readonly paint: Paint
}

const SHORTEST = 24
/** Columns of one level. */
const INDENT = 3

/** The lines of a tree; `prefix` stands before its first line, `rest` before the others. */
export function treeLines(node: ExplainedNode, prefix: string, rest: string, layout: Layout): string[] {
  const isDeepest = rest.length >= INDENT * bounds.levels
  const inside = childrenShown(node)
  const children = isDeepest ? [] : inside
  const left = node.more ?? 0
  const lines = headLines(node, prefix, rest, children.length > 0 || left > 0, layout)
  for (const [index, child] of children.entries()) {
    const isLast = index === children.length - 1 && left === 0
    lines.push(
      ...treeLines(child, `${rest}${isLast ? '└─ ' : '├─ '}`, `${rest}${isLast ? '   ' : '│  '}`, layout),
    )
  }
  if (isDeepest && inside.length > 0) lines.push(`${rest}└─ ${layout.paint('quiet', '… deeper')}`)
  else if (left > 0) lines.push(`${rest}└─ ${layout.paint('quiet', `… ${left} more`)}`)
  return lines
}

/** Leaves out what says nothing new: literals, the steps of a path that has a value, operands of constants. */
function childrenShown({ kind, type, constant, children }: ExplainedNode): readonly ExplainedNode[] {
  if (kind === 'case') return children
  if (type !== 'Undefined' && (kind === 'member' || constant === true)) return []
  return children.filter((child) => !saysItself(child))
}

/** A literal, or a constant that is written as its value. */
function saysItself({ kind, constant, text, preview, type }: ExplainedNode): boolean {
  return type !== 'Undefined' && (kind === 'literal' || (constant === true && text === preview))
}

function headLines(
  node: ExplainedNode,
  prefix: string,
  rest: string,
  hasChildren: boolean,
  layout: Layout,
): string[] {
  const { paint, width } = layout
  const role = node.role === undefined || node.role === node.text ? '' : `${visible(node.role)}: `
  const head = role + visible(node.text)
  if (node.skipped !== undefined) {
    return [prefix + paint('quiet', `${head}  not evaluated: ${visible(node.skipped)}`)]
  }
  const type = showsType(node) ? ` ${node.type}` : ''
  const room = Math.max(width - prefix.length - type.length - 3, SHORTEST)
  const value = node.kind === 'element' ? '' : cutTo(visible(node.preview ?? ''), room)
  const lines: string[] = []
  const bar = hasChildren ? `${rest}│  ` : `${rest}   `
  if (value === '' || saysItself(node)) lines.push(prefix + cutTo(head, room))
  else if (head.length + value.length <= room) {
    lines.push(`${prefix}${head} = ${paint(toneOf(node), value)}${paint('quiet', type)}`)
  } else {
    lines.push(prefix + cutTo(head, room), `${bar}= ${paint(toneOf(node), value)}${paint('quiet', type)}`)
  }
  const remark = remarkOf(node)
  if (remark !== undefined) {
    const tone = node.reason === undefined ? 'quiet' : 'undefined'
    const wrapped = wrap(visible(remark), Math.max(width - bar.length, SHORTEST))
    lines.push(...wrapped.map((line) => bar + paint(tone, line)))
  }
  return lines
}

/** An Undefined that came from below is told there. */
function remarkOf({ reason, because, note, children }: ExplainedNode): string | undefined {
  if (reason !== undefined) {
    if (because === undefined) return reason
    return children.length > 0 ? undefined : `${reason}: ${because.reason}`
  }
  return note
}

function showsType({ type }: ExplainedNode): boolean {
  return type === 'Int' || type === 'Decimal' || type === 'String' || type === 'Array' || type === 'Object'
}

function toneOf({ value, type }: ExplainedNode): Tone {
  if (type === 'Undefined') return 'undefined'
  return value === true ? 'good' : value === false ? 'bad' : 'value'
}

function cutTo(text: string, most: number): string {
  return text.length > most ? `${text.slice(0, Math.max(most - 1, 1))}…` : text
}
