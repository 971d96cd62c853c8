import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { compileStatement, newestSqlVersion, parseStatement, printExpression } from '../../src/sql/index.ts'
import { soundExpressions, soundPayloads } from './arbitraries.ts'
import { compiled, scopeFor } from './evaluate-text.ts'

/** Warnings of a statement that compiles, without those about style. */
function warnings(sql: string): string[] {
  const parsed = parseStatement(sql)
  if (!parsed.ok) throw new Error(parsed.diagnostics[0]!.message)
  const result = compileStatement(parsed.statement, newestSqlVersion)
  if (!result.ok) throw new Error(result.diagnostics[0]!.message)
  return [...parsed.warnings, ...result.warnings].map(({ code, message, sqlColumn, sqlEndColumn }) => {
    return `${code} ${sql.slice(sqlColumn! - 1, (sqlEndColumn ?? 0) - 1)}: ${message}`
  })
}

/** The same, or none when the statement does not compile. */
function warningsIfSound(sql: string): string[] {
  const parsed = parseStatement(sql)
  return parsed.ok && compileStatement(parsed.statement, newestSqlVersion).ok ? warnings(sql) : []
}

describe('a WHERE that can never be true', () => {
  it.each([
    ["'a' + b", "'a' + b", 'only the Boolean true passes'],
    ['upper(b)', 'upper(b)', 'only the Boolean true passes, and upper(b) is a String'],
    ["b > 'abc'", "b > 'abc'", "'abc' is a String, not a number"],
    ['b > NULL', 'b > NULL', 'NULL is Null'],
    ['b < [c]', 'b < [c]', '[c] is an Array'],
    ['a = 1 AND a = 2', 'a = 2', 'a = 1 and a = 2 exclude each other'],
    ["a = 1 AND a = '1'", "a = '1'", 'exclude each other'],
    ["a = 'x' AND a > 5", 'a > 5', 'exclude each other'],
    ['a > 5 AND a < 3', 'a < 3', 'exclude each other'],
    ['5 < a AND 3 > *.a', '3 > *.a', 'exclude each other'],
    ['a > 5 AND (b OR c) AND (d AND a <= 5)', 'a <= 5', 'exclude each other'],
    ['a IN [1, 2] AND a = 3', 'a = 3', 'exclude each other'],
    ['a.b = 1 AND a.b <> 1', 'a.b <> 1', 'exclude each other'],
    ['NOT (b * 2)', 'NOT (b * 2)', 'b * 2 is an Int or a Decimal, not a Boolean'],
    ['a <> a', 'a <> a', 'compares a value with itself'],
    ['NOT (a = a)', 'NOT (a = a)', 'is never true'],
    ['upper(a) = 5', 'upper(a) = 5', 'a String and 5 is an Int, which are never equal'],
    ["b OR c > 'd'", "c > 'd'", 'always Undefined'],
    ["a IN 'x' + b", "a IN 'x' + b", 'not an Array'],
    ['abs([b]) > 1', 'abs([b])', 'because an argument does not convert'],
    ['EXISTS (SELECT * FROM a) = 1', 'EXISTS (SELECT * FROM a) = 1', 'never equal'],
  ])('%s is told at %s', (where, place, reason) => {
    const [found] = warnings(`SELECT a FROM 'x' WHERE ${where}`).filter((each) =>
      each.startsWith('SQL_WHERE_NEVER'),
    )
    expect(found).toContain(`SQL_WHERE_NEVER ${place}: WHERE can never be true`)
    expect(found).toContain(reason)
  })

  it.each([
    'temperature',
    'a = 1 OR a = 2',
    'a > 5 OR a < 3',
    'a >= 5 AND a <= 5',
    "a > 5 AND a <> '7'",
    'a.b = 1 AND a.c = 2',
    'a IN [1, 2] AND a > 1',
    "upper(a) = 'TRUE'",
    'NOT upper(a)',
    'upper(a) AND b',
    'a = NULL',
    'a = a',
    'a <= a',
    'rand() <> rand()',
    'get(a, 0) = 1 AND get(a, 1) = 2',
    'isUndefined(a) AND a.b = 1',
  ])('%s may be', (where) => {
    expect(warnings(`SELECT a FROM 'x' WHERE ${where}`)).toEqual([])
  })

  const constants = fc.constantFrom(
    '1',
    '2',
    '3.5',
    "'2'",
    "'x'",
    "'true'",
    'true',
    'NULL',
    '[1]',
    "{'k': 1}",
  )
  const values = fc.oneof(
    constants,
    fc.constantFrom(
      'a',
      'b',
      '*.a',
      'a.k',
      'upper(a)',
      'a + b',
      'a * 2',
      '[a]',
      'abs(b)',
      "'x' + a",
      'cast(a AS Int)',
    ),
  )
  const operators = fc.constantFrom('=', '<>', '<', '<=', '>', '>=', 'IN')
  const simple = fc.oneof(
    { weight: 4, arbitrary: fc.tuple(values, operators, values).map((parts) => parts.join(' ')) },
    fc.tuple(fc.constantFrom('a', 'b'), operators, constants).map((parts) => parts.join(' ')),
    fc.tuple(values, operators, values).map((parts) => `NOT (${parts.join(' ')})`),
    values,
  )
  const conditions = fc
    .tuple(simple, fc.constantFrom('AND', 'AND', 'OR'), simple, fc.constantFrom('AND', 'OR'), simple)
    .map(([one, first, two, second, three]) => `(${one} ${first} ${two}) ${second} ${three}`)
  const fields = fc.constantFrom(
    '1',
    '2',
    '3',
    '3.5',
    '"2"',
    '"x"',
    '"true"',
    'true',
    'null',
    '[1]',
    '{"k":1}',
    '{"k":2}',
  )

  it('is true for no message', () => {
    let told = 0
    fc.assert(
      fc.property(
        fc.oneof(simple, conditions),
        fc.array(fc.tuple(fields, fields), { minLength: 10 }),
        (where, messages) => {
          const sql = `SELECT a FROM 'x' WHERE ${where}`
          if (!warningsIfSound(sql).some((each) => each.startsWith('SQL_WHERE_NEVER'))) return
          told += 1
          const query = compiled(sql)
          const matched = messages
            .map(([a, b]) => `{"a":${a},"b":${b}}`)
            .filter((text) => query.where!(scopeFor(query, text)))
          expect(matched, where).toEqual([])
        },
      ),
      { numRuns: 1000 },
    )
    expect(told).toBeGreaterThan(100)
  })
})

describe('an expression that is always Undefined', () => {
  it.each([
    [
      "SELECT abs({'a': b}) AS v",
      "SQL_ARGUMENT_TYPE {'a': b}: abs() needs Decimal as number, which an Object does not become",
    ],
    ['SELECT sqrt(startswith(a, b)) AS v', 'SQL_ARGUMENT_TYPE startswith(a, b): sqrt() needs Decimal'],
    ['SELECT mod(upper(a), [b]) AS v', 'SQL_ARGUMENT_TYPE [b]: mod() needs Decimal'],
    ['SELECT abs(1, 2) AS v', 'SQL_ARGUMENT_COUNT abs: abs() takes 1 argument'],
    [
      "SELECT a * 'b' AS v",
      "SQL_ALWAYS_UNDEFINED a * 'b': a * 'b' is always Undefined: 'b' is a String, not a number.",
    ],
    ["SELECT 'b' - a AS v", "SQL_ALWAYS_UNDEFINED 'b' - a"],
    ['SELECT 1 / 0 AS v', 'SQL_ALWAYS_UNDEFINED 1 / 0: 1 / 0 is always Undefined: the result is no number.'],
    [
      'SELECT NOT [1] AS v',
      'SQL_ALWAYS_UNDEFINED NOT [1]: NOT [1] is always Undefined: [1] is an Array, not a Boolean.',
    ],
    ['SELECT -[a] AS v', 'SQL_ALWAYS_UNDEFINED -[a]'],
    [
      'SELECT upper(a).b',
      'SQL_ALWAYS_UNDEFINED upper(a).b: upper(a).b is always Undefined: upper(a) is a String, not an Object.',
    ],
    ["SELECT a IN 'b' + c AS v", 'SQL_ALWAYS_UNDEFINED'],
    [
      'SET @a = [b] SELECT @a * 2 AS v',
      'SQL_ALWAYS_UNDEFINED @a * 2: @a * 2 is always Undefined: @a is an Array',
    ],
    ["SELECT (a * 'b') + 1 AS v", "SQL_ALWAYS_UNDEFINED a * 'b'"],
    ['SELECT a = undefined AS v', 'SQL_UNDEFINED_NAME undefined'],
  ])('%s', (select, expected) => {
    const found = warnings(`${select} FROM 'x'`)
    expect(found).toHaveLength(1)
    expect(found[0]).toContain(expected)
  })

  it.each([
    'SELECT length(5) AS v',
    "SELECT a + 'b' AS v",
    'SELECT concat(1, [a]) AS v',
    'SELECT get(a, 0).b',
    'SELECT -lower(a) AS v',
  ])('%s is not', (select) => {
    expect(warnings(`${select} FROM 'x'`)).toEqual([])
  })

  it('is Undefined for every message', () => {
    fc.assert(
      fc.property(soundExpressions, soundPayloads, (expression, payload) => {
        const text = printExpression(expression)
        const sql = `SELECT VALUE ${text} FROM 'x'`
        const whole = warningsIfSound(sql).some((each) => each.startsWith(`SQL_ALWAYS_UNDEFINED ${text}:`))
        if (!whole) return
        const query = compiled(sql)
        expect(query.select(scopeFor(query, payload.toString())), text).toBeUndefined()
      }),
      { numRuns: 500 },
    )
  })
})
