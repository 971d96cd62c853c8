import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  compileExpression,
  compileStatement,
  findTags,
  newestSqlVersion,
  parseExpression,
  parseStatement,
} from '../../src/sql/index.ts'
import { scopeFor } from './evaluate-text.ts'

const words = [
  'SELECT',
  'VALUE',
  'FROM',
  'WHERE',
  'AS',
  'AND',
  'OR',
  'NOT',
  'IN',
  'EXISTS',
  'CASE',
  'WHEN',
  'THEN',
  'ELSE',
  'END',
  'cast',
  'SET',
  'true',
  'null',
  '(',
  ')',
  '[',
  ']',
  '{',
  '}',
  ',',
  '.',
  ':',
  '*',
  '/',
  '%',
  '+',
  '-',
  '<',
  '<=',
  '<>',
  '=',
  "'a/b'",
  '"x"',
  '12',
  '1.5e3',
  '9e9999',
  '@v',
  'a',
  'o',
  's',
  'upper(',
  'get(',
  'topic(',
  'nope(',
  'String',
  '==',
  '--',
  '`',
  '#',
  '${',
  "'",
  '\u0000',
  '\ud800',
]

describe('hostile text', () => {
  it('never makes the parser or compiler throw', () => {
    const text = fc.array(fc.constantFrom(...words), { maxLength: 30 }).map((parts) => parts.join(' '))
    fc.assert(
      fc.property(
        fc.oneof(text, fc.string({ maxLength: 60, unit: 'binary' })),
        fc.boolean(),
        (tail, prefixed) => {
          const parsed = parseStatement(prefixed ? `SELECT ${tail}` : tail)
          if (parsed.ok) compileStatement(parsed.statement, newestSqlVersion)
          else
            expect(parsed.diagnostics[0]).toMatchObject({
              severity: 'error',
              sqlLine: expect.any(Number) as number,
            })
          findTags(tail)
        },
      ),
      { numRuns: 2000 },
    )
  })

  it('never makes an expression that compiles throw when it runs', () => {
    const operand = fc.constantFrom(
      '1',
      '-2.5',
      "'x'",
      "'12'",
      'a',
      'o',
      'o.k',
      's',
      'zz',
      'null',
      'true',
      '[1, a]',
      "{'k': a}",
      '*.a',
      '1e400',
    )
    const infix = fc.constantFrom('+', '-', '*', '/', '%', '=', '<>', '<', '>=', 'AND', 'OR', 'IN')
    const expression = fc
      .array(fc.tuple(fc.constantFrom('', 'NOT ', '-'), operand, infix), { minLength: 1, maxLength: 6 })
      .map(
        (parts) =>
          parts.map(([sign, value, join]) => `${sign === 'NOT ' ? '' : sign}${value} ${join}`).join(' ') +
          ' a',
      )
    const { query } = (() => {
      const parsed = parseStatement("SELECT * FROM 'a'")
      if (!parsed.ok) throw new Error('refused')
      const result = compileStatement(parsed.statement, newestSqlVersion)
      if (!result.ok) throw new Error('refused')
      return result
    })()
    const scope = scopeFor(query, '{"a":1.5,"o":{"k":[1,{"x":null}]},"s":"7"}')
    fc.assert(
      fc.property(expression, (text) => {
        const parsed = parseExpression(text)
        if (!parsed.ok) return
        const compiled = compileExpression(parsed.expression, newestSqlVersion)
        if (compiled.ok) compiled.expression.evaluate(scope)
      }),
      { numRuns: 2000 },
    )
  })
})
