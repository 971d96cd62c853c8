import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { evaluate } from '../../src/evaluate/index.ts'
import {
  compileStatement,
  parseStatement,
  printStatement,
  type SqlVersion,
  type Statement,
} from '../../src/sql/index.ts'
import { Payload, writeJson } from '../../src/value/index.ts'
import { hostilePayloads, soundPayloads, soundStatements } from './arbitraries.ts'
import { scopeFor } from './evaluate-text.ts'
import { interpret, readPayload } from './reference.ts'

const versions = fc.constantFrom<SqlVersion>('2015-10-08', '2016-03-23', '2016-03-23', '2016-03-23')

function reparsed(statement: Statement): Statement {
  const parsed = parseStatement(printStatement(statement))
  if (!parsed.ok) throw new Error(parsed.diagnostics[0]!.message)
  return parsed.statement
}

describe('random statements on random payloads', () => {
  it('give what a straightforward reading of the language gives', () => {
    let compared = 0
    fc.assert(
      fc.property(soundStatements, soundPayloads, versions, (statement, payload, version) => {
        const read = reparsed(statement)
        const compiled = compileStatement(read, version)
        if (!compiled.ok) return
        const { query } = compiled
        const scope = scopeFor(query, payload)
        const expected = interpret(read, version, scopeFor(query, payload))
        query.assign?.(scope)
        const matched = query.where?.(scope) ?? true
        expect(matched).toBe(expected.matched)
        if (!matched) return
        compared += 1
        expect(writeJson(query.select(scope))).toBe(writeJson(expected.value))
        expect(query.selectJson(scope)?.toString()).toBe(writeJson(expected.value))
      }),
      { numRuns: 3000 },
    )
    expect(compared).toBeGreaterThan(300)
  })

  it('never throw, whatever the payload', () => {
    fc.assert(
      fc.property(soundStatements, hostilePayloads, versions, (statement, payload, version) => {
        const compiled = compileStatement(reparsed(statement), version)
        if (!compiled.ok) return
        const evaluation = evaluate(compiled.query, scopeFor(compiled.query, payload))
        if (evaluation instanceof Promise) throw new Error('nothing to wait for')
        if ('class' in evaluation) expect(evaluation.code).toMatch(/^SQL_/)
      }),
      { numRuns: 3000 },
    )
  })
})

describe('the payload, read member by member', () => {
  it.each<SqlVersion>(['2015-10-08', '2016-03-23'])(
    'is the one that is read as a whole, in %s',
    (version) => {
      fc.assert(
        fc.property(hostilePayloads, (bytes) => {
          const view = new Payload(bytes).view(version === '2016-03-23' ? 'int' : 'keep')
          const whole = readPayload(bytes, version)
          expect(view.isJson).toBe(whole !== undefined)
          if (whole instanceof Map)
            for (const [key, value] of whole)
              expect(writeJson(view.get(key as string))).toBe(writeJson(value))
          else expect(view.get('a')).toBeUndefined()
          expect(writeJson(view.root())).toBe(writeJson(whole))
        }),
        { numRuns: 1500 },
      )
    },
  )
})
