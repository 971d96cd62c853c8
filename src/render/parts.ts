import { type Effect, type Evaluator, type Scope } from '../sql/index.ts'
import { toText } from '../value/index.ts'
import { MAX_RENDERED, type Rendered, type Template } from './template.ts'

/** A compiled `${…}`; `source` is its text, delimiters included. */
export interface Tag {
  readonly source: string
  readonly evaluate: Evaluator
  readonly effect: Effect
  readonly constant: boolean
  /** Whether its value may differ from message to message. */
  readonly readsMessage: boolean
}

/** A template in order: literal texts and tags. */
export type Part = string | Tag

/** A template that is the same for every message. */
export function constantTemplate(text: string, constant: string): Template {
  const rendered: Rendered = { text: constant }
  return { text, constant, effect: 'pure', readsMessage: false, render: () => rendered }
}

/** Chooses, once, the shortest way to render `parts`. */
export function dynamicTemplate(text: string, parts: readonly Part[], effect: Effect): Template {
  const folded = fold(parts)
  const readsMessage = parts.some((part) => typeof part !== 'string' && part.readsMessage)
  const [only] = folded
  if (folded.length === 0) return constantTemplate(text, '')
  if (folded.length > 1)
    return { text, constant: undefined, effect, readsMessage, render: (scope) => renderParts(folded, scope) }
  if (typeof only === 'string') return constantTemplate(text, only)
  return { text, constant: undefined, effect, readsMessage, render: (scope) => renderTag(only!, scope) }
}

/** Joins literals and constant tags; a constant tag without a text form stays, to be reported where it matters. */
function fold(parts: readonly Part[]): Part[] {
  const folded: Part[] = []
  for (const part of parts) {
    const text = typeof part === 'string' ? part : part.constant ? constantText(part) : undefined
    if (text === undefined) folded.push(part)
    else if (typeof folded.at(-1) === 'string') folded.push(`${folded.pop() as string}${text}`)
    else folded.push(text)
  }
  return folded
}

function constantText(tag: Tag): string | undefined {
  // A constant expression does not look at its scope.
  return toText(tag.evaluate({} as Scope))
}

function renderTag(tag: Tag, scope: Scope): Rendered {
  const value = tag.evaluate(scope)
  const text = typeof value === 'string' ? value : toText(value)
  if (text === undefined) return { text: '', undefinedAt: tag.source }
  return text.length > MAX_RENDERED ? tooLong() : { text }
}

function renderParts(parts: readonly Part[], scope: Scope): Rendered {
  let text = ''
  let undefinedAt: string | undefined
  for (const part of parts) {
    if (typeof part === 'string') {
      text += part
    } else {
      const value = part.evaluate(scope)
      const piece = typeof value === 'string' ? value : toText(value)
      if (piece === undefined) undefinedAt ??= part.source
      else text += piece
    }
    if (text.length > MAX_RENDERED) return tooLong()
  }
  return undefinedAt === undefined ? { text } : { text, undefinedAt }
}

function tooLong(): Rendered {
  return { text: '', tooLong: true }
}
