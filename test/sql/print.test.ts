import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  parseExpression,
  parseStatement,
  printExpression,
  printStatement,
  quotedText,
} from '../../src/sql/index.ts'
import { anyExpressions, anyStatements, withoutSpans } from './arbitraries.ts'

function printed(text: string): string {
  const parsed = parseStatement(text)
  if (!parsed.ok) throw new Error(parsed.diagnostics[0]!.message)
  return printStatement(parsed.statement)
}

describe('printStatement', () => {
  it('gives the text of a tree from which the same tree is read again', () => {
    fc.assert(
      fc.property(anyStatements, (statement) => {
        const parsed = parseStatement(printStatement(statement))
        expect(parsed).toMatchObject({ ok: true })
        expect(parsed.ok && withoutSpans(parsed.statement)).toEqual(withoutSpans(statement))
      }),
      { numRuns: 600 },
    )
  })

  it('does the same for an expression by itself', () => {
    fc.assert(
      fc.property(anyExpressions, (expression) => {
        const parsed = parseExpression(printExpression(expression))
        expect(parsed).toMatchObject({ ok: true })
        expect(parsed.ok && withoutSpans(parsed.expression.expression)).toEqual(withoutSpans(expression))
      }),
      { numRuns: 600 },
    )
  })

  it.each([
    ["select  *   from 'a/b'", "SELECT * FROM 'a/b'"],
    ['select a from topic/#', "SELECT a FROM 'topic/#'"],
    [
      `set @v = (1+2)*3 select @v as x.y from "t" where not (a=1 or b=2) and c`,
      "SET @v = (1 + 2) * 3 SELECT @v AS x.y FROM 't' WHERE NOT (a = 1 OR b = 2) AND c",
    ],
    ["select ((a)), -(-1), a-(b-c) from 't'", "SELECT a, - -1, a - (b - c) FROM 't'"],
    ['select "it\'s" as "odd key"', "SELECT 'it\\'s' AS 'odd key'"],
    [
      'select upper((select value n from rows as r where r.ok)) as u',
      'SELECT upper(SELECT VALUE n FROM rows AS r WHERE r.ok) AS u',
    ],
    ['select (value - x) as d', 'SELECT (value - x) AS d'],
    [
      "select case a when 1 then 'x' else cast(b as int) end as c",
      "SELECT CASE a WHEN 1 THEN 'x' ELSE CAST(b AS int) END AS c",
    ],
  ])('writes %s as %s', (text, expected) => {
    expect(printed(text)).toBe(expected)
    expect(printed(expected)).toBe(expected)
  })

  it('writes strings with escapes that are read as they were', () => {
    expect(quotedText("a'b\\c\n\u0000\ud800")).toBe("'a\\'b\\\\c\\n\\u0000\\ud800'")
  })
})
