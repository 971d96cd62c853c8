import { describe, expect, it } from 'vitest'
import { compileStatement, newestSqlVersion, parseStatement, renderDiagnostic } from '../../src/sql/index.ts'

/** Everything that is wrong with a statement, as a terminal shows it. */
function faults(sql: string): string {
  const parsed = parseStatement(sql)
  const result = parsed.ok ? compileStatement(parsed.statement, newestSqlVersion) : parsed
  return result.ok ? 'accepted' : result.diagnostics.map((each) => renderDiagnostic(sql, each)).join('\n')
}

describe('a refused statement', () => {
  it('shows line, caret, what was found, what was expected and what to do', () => {
    expect(faults("SELECT a\nFROM 'a'\nWHERE b LIKE 'x%'")).toBe(
      [
        'error SQL_SYNTAX: Found LIKE after b, expected an operator or the end.',
        "  3:9 | WHERE b LIKE 'x%'",
        '                ^^^^',
        "  hint: there is no LIKE: use startswith(field, 'text'), endswith(field, 'text') or regexp_matches(field, 'pattern')",
      ].join('\n'),
    )
  })

  it('names every operator of another language at once', () => {
    const lines = faults("SELECT a FROM 'a' WHERE a == 1 && b != 2 || c").split('\n')
    expect(lines.filter((line) => line.includes('hint'))).toEqual([
      '  hint: write =',
      '  hint: write AND',
      '  hint: write <>',
      '  hint: write OR, or + to join strings',
    ])
  })

  it('names every unknown function, type and variable at once', () => {
    expect(faults("SELECT uper(a) AS b, cast(a AS Strin) AS c, @d FROM 'a'")).toMatch(
      /no function uper[\s\S]*did you mean upper[\s\S]*no type Strin[\s\S]*@d is not assigned/,
    )
  })
})

describe('a frequent slip', () => {
  it.each([
    ["SELECT a, FROM 'a'", 'remove the comma before it'],
    ["SELECT a[0] FROM 'a'", 'get(array, 0)'],
    ["SELECT a.0.b FROM 'a'", 'get(object, "0")'],
    ["SELECT * 'a/b'", 'FROM is missing'],
    ["SELECT a FRM 'a'", 'did you mean FROM?'],
    ["SELEC a FROM 'a'", 'did you mean SELECT?'],
    ["SELECT a FROM 'a' WHERE b BETWEEN 1 AND 2", 'field >= low AND field <= high'],
    ["SELECT a FROM 'a' WHERE b IS NULL", 'isNull(field)'],
    ["SELECT a FROM 'a' WHERE b IN (1, 2)", 'IN [1, 2]'],
    ["SELECT a FROM 'a' WHERE b IN (1)", 'IN [1, 2]'],
    ["SELECT a FROM 'a' WHERE b NOT IN [1]", 'NOT (value IN array)'],
    ["SELECT a FROM 'a' GROUP BY b", 'GROUP BY'],
    ["SELECT a FROM 'a' ORDER BY b", 'ORDER BY'],
    ["SELECT a FROM 'a' LIMIT 1", 'LIMIT'],
    ["SELECT a FROM 'a' JOIN b", 'JOIN'],
    ["SELECT a -- b\nFROM 'a'", 'no comments'],
    ["SELECT /* b */ a FROM 'a'", 'no comments'],
    ["SELECT a FROM 'a';", 'without a semicolon'],
    ["SELECT `a b` FROM 'a'", 'get(*, "a b")'],
    ['SELECT ‘a’ FROM b', 'straight quotes'],
    ["SELECT CASE WHEN a > 1 THEN 1 END AS b FROM 'a'", 'CASE condition WHEN true'],
    ["SELECT array of strings FROM 'a'", 'get(*, "array of")'],
    ["SELECT a WHERE b = 1 FROM 'a'", 'FROM comes before WHERE'],
    ["SELECT a FROM 'a' SET @b = 1", 'SET comes before SELECT'],
    ["SET @a = 1 SET @b = 2 SELECT @a FROM 'a'", 'SET once'],
    ["SET @my-var = 1 SELECT 1 AS a FROM 'a'", 'letters, digits and _'],
    ["SELECT 'abc FROM a", 'no closing quote'],
    ["SELECT now() AS a FROM 'a'", 'timestamp()'],
    ['', 'SELECT * FROM'],
  ])('%s gets the hint: %s', (sql, hint) => {
    expect(faults(sql)).toContain(hint)
  })
})

describe('bounds', () => {
  it('refuses a text of more than 256 KiB', () => {
    expect(faults(`SELECT '${'x'.repeat(300_000)}' AS a FROM 'a'`)).toContain('SQL_TOO_LONG')
  })

  it.each([
    '(',
    '[',
    'f(',
    "{'a':",
    'CASE a WHEN 1 THEN ',
    'CASE end WHEN 1 THEN ',
    'NOT ',
    '- ',
    '1 + ',
    'a.',
    'a IN ',
  ])('survives 10,000 times %s', (opening) => {
    const text = faults(`SELECT ${opening.repeat(10_000)}1 AS a FROM 'a'`)
    expect(text).toMatch(/error SQL_(TOO_DEEP|SYNTAX|TOO_LONG)/)
  })

  it('takes a thousand alternatives in one WHERE', () => {
    const where = Array.from({ length: 1000 }, (_, index) => `a = ${index}`).join(' OR ')
    expect(faults(`SELECT * FROM 'a' WHERE ${where}`)).toBe('accepted')
  })
})
