import { type Diagnostic } from '../errors.ts'

/** Longest part of a line that `renderDiagnostic` shows, in UTF-16 code units. */
const shownColumns = 100
/** The same where there is hardly room. */
const leastColumns = 12
/** What stands around it: two blanks, and dots on both sides. */
const around = 8

/** The diagnostic as text with the line it stands in and carets below what it is about. */
export function renderDiagnostic(text: string, diagnostic: Diagnostic): string {
  const lines = [`${diagnostic.severity} ${diagnostic.code}: ${diagnostic.message}`]
  const { hint } = diagnostic
  lines.push(...renderExcerpt(text, diagnostic))
  if (hint !== undefined) lines.push(`  hint: ${hint}`)
  return lines.join('\n')
}

/**
 * Two lines: the one of `text` that the diagnostic stands in, and carets below; none when it has no place in a text.
 * Text of one column a character fits in `width` columns, so that a terminal does not part the carets from their line.
 */
export function renderExcerpt(text: string, diagnostic: Diagnostic, width = Infinity): string[] {
  const { sqlLine, sqlColumn } = diagnostic
  if (sqlLine === undefined || sqlColumn === undefined) return []
  return excerpt(text, sqlLine, sqlColumn, endColumn(diagnostic), width)
}

/** Where the carets end in the first line. */
function endColumn({ sqlLine, sqlColumn, sqlEndLine, sqlEndColumn }: Diagnostic): number {
  if (sqlEndLine === undefined || sqlEndColumn === undefined) return sqlColumn! + 1
  return sqlEndLine > sqlLine! ? Infinity : sqlEndColumn
}

function excerpt(text: string, line: number, column: number, end: number, width: number): string[] {
  const source = text.split('\n')[line - 1]?.replace(/\r$/, '') ?? ''
  const place = `${line}:${column} | `
  const room = Math.max(leastColumns, Math.min(shownColumns, width - place.length - around))
  const from = whole(source, column > room ? column - 1 - Math.floor(room / 2) : 0)
  const to = whole(source, from + room)
  const label = `${place}${from > 0 ? '...' : ''}`
  const shown = printable(source.slice(from, to))
  const before = widthOf(printable(source.slice(from, column - 1)))
  const marked = widthOf(printable(source.slice(column - 1, Math.min(end - 1, to))))
  return [
    `  ${label}${shown}${to < source.length ? '...' : ''}`,
    `  ${' '.repeat(label.length + before)}${'^'.repeat(Math.max(1, marked))}`,
  ]
}

/** An offset that does not part a surrogate pair. */
function whole(source: string, offset: number): number {
  const splits =
    /[\uDC00-\uDFFF]/.test(source[offset] ?? '') && /[\uD800-\uDBFF]/.test(source[offset - 1] ?? '')
  return Math.min(source.length, splits ? offset - 1 : offset)
}

/** Tabs and all that could steer a terminal become one blank. */
function printable(source: string): string {
  return source.replace(/[\p{Cc}\p{Cs}\p{Zl}\p{Zp}\u202A-\u202E\u2066-\u2069]/gu, ' ')
}

const noWidth = /^[\p{Mn}\p{Me}\p{Cf}]$/u
const doubleWidth =
  /^[\u1100-\u115F\u2E80-\uA4CF\uAC00-\uD7A3\uF900-\uFAFF\uFE30-\uFE6F\uFF00-\uFF60\uFFE0-\uFFE6\u{20000}-\u{3FFFD}\p{Emoji_Presentation}]$/u

/** Columns that a terminal with a fixed pitch needs. */
function widthOf(source: string): number {
  let width = 0
  for (const character of source) {
    if (!noWidth.test(character)) width += doubleWidth.test(character) ? 2 : 1
  }
  return width
}
