import { type ExplainedNode } from './explanation.ts'
import { visible } from './style.ts'

interface Mark {
  readonly column: number
  readonly text: string
}

/**
 * The condition on a line by itself with the values of its paths, variables and calls below, each under its first
 * character; undefined when it does not fit into `width`.
 *
 *     temperature > 30 AND battery > limit
 *     |                    |         |
 *     "abc"                17        Undefined
 */
export function pointTo(root: ExplainedNode, source: string, width: number): string[] | undefined {
  // Character by character, so that places stay where they are.
  const text = source.slice(root.span.start, root.span.end).replace(/[\t\r\n]/g, ' ')
  if (text.length > width || visible(text) !== text) return undefined
  const marks = marksOf(root, root.span.start, width)
  if (marks === undefined || marks.length === 0) return undefined
  const lines = [text]
  let open = marks
  while (open.length > 0) {
    lines.push(...valueLines(open))
    const last = placed(open)
    open = open.filter((mark) => !last.includes(mark))
  }
  return lines
}

/** A line of bars, and one with the values that fit; the others hang lower. */
function valueLines(open: readonly Mark[]): string[] {
  const shown = placed(open)
  let bars = ''
  let values = ''
  for (const mark of open) {
    bars = `${bars.padEnd(mark.column)}|`
    values = `${values.padEnd(mark.column)}${shown.includes(mark) ? mark.text : '|'}`
  }
  return [bars, values]
}

/** Those whose value ends before the next mark begins. */
function placed(open: readonly Mark[]): readonly Mark[] {
  return open.filter((mark, index) => {
    const next = open[index + 1]
    return next === undefined || mark.column + mark.text.length < next.column
  })
}

/** Undefined when the values would not fit. */
function marksOf(root: ExplainedNode, start: number, width: number): Mark[] | undefined {
  const marks: Mark[] = []
  const nodes = [root]
  for (let node = nodes.pop(); node !== undefined; node = nodes.pop()) {
    if (node.kind === 'select' || node.kind === 'exists') return undefined
    const points = ['field', 'member', 'variable', 'call', 'payload'].includes(node.kind)
    if (points) marks.push({ column: node.span.start - start, text: shownValue(node) })
    if (node.kind !== 'member') nodes.push(...node.children)
  }
  marks.sort((a, b) => a.column - b.column)
  const fits = marks.every(({ column, text }) => column + text.length <= width)
  return fits ? marks : undefined
}

function shownValue({ preview, skipped }: ExplainedNode): string {
  if (skipped !== undefined) return '-'
  const text = visible(preview ?? '')
  return text.length > 24 ? `${text.slice(0, 23)}…` : text
}
