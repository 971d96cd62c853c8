import { createScope } from '../../src/evaluate/index.ts'
import { type Scope, compileStatement, parseStatement } from '../../src/sql/index.ts'
import { Payload } from '../../src/value/index.ts'

/** A scope as a message with this payload has in a rule with this statement; SET has run. */
export function scopeOf(payload: string | Buffer, sql = "SELECT * FROM '#'"): Scope {
  const parsed = parseStatement(sql)
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.diagnostics))
  const compiled = compileStatement(parsed.statement, '2016-03-23')
  if (!compiled.ok) throw new Error(JSON.stringify(compiled.diagnostics))
  const bytes = Buffer.from(payload)
  const message = {
    topic: 'my/iot/topic',
    payload: bytes,
    qos: 1 as const,
    retain: false,
    client: { clientId: 'device-1', principal: undefined, sourceIp: '192.0.2.1', protocol: 'mqtt' as const },
    properties: undefined,
    receivedAt: 1481825251155,
    traceId: 'trace-1',
    settle: () => undefined,
  }
  const environment = {
    accountId: '123456789012',
    now: () => 1481825251155,
    random: () => 0.5,
    newUuid: () => 'uuid',
  }
  const rule = { name: 'rule', version: '2016-03-23' as const, query: compiled.query }
  const scope = createScope(rule, message.topic, message, new Payload(bytes), environment)
  compiled.query.assign?.(scope)
  return scope
}
