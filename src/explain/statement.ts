import { outputPath, type SelectItem, type Statement } from '../sql/index.ts'
import { isObject } from '../value/index.ts'
import { bounds } from './bounds.ts'
import { type Run } from './run.ts'
import {
  type ExplainedNode,
  type Explanation,
  type SelectedItem,
  type SelectExplanation,
  type WhereExplanation,
} from './explanation.ts'
import { Lines } from './lines.ts'
import { shortened } from './preview.ts'
import { TreeBuilder } from './tree.ts'
import { whyNotTrue } from './verdict.ts'

/**
 * SET, WHERE and SELECT; `output` is that of SELECT, undefined when the message was not selected, or when a service
 * `failed` and the statement was left there.
 */
export function explainStatement(
  run: Run,
  output: Buffer | undefined,
  failed: boolean,
): Pick<Explanation, 'set' | 'where' | 'select'> {
  const { statement, nodes } = run.traced.query.trace!
  const { scope, allowance, traced, variables } = run
  const lines = new Lines(statement.text)
  const { text } = statement
  const { version } = traced
  const selected = selectedNames(statement)
  const place = { text, nodes, lines, offset: 0 }
  const builder = new TreeBuilder({ scope, version, allowance, variables, selected, ...place })
  const set = statement.assignments.map(({ name, value }) => {
    const node = builder.build(value, run.recorder.last(value))
    variables.set(name, node)
    return { name, node }
  })
  const where = explainWhere(run, statement, builder)
  const isReached = output !== undefined || (failed && isSelectRecorded(run, statement))
  const select = isReached ? explainSelect(run, statement, builder, output) : undefined
  return {
    ...(set.length === 0 ? {} : { set }),
    ...(where === undefined ? {} : { where }),
    ...(select === undefined ? {} : { select }),
  }
}

/** What SELECT gives names to, by name: WHERE and templates see the payload, and not these. */
export function selectedNames({ select, text }: Statement): ReadonlyMap<string, string> {
  const items = select.kind === 'value' ? [] : select.items
  return new Map(
    items.flatMap(({ alias, value: { span } }) =>
      alias?.length === 1 ? [[alias[0]!, text.slice(span.start, span.end)] as const] : [],
    ),
  )
}

function isSelectRecorded({ recorder }: Run, { select }: Statement): boolean {
  const values = select.kind === 'value' ? [select.value] : select.items.map(({ value }) => value)
  return values.some((value) => recorder.last(value) !== undefined)
}

function explainWhere(
  { recorder }: Run,
  { where }: Statement,
  builder: TreeBuilder,
): WhereExplanation | undefined {
  if (where === undefined) return undefined
  const node = builder.build(where, recorder.last(where))
  // A service failed in SET.
  if (node.skipped !== undefined) return undefined
  const verdict =
    typeof node.value === 'boolean' ? node.value : node.type === 'Undefined' ? 'Undefined' : 'not a Boolean'
  const reason = whyNotTrue(node)
  return { verdict, ...(reason === undefined ? {} : { reason }), node }
}

function explainSelect(
  { recorder, traced, allowance }: Run,
  { select, text }: Statement,
  builder: TreeBuilder,
  output: Buffer | undefined,
): SelectExplanation {
  const { forwardsPayload } = traced.query
  const end = output === undefined ? {} : { output: outputOf(output) }
  if (forwardsPayload) return { forwards: true, items: [], ...end }
  if (select.kind === 'value') {
    const node = builder.build(select.value, recorder.last(select.value))
    return { forwards: false, items: [{ node }], ...end }
  }
  const items: SelectedItem[] = []
  for (const item of select.items) {
    if (allowance.isSpent) break
    const node = builder.build(item.value, recorder.last(item.value))
    const path = outputPath(item, text)
    items.push({ ...(path === undefined ? {} : { path }), ...fateOf(item, path, node), node })
  }
  const more = select.items.length - items.length
  return { forwards: false, items, ...(more > 0 ? { more } : {}), ...end }
}

function outputOf(output: Buffer): NonNullable<SelectExplanation['output']> {
  // UTF-8 has at most four bytes a character.
  const shown = shortened(output.subarray(0, 4 * bounds.preview).toString('utf8'), bounds.preview)
  return { bytes: output.length, preview: shown.text, ...(shown.whole ? {} : { cut: true }) }
}

/** What becomes of a value that does not appear in the output as it is. */
function fateOf(
  { value }: SelectItem,
  path: readonly string[] | undefined,
  node: ExplainedNode,
): Pick<SelectedItem, 'note'> {
  if (node.type === 'Undefined') return { note: 'Undefined is left out of the output' }
  if (path === undefined && value.kind !== 'object' && !isObject(node.value)) {
    return { note: 'no Object, so it adds no members' }
  }
  return {}
}
