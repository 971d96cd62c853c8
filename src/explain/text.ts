import {
  type ActionExplanation,
  type Explanation,
  type SelectedItem,
  type SelectExplanation,
  type TemplateExplanation,
  type WhereExplanation,
} from './explanation.ts'
import { pointTo } from './pointers.ts'
import { painter, visible, wrap } from './style.ts'
import { type Layout, treeLines } from './text-tree.ts'

export interface RenderOptions {
  /** Columns; 100 when left out, at least 40. */
  readonly width?: number
  /** ANSI colours; off when left out. */
  readonly color?: boolean
}

const NARROWEST = 40
const LABEL = 9

/**
 * An explanation as text: the topic, the payload, the verdict of WHERE with its reason, then every value. What came
 * in a message cannot steer a terminal: control characters are written as escapes.
 */
export function renderExplanation(explanation: Explanation, options: RenderOptions = {}): string {
  const layout: Layout = {
    width: Math.max(options.width ?? 100, NARROWEST),
    paint: painter(options.color === true),
  }
  const { set = [], where, select, actions = [], errorAction, cut } = explanation
  const sections = [
    headLines(explanation, layout),
    where === undefined ? [] : whereTree(where, explanation.sql, layout),
    set.length === 0
      ? []
      : section(
          'SET',
          layout,
          set.flatMap(({ name, node }) => treeLines({ ...node, role: `@${name}` }, '', '', layout)),
        ),
    select === undefined ? [] : selectLines(select, layout),
    ...actions.map((action) => actionLines(`action ${action.index}: ${action.kind}`, action, layout)),
    errorAction === undefined
      ? []
      : actionLines(`error action, if one fails: ${errorAction.kind}`, errorAction, layout),
    cut === undefined ? [] : [cut],
  ]
  return sections
    .filter((lines) => lines.length > 0)
    .map((lines) => `${lines.join('\n')}\n`)
    .join('\n')
}

function labelled(
  label: string,
  text: string,
  layout: Layout,
  tone: 'plain' | 'good' | 'bad' | 'undefined' = 'plain',
): string[] {
  const lines = wrap(visible(text), layout.width - LABEL)
  return lines.map((line, index) => {
    const before =
      index === 0 ? layout.paint('heading', label) + ' '.repeat(LABEL - label.length) : ' '.repeat(LABEL)
    return before + layout.paint(tone, line)
  })
}

function headLines(explanation: Explanation, layout: Layout): string[] {
  const { rule, version, disabled, topic, payload, where, selected } = explanation
  const lines = [
    ...labelled('rule', `${rule}, version ${version}${disabled === true ? ', disabled' : ''}`, layout),
    ...labelled('topic', `${topic.topic}: ${topic.reason}`, layout, topic.matched ? 'plain' : 'bad'),
  ]
  if (topic.filter !== undefined) lines.push(...labelled('filter', topic.filter, layout))
  const size = sizeOf(payload.bytes)
  lines.push(...labelled('payload', payload.json ? `${size} of JSON` : `${size}: ${payload.fault}`, layout))
  if (!topic.matched) return lines
  const { failure } = explanation
  if (failure !== undefined) {
    return [...lines, ...labelled('failed', `${failure.code}: ${failure.message}`, layout, 'bad')]
  }
  if (where === undefined) return [...lines, ...labelled('WHERE', 'none: every message is selected', layout)]
  if (selected) return [...lines, ...labelled('WHERE', 'true: the message is selected', layout, 'good')]
  const tone = where.verdict === 'Undefined' ? 'undefined' : 'bad'
  lines.push(...labelled('WHERE', `${where.verdict}: the message is not selected`, layout, tone))
  return where.reason === undefined ? lines : [...lines, ...labelled('', where.reason, layout, tone)]
}

function section(title: string, layout: Layout, lines: readonly string[]): string[] {
  return [layout.paint('heading', title), ...lines]
}

function whereTree({ node }: WhereExplanation, sql: string, layout: Layout): string[] {
  const pointers = pointTo(node, sql, layout.width - 2)?.map((line) => `  ${line}`) ?? []
  const gap = pointers.length === 0 ? [] : ['']
  return section('WHERE', layout, [...pointers, ...gap, ...treeLines(node, '', '', layout)])
}

function selectLines({ forwards, items, more, output }: SelectExplanation, layout: Layout): string[] {
  const size = output === undefined ? '' : sizeOf(output.bytes)
  if (forwards) return section('SELECT', layout, [`the payload is passed on unchanged, ${size}`])
  const lines = items.flatMap((item) => itemLines(item, layout))
  const end =
    output === undefined ? [] : [`${layout.paint('quiet', `output, ${size}:`)} ${visible(output.preview)}`]
  const left = more === undefined ? [] : [layout.paint('quiet', `… ${more} more`)]
  return section('SELECT', layout, [...lines, ...left, ...end])
}

function sizeOf(bytes: number): string {
  return bytes === 1 ? '1 byte' : `${bytes} bytes`
}

function itemLines({ path, note, node }: SelectedItem, layout: Layout): string[] {
  const role = path?.join('.')
  const named = role === undefined ? node : { ...node, role }
  const lines = treeLines(named, '', '', layout)
  return note === undefined ? lines : [...lines, `   ${layout.paint('quiet', note)}`]
}

function actionLines(title: string, { templates, failure }: ActionExplanation, layout: Layout): string[] {
  const failed =
    failure === undefined ? [] : wrap(visible(`${failure.code}: ${failure.message}`), layout.width)
  return section(title, layout, [
    ...templates.flatMap((template) => templateLines(template, layout)),
    ...failed.map((line) => layout.paint('bad', line)),
  ])
}

function templateLines(explained: TemplateExplanation, layout: Layout): string[] {
  const { field, template, rendered, undefinedAt, tooLong, tags } = explained
  const { paint } = layout
  if (tags.length === 0) return [`${field} = ${visible(template)}`]
  const text =
    tooLong === true
      ? paint('bad', 'too long')
      : rendered === ''
        ? paint('quiet', '(empty)')
        : paint('value', visible(rendered))
  const lines = [`${field}: ${visible(template)} = ${text}`]
  for (const [index, { node, source }] of tags.entries()) {
    const isLast = index === tags.length - 1
    const named = { ...node, text: source }
    lines.push(...treeLines(named, isLast ? '└─ ' : '├─ ', isLast ? '   ' : '│  ', layout))
  }
  if (undefinedAt !== undefined) {
    lines.push(
      paint('undefined', `   ${visible(undefinedAt)} has no text form and is rendered as empty text`),
    )
  }
  return lines
}
