import { toText, type Value } from '../value/index.ts'
import { MAX_RENDERED, type Rendered, type Template, type TracedTag } from './template.ts'

/** What a watched template renders to when its tags have these values, in their order. */
export function renderValues(template: Template, values: readonly Value[]): Rendered {
  const tags: readonly TracedTag[] = template.trace ?? []
  let text = ''
  let at = 0
  let undefinedAt: string | undefined
  for (const [index, tag] of tags.entries()) {
    const piece = toText(values[index])
    text += template.text.slice(at, tag.start) + (piece ?? '')
    if (piece === undefined) undefinedAt ??= tag.source
    at = tag.start + tag.source.length
    if (text.length > MAX_RENDERED) return { text: '', tooLong: true }
  }
  text += template.text.slice(at)
  if (text.length > MAX_RENDERED) return { text: '', tooLong: true }
  return undefinedAt === undefined ? { text } : { text, undefinedAt }
}
