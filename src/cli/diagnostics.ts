import { type Diagnostic, errorCatalogue } from '../errors.ts'
import { renderExcerpt } from '../sql/index.ts'
import { fieldOf, type StoredDocument } from '../store/index.ts'
import { printable } from './printable.ts'
import { hanging, terminal } from './terminal.ts'

/** What `renderFault` puts before an excerpt. */
const INDENT = 2

/** The same for a rule document, with the line of a statement or template that a fault is in and carets below it. */
export function renderDocumentFault(
  diagnostic: Diagnostic,
  { file, document }: Pick<StoredDocument, 'file' | 'document'>,
): string {
  const text = diagnostic.path === undefined ? undefined : fieldOf(document, diagnostic.path)
  return renderFault(diagnostic, file, typeof text === 'string' ? excerptOf(text, diagnostic) : [])
}

/** `file:12:5 error SQL_SYNTAX: …` with the lines of `excerpt` and the hint, or the catalogue's remedy, below. */
export function renderFault(diagnostic: Diagnostic, file?: string, excerpt: readonly string[] = []): string {
  const { code, severity, message, line, column, hint, path, sqlLine, sqlColumn } = diagnostic
  const place = [file, line, column].filter((part) => part !== undefined).join(':')
  const within = sqlLine === undefined ? '' : `, line ${sqlLine}, column ${sqlColumn}`
  const where = path === undefined || message.includes(path) ? '' : ` (${path}${within})`
  const { class: kind, remedy } = errorCatalogue[code]
  const advice = hint ?? (severity === 'error' || kind === 'start' ? remedy : undefined)
  const head = `${place === '' ? '' : `${place} `}${severity} ${code}: ${message}${where}`
  return [
    hanging('', printable(head), '  '),
    ...excerpt.map((shown) => `  ${shown}`),
    ...(advice === undefined ? [] : [hanging('    ', printable(advice))]),
  ].join('\n')
}

/** The excerpt for `renderFault`, as wide as the terminal has room. */
export function excerptOf(text: string, diagnostic: Diagnostic): string[] {
  const { width } = terminal()
  return renderExcerpt(text, diagnostic, width === undefined ? undefined : width - INDENT)
}
