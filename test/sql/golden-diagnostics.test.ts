import { describe, expect, it } from 'vitest'
import { compileStatement, furtherFaults, newestSqlVersion, parseStatement } from '../../src/sql/index.ts'

function faults(sql: string): string[] {
  const parsed = parseStatement(sql)
  const compiled = parsed.ok ? compileStatement(parsed.statement, newestSqlVersion) : undefined
  if (compiled?.ok === true) return []
  const further =
    !parsed.ok && parsed.recovered !== undefined ? furtherFaults(parsed.recovered, newestSqlVersion, {}) : []
  const found = parsed.ok
    ? compiled?.ok === false
      ? compiled.diagnostics
      : []
    : [...parsed.diagnostics, ...further]
  return found.map(
    ({ sqlLine, sqlColumn, message, hint }) => `${sqlLine}:${sqlColumn} ${message} ${hint ?? ''}`,
  )
}

const item = "expected an operator, ',', AS, FROM or WHERE"

/** Statement, then position, message and hint of each error, as far as they matter. */
const rows: readonly (readonly [sql: string, ...errors: (readonly [place: string, ...parts: string[]])[]])[] =
  [
    // ---- keywords
    [
      "SELCT a FROM 'x'",
      ['1:1', 'Found SELCT at the beginning, expected SELECT or SET.', 'did you mean SELECT?'],
    ],
    ["a FROM 'x'", ['1:1', 'a statement begins with SELECT']],
    ['INSERT INTO x', ['1:1', 'its statement is a SELECT']],
    ["SELECT a FORM 'x' WHERE b = 1", ['1:10', `Found FORM after a, ${item}.`, 'did you mean FROM?']],
    [
      "SELECT a FROM 'x' WHRE b = 1",
      ['1:19', "Found WHRE after 'x', expected WHERE or the end.", 'did you mean WHERE?'],
    ],
    ['SELECT a FROM x/y WHRE b = 1', ['1:26', 'did you mean WHERE?']],
    [
      "SELECT CASE a WEHN 1 THEN 2 END AS b FROM 'x'",
      ['1:15', 'expected an operator or WHEN', 'did you mean WHEN?'],
    ],
    [
      "SELECT CASE a WHEN 1 THEN 2 EDN AS b FROM 'x'",
      ['1:29', 'expected an operator, WHEN, ELSE or END', 'did you mean END?'],
    ],
    ["SELECT a FORM 'x' WHRE b = 1", ['1:10', 'did you mean FROM?'], ['1:19', 'did you mean WHERE?']],
    // ---- clauses
    [
      "SELECT FROM 'x'",
      ['1:8', 'Found FROM after SELECT, expected a value.', 'write * for the whole payload'],
    ],
    ["SELECT a AS FROM 'x'", ['1:13', 'Found FROM after AS, expected a name.', 'leave AS out']],
    [
      "SELECT a FROM 'x' WHERE",
      ['1:24', 'Found the end of the text after WHERE, expected a value.', 'leave WHERE out'],
    ],
    ['SELECT a FROM', ['1:14', "expected a topic filter such as 'a/+/b'", "FROM 'topic/filter'"]],
    ['SELECT a FROM WHERE b = 1', ['1:15', "expected a topic filter such as 'a/+/b'"]],
    ["SELECT a FROM 'x', 'y'", ['1:18', 'one topic filter']],
    ["SELECT a FROM 'x' t", ['1:19', 'only WHERE may follow']],
    ["SELECT a FROM 'x' AS t", ['1:19', 'a topic filter has no other name']],
    ['SELECT a FROM (SELECT b FROM c)', ['1:15', 'FROM takes a topic filter']],
    ["SELECT a FROM 'x' AND b = 1", ['1:19', 'conditions begin with WHERE']],
    ["SELECT a FROM 'x' FROM 'y'", ['1:19', 'write FROM once']],
    ["SELECT a FROM 'x' WHERE a = 1 WHERE b = 2", ['1:31', 'write WHERE once']],
    ["SELECT a FROM 'x' WHERE a = 1, b = 2", ['1:30', 'join conditions with AND or OR']],
    ["SELECT a FROM 'x' WHERE a = 1 b = 2", ['1:31', 'join conditions with AND or OR']],
    ["SET x = 1 SELECT a FROM 'x'", ['1:5', 'expected a variable such as @name', 'SET @x = value']],
    ["SET @x = 1, SELECT a FROM 'x'", ['1:13', 'remove the comma before it']],
    ['SET @x = 1', ['1:11', "expected an operator, ',' or SELECT", 'SELECT follows the assignments']],
    ["SET @x := 1 SELECT @x FROM 'x'", ['1:8', "expected '='", 'write =']],
    // ---- items and names
    ["SELECT a b FROM 'x'", ['1:10', `Found b after a, ${item}.`, 'get(*, "a b")']],
    ["SELECT a AS my-name FROM 'x'", ['1:15', "expected ',', '.', FROM or WHERE", '{"my-name": value}']],
    ["SELECT a AS 1st FROM 'x'", ['1:13', 'expected a name', '{"1st": value}']],
    ["SELECT 5abc FROM 'x'", ['1:9', 'get(*, "5abc")']],
    ["SELECT a,,b FROM 'x'", ['1:10', 'remove one of the commas']],
    ["SELECT ,a FROM 'x'", ['1:8', 'remove the comma']],
    ["SELECT a, FROM 'x'", ['1:11', 'remove the comma before it']],
    ["SELECT DISTINCT a FROM 'x'", ['1:17', 'there is no DISTINCT']],
    ["SELECT TOP 5 a FROM 'x'", ['1:12', 'there is no TOP']],
    ["SELECT * EXCEPT b FROM 'x'", ['1:10', 'name the fields to select']],
    ["SELECT a.* + 1 FROM 'x'", ['1:10', 'a.* stands for members', 'name the field']],
    ["SELECT a FROM 'x' WHERE b.* = 1 AND abs(c.*) = 2", ['1:27', 'name the field'], ['1:43', 'c.* stands']],
    ["SELECT b.'c' FROM 'x'", ['1:10', "get(object, 'c')"]],
    ["SELECT c.0 FROM 'x'", ['1:10', 'get(object, "0")']],
    ["SELECT a[0] FROM 'x'", ['1:9', 'get(array, 0)']],
    ["SELECT b['c'] FROM 'x'", ['1:9', "get(object, 'c')"]],
    // ---- brackets and CASE
    [
      "SELECT f(a FROM 'x'",
      ['1:12', "expected an operator, ',' or ')'", 'the ( at line 1, column 9 is not closed: add )'],
    ],
    ["SELECT abs(a, f(b) AS c FROM 'x'", ['1:20', 'the ( at line 1, column 11 is not closed']],
    ["SELECT a) FROM 'x'", ['1:9', 'nothing is open that ) closes']],
    ["SELECT f(a] FROM 'x'", ['1:11', 'needs ) before this ]']],
    ["SELECT [1, 2 AS a FROM 'x'", ['1:14', 'the [ at line 1, column 8 is not closed: add ]']],
    [
      "SELECT CASE a WHEN 1 THEN 2 AS b FROM 'x'",
      ['1:29', 'the CASE at line 1, column 8 is not closed: add END'],
    ],
    ["SELECT CASE WHEN a > 1 THEN 2 END AS b FROM 'x'", ['1:18', 'CASE condition WHEN true THEN']],
    ["SELECT {a: 1} AS b FROM 'x'", ['1:9', "expected a string or '}'", '{"a": value}']],
    ["SELECT {'a': 1, 'b'} AS a FROM 'x'", ['1:20', "Found '}' after 'b', expected ':'."]],
    // ---- calls
    ["SELECT abs(1 2) AS n FROM 'x'", ['1:14', 'separate arguments with commas']],
    ["SELECT csat(a AS Int) AS b FROM 'x'", ['1:15', 'did you mean cast?']],
    ["SELECT cast(a, 'int') AS b FROM 'x'", ['1:14', 'expected an operator or AS', 'cast(value AS Type)']],
    ["SELECT uper(a) FROM 'x'", ['1:8', 'There is no function uper.', 'did you mean upper?']],
    ["SELECT sinn(a) FROM 'x'", ['1:8', 'did you mean sign or sin or sinh?']],
    ["SELECT iff(a, b, c) FROM 'x'", ['1:8', 'CASE condition WHEN true']],
    ["SELECT from_unixtime(a) FROM 'x'", ['1:8', 'parse_time(']],
    ["SELECT json_extract(a, b) FROM 'x'", ['1:8', 'use a path']],
    ["SELECT contains(a, b) FROM 'x'", ['1:8', 'indexof(']],
    ["SELECT count(*) FROM 'x'", ['1:8', 'there are no aggregates']],
    // ---- operators and signs of other languages
    ["SELECT a FROM 'x' WHERE a => 1", ['1:28', "Found '>' after '=', expected a value.", 'write >=']],
    ["SELECT a FROM 'x' WHERE a < = 1", ['1:29', 'write <= without a space']],
    ["SELECT a FROM 'x' WHERE !b", ['1:25', 'write NOT']],
    ["SELECT a FROM 'x' WHERE a == 1", ['1:27', 'AWS IoT SQL has no operator ==.', 'write =']],
    ["SELECT a FROM 'x' WHERE a != 1", ['1:27', 'write <>']],
    ["SELECT a FROM 'x' WHERE a && b", ['1:27', 'write AND']],
    ["SELECT a || b AS c FROM 'x'", ['1:10', 'write OR, or + to join strings']],
    ["SELECT a ? b : c AS d FROM 'x'", ['1:10', 'use CASE']],
    ["SELECT a::int FROM 'x'", ['1:9', 'cast(value AS Type)']],
    ["SELECT b->c FROM 'x'", ['1:10', 'object.field']],
    ["SELECT $.a FROM 'x'", ['1:8', 'without $']],
    ["SELECT ${a} FROM 'x'", ['1:8', 'there is no ${...}']],
    ["SELECT a ^ 2 AS b FROM 'x'", ['1:10', 'power(base, exponent)']],
    ["SELECT a & 2 AS b FROM 'x'", ['1:10', 'bitand(a, b)']],
    ["SELECT a ** 2 AS b FROM 'x'", ['1:13', 'power(base, exponent)']],
    ["SELECT a % FROM 'x'", ['1:12', "Found FROM after '%', expected a value."]],
    // ---- words of other dialects
    ["SELECT a FROM 'x' WHERE b LIKE 'c%'", ['1:27', 'expected an operator or the end', 'startswith(']],
    ["SELECT a FROM 'x' WHERE b NOT LIKE 'c'", ['1:27', 'there is no LIKE']],
    ["SELECT a FROM 'x' WHERE b BETWEEN 1 AND 2", ['1:27', 'field >= low AND field <= high']],
    ["SELECT a FROM 'x' WHERE b IS NULL", ['1:27', 'isNull(field)']],
    ["SELECT a FROM 'x' WHERE b IN (1, 2)", ['1:32', 'IN [1, 2]']],
    ["SELECT a FROM 'x' WHERE b NOT IN [1]", ['1:27', 'NOT (value IN array)']],
    ["SELECT a FROM 'x' GROUP BY b", ['1:19', 'there is no GROUP BY']],
    ["SELECT a FROM 'x' ORDER BY b", ['1:19', 'there is no ORDER BY']],
    ["SELECT a FROM 'x' LIMIT 1", ['1:19', 'there is no LIMIT']],
    ["SELECT a FROM 'x' JOIN b", ['1:19', 'there is no JOIN']],
    ["SELECT a FROM 'x' UNION SELECT b", ['1:19', 'there is no UNION']],
    // ---- comments, quotes, ends
    ["SELECT a -- b\nFROM 'x'", ['1:10', 'AWS IoT SQL has no comments.']],
    ["SELECT a --1 AS b FROM 'x'", ['1:10', 'for a double minus write a - (-b)']],
    ["SELECT a /* b */ FROM 'x'", ['1:10', 'AWS IoT SQL has no comments.']],
    ['SELECT a // b', ['1:11', 'there are no comments']],
    ["SELECT `a` FROM 'x'", ['1:8', 'write a: names have no quotes']],
    ["SELECT a FROM 'x';", ['1:18', 'without a semicolon']],
    ["SELECT a FROM 'x'; SELECT b FROM 'y'", ['1:18', 'a rule for each']],
    ["SELECT ‘a’ AS b FROM 'x'", ['1:8', "straight quotes: 'a'"]],
    ["SELECT 'it's' AS b FROM 'x'", ['1:27', 'the other kind of quotes']],
    ["SELECT 'abc FROM 'x'", ['1:20', 'may be the one that lacks its quote']],
    // ---- several in one go
    [
      "SELECT a b, c d FROM 'x' WHERE e LIKE 'f' AND g IS NULL",
      ['1:10', 'Found b after a'],
      ['1:15', 'Found d after c'],
      ['1:34', 'LIKE'],
      ['1:49', 'isNull'],
    ],
    [
      "SELECT a b, uper(c), @d FROM 'x'",
      ['1:10', 'Found b'],
      ['1:13', 'upper'],
      ['1:22', '@d is not assigned'],
    ],
    [
      "SELECT a\r\n  b,\r\n  f(c d)\r\nFROM 'x'",
      ['2:3', 'Found b'],
      ['3:7', 'Found d'],
      ['3:3', 'no function f'],
    ],
  ]

describe('a faulty statement', () => {
  it.each(rows.map(([sql, ...errors]) => ({ sql, errors })))('$sql is explained', ({ sql, errors }) => {
    const found = faults(sql).filter((each) => !/no function csat/.test(each))
    expect(found).toHaveLength(errors.length)
    errors.forEach(([place, ...parts], index) => {
      expect(found[index]).toMatch(new RegExp(`^${place} `))
      for (const part of parts) expect(found[index]).toContain(part)
    })
  })
})
