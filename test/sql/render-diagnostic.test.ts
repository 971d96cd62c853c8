import { describe, expect, it } from 'vitest'
import { parseStatement, renderDiagnostic, renderExcerpt } from '../../src/sql/index.ts'

function rendered(sql: string): string[] {
  const parsed = parseStatement(sql)
  return parsed.ok ? [] : renderDiagnostic(sql, parsed.diagnostics[0]!).split('\n').slice(1, 3)
}

describe('renderDiagnostic', () => {
  it('underlines all that the diagnostic is about', () => {
    expect(rendered("SELECT a\r\nFRM 'x'")).toEqual(["  2:1 | FRM 'x'", '        ^^^'])
  })

  it('shows a tab as a blank, and nothing that steers a terminal', () => {
    expect(rendered("SELECT\ta\u001b[31m FROM 'x'")).toEqual([
      "  1:9 | SELECT a [31m FROM 'x'",
      '                ^',
    ])
  })

  it('counts columns in UTF-16 units and sets the caret by what a terminal shows', () => {
    expect(rendered("SELECT '😀温' b FROM 'x'")).toEqual([
      "  1:14 | SELECT '😀温' b FROM 'x'",
      '                       ^',
    ])
  })

  it.each([30, 40, 80])('keeps a long line and its carets within %i columns', (width) => {
    const sql = `SELECT ${'a, '.repeat(200)}b c, ${'d, '.repeat(200)}e FROM 'x'`
    const parsed = parseStatement(sql)
    const [line, caret] = parsed.ok ? [] : renderExcerpt(sql, parsed.diagnostics[0]!, width)
    expect(line!.length).toBeLessThanOrEqual(width)
    expect(line!.length).toBeGreaterThan(width - 3)
    expect(line![caret!.indexOf('^')]).toBe('c')
  })

  it('shows the part of a long line around the fault', () => {
    const [line, caret] = rendered(`SELECT ${'a, '.repeat(200)}b c, ${'d, '.repeat(200)}e FROM 'x'`)
    expect(line!.length).toBeLessThan(130)
    expect(line![caret!.indexOf('^')]).toBe('c')
  })
})
