import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { type Diagnostic } from '../../src/errors.ts'
import { parseStatement, printStatement } from '../../src/sql/index.ts'
import { anyStatements } from './arbitraries.ts'

/** Words and signs of a correct statement. */
function tokensOf(sql: string): string[] {
  return (
    sql.match(
      /'(?:\\.|''|[^'\\])*'|"(?:\\.|""|[^"\\])*"|\d+(?:\.\d+)?(?:[eE][+-]?\d+)?|@?[^\s'"<>=(){}[\],.:*+\-/%@#$]+|<=|>=|<>|\S/gsu,
    ) ?? []
  )
}

function errorsIn(sql: string): Diagnostic[] {
  const parsed = parseStatement(sql)
  return parsed.ok ? [] : parsed.diagnostics
}

const statements = anyStatements
  .map((statement) => tokensOf(printStatement(statement)))
  .filter((tokens) => errorsIn(tokens.join(' ')).length === 0)
const strays = fc.constantFrom(
  ...['a', 'b.c', '1', "'s'", '@v', ',', '=', '+', '-', '*', '(', ')', '[', ']', '{', '}', '.', ':', '?'],
  ...['AND', 'OR', 'NOT', 'IN', 'AS', 'CASE', 'WHEN', 'THEN', 'ELSE', 'END', 'LIKE', 'IS', 'FORM', 'WHRE'],
  ...['SELECT', 'FROM', 'WHERE', 'SET', 'cast', 'EXISTS', '==', '!=', '&&', '#', '/'],
)
const faults = fc.record({
  place: fc.nat(),
  kind: fc.constantFrom('delete', 'repeat', 'insert', 'replace'),
  stray: strays,
})
type Fault = typeof faults extends fc.Arbitrary<infer T> ? T : never

function spoil(tokens: readonly string[], { place, kind, stray }: Fault): string {
  const at = place % tokens.length
  const written = {
    delete: [],
    repeat: [tokens[at]!, tokens[at]!],
    insert: [stray, tokens[at]!],
    replace: [stray],
  }
  return tokens.toSpliced(at, 1, ...written[kind]).join(' ')
}

describe('one fault in a correct statement', () => {
  it('is one error, or none where the text is still correct', () => {
    fc.assert(
      fc.property(statements, faults, (tokens, fault) => {
        const sql = spoil(tokens, fault)
        const found = errorsIn(sql).map((each) => `${each.sqlColumn}: ${each.message} in ${sql}`)
        expect(found.slice(1)).toEqual([])
      }),
      { numRuns: 400, seed: 1 },
    )
  })

  it('has its place inside the text, and a sentence', () => {
    fc.assert(
      fc.property(statements, faults, (tokens, fault) => {
        const sql = spoil(tokens, fault)
        for (const { message, sqlLine, sqlColumn } of errorsIn(sql)) {
          expect(message).toMatch(/^[A-Z;`-].*\.$/su)
          expect(message).not.toMatch(/[A-Z]_[A-Z]|undefined/)
          expect(sqlLine).toBe(1)
          expect(sqlColumn).toBeLessThanOrEqual(sql.length + 1)
        }
      }),
      { numRuns: 200, seed: 1 },
    )
  })
})

describe('two faults in different values', () => {
  const items = fc.constantFrom(
    'a b',
    'x[0]',
    'f(a b)',
    'a +',
    '(1 2)',
    'CASE WHEN a THEN b END',
    "o.'k'",
    'a ? b',
    '{k: 1}',
  )
  const sound = fc.constantFrom(
    'a',
    'abs(b)',
    'c AS d',
    "{'k': 1}",
    'CASE a WHEN 1 THEN 2 END AS e',
    '[1, 2] AS f',
  )
  const conditions = fc.constantFrom(
    "a LIKE 'b'",
    'a IS NULL',
    'a IN (1, 2)',
    'a BETWEEN 1 AND 2',
    'a NOT IN [1]',
    'a =',
  )

  it('are two errors', () => {
    fc.assert(
      fc.property(items, sound, items, sound, (first, between, second, last) => {
        const sql = `SELECT ${first}, ${between}, ${second}, ${last} FROM 'a'`
        expect(errorsIn(sql).length, sql).toBe(2)
      }),
    )
  })

  it('are two errors in SELECT and WHERE, and in two conditions', () => {
    fc.assert(
      fc.property(items, conditions, conditions, (item, one, other) => {
        expect(errorsIn(`SELECT ${item}, c FROM 'a' WHERE b = 1 AND ${one}`)).toHaveLength(2)
        expect(errorsIn(`SELECT c FROM 'a' WHERE ${one} AND b = 1 AND ${other}`)).toHaveLength(2)
      }),
    )
  })
})
