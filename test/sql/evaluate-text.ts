import { createScope } from '../../src/evaluate/index.ts'
import { type Message } from '../../src/message/index.ts'
import {
  compileStatement,
  type CompiledQuery,
  type CompileSqlOptions,
  newestSqlVersion,
  parseStatement,
  type Scope,
  type SqlVersion,
  type Tracer,
} from '../../src/sql/index.ts'
import { Payload, writeJson } from '../../src/value/index.ts'

/** Compiles a statement; the message of the first finding is thrown when it is refused. */
export function compiled(
  sql: string,
  version: SqlVersion = newestSqlVersion,
  options?: CompileSqlOptions,
): CompiledQuery {
  const parsed = parseStatement(sql)
  if (!parsed.ok) throw new Error(parsed.diagnostics[0]!.message)
  const result = compileStatement(parsed.statement, version, options)
  if (!result.ok) throw new Error(`${result.diagnostics[0]!.code} ${result.diagnostics[0]!.message}`)
  return result.query
}

export function scopeFor(query: CompiledQuery, payload: string | Buffer, tracer?: Tracer): Scope {
  const client = { clientId: 'c', principal: undefined, sourceIp: '192.0.2.1', protocol: 'mqtt' } as const
  const message = {
    topic: 'a/b',
    payload: Buffer.from(payload),
    client,
    receivedAt: 0,
    traceId: 't',
  } as Message
  const rule = { name: 'rule', version: query.version, query }
  const environment = { accountId: '123456789012', now: () => 0, random: () => 0, newUuid: () => '' }
  const scope = createScope(rule, 'a/b', message, new Payload(message.payload), environment)
  return tracer === undefined ? scope : Object.assign(scope, { tracer })
}

/** The outgoing JSON text; `unmatched` when WHERE does not pass, `undefined` when the result is Undefined. */
export function run(
  sql: string,
  payload: string,
  version: SqlVersion = newestSqlVersion,
): string | undefined {
  const query = compiled(sql, version)
  const scope = scopeFor(query, payload)
  query.assign?.(scope)
  if (query.where?.(scope) === false) return 'unmatched'
  const text = query.selectJson(scope)?.toString()
  const again = writeJson(query.select(scope))
  if (text !== again) throw new Error(`selectJson wrote ${text}, select ${again}`)
  return text
}

/** The value of an expression as JSON text. */
export function value(
  expression: string,
  payload = '{}',
  version: SqlVersion = newestSqlVersion,
): string | undefined {
  return run(`SELECT VALUE ${expression} FROM 'a/b'`, payload, version)
}
