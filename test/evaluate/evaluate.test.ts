import { describe, expect, it } from 'vitest'
import { createScope, evaluate, type Evaluation } from '../../src/evaluate/index.ts'
import { type Message } from '../../src/message/index.ts'
import {
  type CompiledQuery,
  compileStatement,
  parseStatement,
  type Scope,
  type SqlVersion,
} from '../../src/sql/index.ts'
import { Payload } from '../../src/value/index.ts'

const environment = { accountId: '123456789012', now: () => 5, random: () => 0.5, newUuid: () => 'uuid' }

function messageOf(payload: Buffer): Message {
  return {
    topic: 'a/b',
    payload,
    qos: 1,
    retain: false,
    client: { clientId: 'c', principal: undefined, sourceIp: undefined, protocol: 'mqtt' },
    properties: undefined,
    receivedAt: 5,
    traceId: 'trace',
    settle: () => undefined,
  }
}

function queryOf(sql: string, version: SqlVersion): CompiledQuery {
  const parsed = parseStatement(sql)
  if (!parsed.ok) throw new Error(parsed.diagnostics[0]!.message)
  const compiled = compileStatement(parsed.statement, version)
  if (!compiled.ok) throw new Error(compiled.diagnostics[0]!.message)
  return compiled.query
}

function scopeOf(query: CompiledQuery, payload: string | Buffer): Scope {
  const message = messageOf(Buffer.from(payload))
  const rule = { name: 'r', version: query.version, query }
  return createScope(rule, message.topic, message, new Payload(message.payload), environment)
}

function run(sql: string, payload: string | Buffer, version: SqlVersion = '2016-03-23'): Evaluation {
  const query = queryOf(sql, version)
  const evaluation = evaluate(query, scopeOf(query, payload))
  if (evaluation instanceof Promise || 'class' in evaluation)
    throw new Error('a statement without services neither waits nor fails')
  return evaluation
}

function output(sql: string, payload: string | Buffer, version?: SqlVersion): string {
  const evaluation = run(sql, payload, version)
  return evaluation.matched ? evaluation.output.toString('latin1') : 'unmatched'
}

describe('evaluate', () => {
  it('forwards the very buffer of the payload for SELECT *, JSON or not', () => {
    for (const payload of ['{"x": 10.0, "x":1}', 'no json', '', '\u00ff\u0000']) {
      const query = queryOf("SELECT * FROM 'a/b'", '2016-03-23')
      const scope = scopeOf(query, Buffer.from(payload, 'latin1'))
      const evaluation = evaluate(query, scope) as Evaluation
      expect(evaluation.matched && evaluation.output).toBe(scope.message.payload)
    }
  })

  it('forwards bytes unread, and reads them where WHERE asks', () => {
    expect(output("SELECT * FROM 'a/b' WHERE x > 1", '{ "x" : 2.50 }')).toBe('{ "x" : 2.50 }')
    expect(output("SELECT * FROM 'a/b' WHERE x > 1", '{ "x" : 0 }')).toBe('unmatched')
    expect(output("SELECT * FROM 'a/b' WHERE x > 1", 'no json')).toBe('unmatched')
  })

  it('writes selected members in the order of the list, and leaves Undefined ones out', () => {
    expect(output("SELECT b, missing, a AS z FROM 'a/b'", '{"a":1,"b":{"c":[1,2]}}')).toBe(
      '{"b":{"c":[1,2]},"z":1}',
    )
    expect(output("SELECT missing FROM 'a/b'", '{}')).toBe('{}')
  })

  it('prints whole Decimals as the language version has them', () => {
    const sql = "SELECT x, x + 0.5 AS y FROM 'a/b'"
    expect(output(sql, '{"x":9.50}')).toBe('{"x":9.50,"y":10}')
    expect(output(sql, '{"x":9.50}', '2015-10-08')).toBe('{"x":9.50,"y":10.0}')
    expect(output("SELECT x FROM 'a/b'", '{"x":10.0}')).toBe('{"x":10}')
    expect(output("SELECT x FROM 'a/b'", '{"x":10.0}', '2015-10-08')).toBe('{"x":10.0}')
  })

  it('keeps an Undefined result apart from Null: empty bytes, and null', () => {
    expect(output("SELECT VALUE missing FROM 'a/b'", '{}')).toBe('')
    expect(output("SELECT VALUE x FROM 'a/b'", '{"x":null}')).toBe('null')
  })

  it('adds keys to an empty payload as to an empty object', () => {
    expect(output("SELECT *, topic(1) AS t FROM 'a/b'", '')).toBe('{"t":"a"}')
  })

  it('encodes text beyond ASCII as UTF-8', () => {
    const evaluation = run(
      "SELECT größe, x FROM 'a/b'".replace('größe', 'g'),
      '{"g":"größe 🚀","x":"\\ud800"}',
    )
    expect(evaluation.matched && evaluation.output.toString()).toBe('{"g":"größe 🚀","x":"\\ud800"}')
  })

  it('assigns SET variables anew for each message', () => {
    const query = queryOf("SET @t = x * 2 SELECT @t AS t FROM 'a/b' WHERE @t > 2", '2016-03-23')
    const outputs = ['{"x":2}', '{"x":1}', '{"x":3}', '{}'].map((payload) => {
      const evaluation = evaluate(query, scopeOf(query, payload)) as Evaluation
      return evaluation.matched ? evaluation.output.toString() : 'unmatched'
    })
    expect(outputs).toEqual(['{"t":4}', 'unmatched', '{"t":6}', 'unmatched'])
  })

  it('gives each evaluation bytes of its own', () => {
    const query = queryOf("SELECT x FROM 'a/b'", '2016-03-23')
    const outputs = Array.from({ length: 10_000 }, (_, index) => {
      const evaluation = evaluate(query, scopeOf(query, `{"x":${index}}`)) as Evaluation
      return evaluation.matched ? evaluation.output : Buffer.alloc(0)
    })
    outputs.forEach((bytes, index) => expect(bytes.toString()).toBe(`{"x":${index}}`))
  })
})
