import { type Diagnostic, type ErrorCode } from '../errors.ts'
import { type Span } from './ast.ts'
import { limits } from './limits.ts'

/** Line and column of a UTF-16 offset, both from 1; `\r\n` is one line end. */
export function positionAt(text: string, offset: number): { line: number; column: number } {
  let line = 1
  let lineStart = 0
  for (
    let newline = text.indexOf('\n');
    newline !== -1 && newline < offset;
    newline = text.indexOf('\n', lineStart)
  ) {
    line += 1
    lineStart = newline + 1
  }
  return { line, column: offset - lineStart + 1 }
}

/** Collects the first findings about one statement or expression and gives each its position. */
export class Findings {
  readonly errors: Diagnostic[] = []
  readonly warnings: Diagnostic[] = []
  readonly text: string

  constructor(text: string) {
    this.text = text
  }

  error(code: ErrorCode, span: Span, message: string, hint?: string): void {
    if (this.errors.length < limits.findings)
      this.errors.push(this.#diagnostic('error', code, span, message, hint))
  }

  warn(code: ErrorCode, span: Span, message: string, hint?: string): void {
    if (this.warnings.length < limits.findings)
      this.warnings.push(this.#diagnostic('warning', code, span, message, hint))
  }

  #diagnostic(
    severity: Diagnostic['severity'],
    code: ErrorCode,
    span: Span,
    message: string,
    hint: string | undefined,
  ): Diagnostic {
    const { line, column } = positionAt(this.text, Math.min(span.start, this.text.length))
    const finding = { code, severity, message, sqlLine: line, sqlColumn: column }
    return hint === undefined ? finding : { ...finding, hint }
  }
}

/** Longest part of a line that `renderDiagnostic` shows. */
const shownColumns = 100

/** The diagnostic as text with the line it stands in and a caret below the column. */
export function renderDiagnostic(text: string, diagnostic: Diagnostic): string {
  const lines = [`${diagnostic.severity} ${diagnostic.code}: ${diagnostic.message}`]
  if (diagnostic.sqlLine !== undefined && diagnostic.sqlColumn !== undefined) {
    lines.push(...excerpt(text, diagnostic.sqlLine, diagnostic.sqlColumn))
  }
  if (diagnostic.hint !== undefined) lines.push(`  hint: ${diagnostic.hint}`)
  return lines.join('\n')
}

function excerpt(text: string, line: number, column: number): string[] {
  const source = text.split('\n')[line - 1]?.replace(/\r$/, '').replaceAll('\t', ' ') ?? ''
  const from = column > shownColumns ? column - shownColumns / 2 : 1
  const label = `${line}:${column} | `
  const shown = source.slice(from - 1, from - 1 + shownColumns)
  return [`  ${label}${shown}`, `  ${' '.repeat(label.length + column - from)}^`]
}

/** At most 40 characters of something the user wrote, on one line, for a message. */
export function preview(text: string): string {
  const line = text.replace(/\s+/g, ' ')
  return line.length > 40 ? `${line.slice(0, 37)}...` : line
}
