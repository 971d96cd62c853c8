import { evaluateErrorAction, takeFailure } from '../evaluate/index.ts'
import { renderValues, type Template, type TracedTag } from '../render/index.ts'
import { type CompiledAction } from '../rule/index.ts'
import { toText, type Value } from '../value/index.ts'
import { bounds } from './bounds.ts'
import { type Run } from './run.ts'
import { type ActionExplanation, type TagExplanation, type TemplateExplanation } from './explanation.ts'
import { Lines } from './lines.ts'
import { shortened } from './preview.ts'
import { selectedNames } from './statement.ts'
import { TreeBuilder } from './tree.ts'

/** Runs an action's templates and says what each came to. */
export function explainAction(run: Run, action: CompiledAction, output: Buffer): ActionExplanation {
  const made = action.assemble(run.scope, output)
  const failure = takeFailure(run.scope) ?? ('class' in made ? made : undefined)
  const templates = action.templates.map(([field, template]) => explainTemplate(run, field, template))
  const { kind, index } = action
  return { kind, index, templates, ...(failure === undefined ? {} : { failure }) }
}

/** The same for the error action; without a failure it asks no service. */
export async function explainErrorAction(run: Run, failed: boolean): Promise<ActionExplanation | undefined> {
  const { errorAction, query } = run.traced
  if (errorAction === undefined || (errorAction.remote && !failed)) return undefined
  if (errorAction.remote) await evaluateErrorAction(query, run.scope, errorAction)
  return explainAction(run, errorAction, Buffer.alloc(0))
}

function explainTemplate(run: Run, field: string, template: Template): TemplateExplanation {
  const tags = template.trace ?? []
  const values = tags.map((tag) => valueOf(run, tag))
  const rendered = renderValues(template, values)
  const shown = shortened(rendered.text, bounds.preview)
  const lines = new Lines(template.text)
  const explained: TagExplanation[] = []
  for (const [index, tag] of tags.entries()) {
    if (run.allowance.isSpent) break
    explained.push(explainTag(run, tag, values[index], lines))
  }
  const more = tags.length - explained.length
  run.allowance.spend(shown.text.length)
  return {
    field,
    template: shortened(template.text, bounds.preview).text,
    rendered: shown.text,
    ...(shown.whole ? {} : { cut: true as const }),
    ...(rendered.undefinedAt === undefined ? {} : { undefinedAt: rendered.undefinedAt }),
    ...(rendered.tooLong === true ? { tooLong: true as const } : {}),
    tags: explained,
    ...(more > 0 ? { more } : {}),
  }
}

/** As the template's own run had it; a constant tag does not run. */
function valueOf({ recorder }: Run, { expression: { expression, nodes } }: TracedTag): Value {
  const recorded = recorder.last(expression)
  return recorded === undefined ? nodes.get(expression)?.value : recorded.value
}

function explainTag(run: Run, tag: TracedTag, value: Value, lines: Lines): TagExplanation {
  const { scope, allowance, traced, recorder, variables } = run
  const { expression, nodes, text } = tag.expression
  const { version } = traced
  const offset = tag.bodyOffset
  const selected = selectedNames(traced.query.trace!.statement)
  const place = { text, nodes, lines, offset }
  const builder = new TreeBuilder({ scope, version, allowance, variables, selected, ...place })
  const rendered = toText(value)
  return {
    source: shortened(tag.source, bounds.source).text,
    ...(rendered === undefined ? {} : { rendered: shortened(rendered, bounds.preview).text }),
    node: builder.build(expression, recorder.last(expression)),
  }
}
