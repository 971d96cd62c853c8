import { type Diagnostic, type ErrorCode } from '../errors.ts'
import { type Span } from './ast.ts'
import { maxFindings } from './limits.ts'

/**
 * Line and column of a UTF-16 offset, both from 1. A line ends with `\n` or `\r\n`; a column is a UTF-16 code unit, as
 * in the Language Server Protocol and in JavaScript, so that a tab counts one and an emoji mostly two.
 */
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
    if (this.errors.length < maxFindings)
      this.errors.push(this.#diagnostic('error', code, span, message, hint))
  }

  warn(code: ErrorCode, span: Span, message: string, hint?: string): void {
    if (this.warnings.length < maxFindings)
      this.warnings.push(this.#diagnostic('warning', code, span, message, hint))
  }

  /** All errors, first to last in the text. */
  inOrder(): Diagnostic[] {
    return this.errors.toSorted(byPlace)
  }

  #diagnostic(
    severity: Diagnostic['severity'],
    code: ErrorCode,
    span: Span,
    message: string,
    hint: string | undefined,
  ): Diagnostic {
    const { length } = this.text
    const start = positionAt(this.text, Math.min(span.start, length))
    const place = { sqlLine: start.line, sqlColumn: start.column }
    const finding = { code, severity, message, ...place, ...this.#endOf(span) }
    return hint === undefined ? finding : { ...finding, hint }
  }

  #endOf({ start, end }: Span): Pick<Diagnostic, 'sqlEndLine' | 'sqlEndColumn'> {
    if (end <= start || start >= this.text.length) return {}
    const { line, column } = positionAt(this.text, Math.min(end, this.text.length))
    return { sqlEndLine: line, sqlEndColumn: column }
  }
}

/** Sorts findings of one text by line and column. */
export function byPlace(a: Diagnostic, b: Diagnostic): number {
  return (a.sqlLine ?? 0) - (b.sqlLine ?? 0) || (a.sqlColumn ?? 0) - (b.sqlColumn ?? 0)
}

/** At most 40 characters of something the user wrote, on one line, for a message. */
export function preview(text: string): string {
  const line = text.replace(/\s+/g, ' ')
  return line.length > 40 ? `${line.slice(0, 37)}...` : line
}
