import { describe, expect, it } from 'vitest'
import { type AssemblesRecords, createScope, evaluate, takeFailure } from '../../src/evaluate/index.ts'
import { type Message } from '../../src/message/index.ts'
import { compileTemplate } from '../../src/render/index.ts'
import { compileStatement, parseStatement, type Scope, type Services } from '../../src/sql/index.ts'
import { Payload } from '../../src/value/index.ts'
import { answering, HeldServices, serviceFailure, settled } from '../helpers/services.ts'

const services = new Set(['aws_lambda', 'get_thing_shadow', 'get_dynamodb'])
const LAMBDA = "aws_lambda('f', x)"
const SHADOW = "get_thing_shadow(thing, 'role')"

interface Run {
  readonly scope: Scope
  readonly result: ReturnType<typeof evaluate>
}

function run(
  sql: string,
  payload: object,
  provider: Services,
  actions: readonly AssemblesRecords[] = [],
): Run {
  const parsed = parseStatement(sql)
  if (!parsed.ok) throw new Error(parsed.diagnostics[0]!.message)
  const compiled = compileStatement(parsed.statement, '2016-03-23', { services })
  if (!compiled.ok) throw new Error(compiled.diagnostics[0]!.message)
  const { query } = compiled
  const bytes = Buffer.from(JSON.stringify(payload))
  const message: Message = {
    topic: 'a/b',
    payload: bytes,
    qos: 1,
    retain: false,
    client: { clientId: 'device', principal: undefined, sourceIp: undefined, protocol: 'mqtt' },
    properties: undefined,
    receivedAt: 0,
    traceId: 'trace',
    settle: () => undefined,
  }
  let drawn = 0
  const draw = () => (drawn += 1)
  const environment = {
    accountId: '1',
    now: draw,
    random: () => draw() / 100,
    newUuid: () => `uuid-${draw()}`,
    services: provider,
  }
  const rule = { name: 'rule', version: query.version, query, templatesAskServices: actions.length > 0 }
  const scope = createScope(rule, 'a/b', message, new Payload(bytes), environment)
  return { scope, result: evaluate(query, scope, actions) }
}

async function output(sql: string, payload: object, provider: Services): Promise<unknown> {
  const evaluation = await run(sql, payload, provider).result
  if ('class' in evaluation) return evaluation
  return evaluation.matched ? evaluation.output.toString() : 'unmatched'
}

function template(text: string) {
  const compiled = compileTemplate(text, '2016-03-23', undefined, { services })
  if (!compiled.ok) throw new Error(compiled.diagnostics[0]!.message)
  return { assemble: (scope: Scope) => compiled.template.render(scope).text }
}

describe('a statement that calls services', () => {
  it('waits for the answer and uses it like any value', async () => {
    const provider = answering(() => new Map([['v', 5]]))
    expect(await output(`SELECT ${LAMBDA}.v + 1 AS r FROM 'a/b'`, { x: 1 }, provider)).toBe('{"r":6}')
    expect(provider.calls).toEqual(['aws_lambda(f, 1)'])
  })

  it('tells the service who asks', async () => {
    const held = new HeldServices()
    const { result } = run(`SELECT ${LAMBDA} AS r FROM 'a/b'`, { x: 1 }, held)
    expect(held.questions[0]!.caller).toEqual({
      ruleName: 'rule',
      topic: 'a/b',
      clientId: 'device',
      traceId: 'trace',
    })
    held.questions[0]!.answer(1)
    await result
  })

  it('asks for the items of SELECT side by side', async () => {
    const held = new HeldServices()
    const { result } = run(`SELECT ${LAMBDA} AS a, ${SHADOW} AS b FROM 'a/b'`, { x: 1, thing: 't' }, held)
    expect(held.asked()).toEqual(['aws_lambda(f, 1)', 'get_thing_shadow(t, role)'])
    for (const question of held.questions) question.answer(question.name)
    expect(await result).toMatchObject({ matched: true })
  })

  it('asks the same question once, wherever it stands', async () => {
    const provider = answering(() => 7)
    const sql = `SET @s = ${LAMBDA} SELECT ${LAMBDA} AS a, aws_lambda('f', 1) AS b, @s AS c FROM 'a/b' WHERE ${LAMBDA} > 0`
    expect(await output(sql, { x: 1 }, provider)).toBe('{"a":7,"b":7,"c":7}')
    expect(provider.calls).toHaveLength(1)
  })

  it('asks nothing for SELECT when WHERE drops the message', async () => {
    const provider = answering(() => new Map([['on', false]]))
    const where = `SELECT ${LAMBDA} AS r FROM 'a/b' WHERE`
    expect(await output(`${where} x > 1`, { x: 1 }, provider)).toBe('unmatched')
    expect(provider.calls).toEqual([])
    expect(await output(`${where} ${SHADOW}.on = true`, { x: 1, thing: 't' }, provider)).toBe('unmatched')
    expect(provider.calls).toEqual(['get_thing_shadow(t, role)'])
  })

  it('does not ask with what another service has not answered yet', async () => {
    const provider = answering((name) => (name === 'aws_lambda' ? 'done' : 'thing'))
    const nested = `SELECT aws_lambda('f', {"s": ${SHADOW}}) AS r FROM 'a/b'`
    expect(await output(nested, { thing: 't' }, provider)).toBe('{"r":"done"}')
    const branch = `SELECT CASE isUndefined(${SHADOW}) WHEN true THEN ${LAMBDA} ELSE 'known' END AS r FROM 'a/b'`
    expect(await output(branch, { thing: 't', x: 1 }, provider)).toBe('{"r":"known"}')
    const variable = `SET @s = ${SHADOW}, @r = aws_lambda('f', {"s": @s}) SELECT @r AS r FROM 'a/b'`
    expect(await output(variable, { thing: 't' }, provider)).toBe('{"r":"done"}')
    expect(provider.calls.filter((call) => call.startsWith('aws_lambda'))).toHaveLength(2)
  })

  it('asks once with arguments from clock and chance', async () => {
    const provider = answering(() => true)
    const sql = `SELECT aws_lambda('f', [rand(), newuuid(), timestamp()]) AS r, newuuid() AS id FROM 'a/b'`
    await output(sql, {}, provider)
    expect(provider.calls).toHaveLength(1)
  })

  it('asks for each element of a nested SELECT', async () => {
    const provider = answering((_name, [, value]) => value)
    const sql = `SELECT (SELECT VALUE aws_lambda('f', n) FROM list) AS r FROM 'a/b'`
    const list = Array.from({ length: 30 }, (_, n) => ({ n }))
    expect(await output(sql, { list }, provider)).toBe(`{"r":[${list.map(({ n }) => n).join(',')}]}`)
  })

  it('fails a rule that asks too often', async () => {
    const provider = answering(() => 1)
    const sql = `SELECT (SELECT VALUE aws_lambda('f', n) FROM list) AS r FROM 'a/b'`
    const list = Array.from({ length: 40 }, (_, n) => ({ n }))
    expect(await output(sql, { list }, provider)).toMatchObject({
      code: 'SERVICE_CALLS_EXCEEDED',
      class: 'rule',
    })
    expect(provider.calls).toHaveLength(32)
  })

  it('asks nothing when an argument is Undefined', () => {
    const provider = answering(() => 1)
    const { result } = run(`SELECT ${LAMBDA} AS r FROM 'a/b'`, {}, provider)
    expect(result).toEqual({ matched: true, output: Buffer.from('{}') })
    expect(provider.calls).toEqual([])
  })

  it('shows whole numbers in an answer as the language version does', async () => {
    expect(
      await output(
        `SELECT ${LAMBDA} AS r FROM 'a/b'`,
        { x: 1 },
        answering(() => 9007199254740993 as never),
      ),
    ).toBe('{"r":9007199254740992}')
  })
})

describe('a service that fails', () => {
  const failing = () =>
    answering(() => {
      throw serviceFailure({ class: 'environment' })
    })

  it('fails the rule and is named', async () => {
    const failure = { action: 'aws_lambda', class: 'environment', message: 'it failed' }
    expect(await output(`SELECT ${LAMBDA} AS r FROM 'a/b'`, { x: 1 }, failing())).toMatchObject(failure)
    expect(await output(`SELECT x FROM 'a/b' WHERE ${LAMBDA} = 1`, { x: 1 }, failing())).toMatchObject(
      failure,
    )
    expect(await output(`SET @v = ${LAMBDA} SELECT x FROM 'a/b'`, { x: 1 }, failing())).toMatchObject(failure)
  })

  it('is taken by get_or_default', async () => {
    const item = (fallback: string) => `SELECT get_or_default(${LAMBDA}.a.b${fallback}) AS r, x FROM 'a/b'`
    expect(await output(item(", 'none'"), { x: 1 }, failing())).toBe('{"r":"none","x":1}')
    expect(await output(item(''), { x: 1 }, failing())).toBe('{"x":1}')
  })

  it('asks for the default only where it is needed', async () => {
    const sql = `SELECT get_or_default(${LAMBDA}, ${SHADOW}) AS r FROM 'a/b'`
    const provider = answering((name) => {
      if (name === 'aws_lambda') throw serviceFailure()
      return 'shadow'
    })
    expect(await output(sql, { x: 1, thing: 't' }, provider)).toBe('{"r":"shadow"}')
    const good = answering(() => 0)
    expect(await output(sql, { x: 1, thing: 't' }, good)).toBe('{"r":0}')
    expect(good.calls).toHaveLength(1)
  })

  it('does not keep the rule waiting for its other calls', async () => {
    const held = new HeldServices()
    const { result } = run(`SELECT ${LAMBDA} AS a, ${SHADOW} AS b FROM 'a/b'`, { x: 1, thing: 't' }, held)
    held.questions[0]!.fail()
    held.questions[1]!.answer(1)
    expect(await result).toMatchObject({ code: 'SERVICE_FAILED' })
  })

  it('fails the rule also when the provider breaks its promise', async () => {
    const rejecting: Services = { call: () => Promise.reject(new Error('broken')) }
    expect(await output(`SELECT ${LAMBDA} AS r FROM 'a/b'`, { x: 1 }, rejecting)).toMatchObject({
      code: 'SERVICE_FAILED',
    })
  })
})

describe('templates that call services', () => {
  it('have their answers when the statement is done, with the same random values', async () => {
    const provider = answering((_name, [, id]) => `<${String(id)}>`)
    const action = template("${newuuid()}-${aws_lambda('f', newuuid())}")
    const { scope, result } = run(`SELECT newuuid() AS id FROM 'a/b'`, {}, provider, [action])
    expect(await result).toMatchObject({ output: Buffer.from('{"id":"uuid-1"}') })
    expect(action.assemble(scope)).toBe('uuid-2-<uuid-3>')
    expect(takeFailure(scope)).toBeUndefined()
    expect(provider.calls).toHaveLength(1)
  })

  it('ask nothing when WHERE drops the message', async () => {
    const provider = answering(() => 1)
    await run("SELECT x FROM 'a/b' WHERE x > 1", { x: 1 }, provider, [template(`\${${LAMBDA}}`)]).result
    expect(provider.calls).toEqual([])
  })

  it('fail their own action alone', async () => {
    const provider = answering((name) => {
      if (name === 'aws_lambda') throw serviceFailure()
      return 'ok'
    })
    const [bad, good] = [template(`\${${LAMBDA}}`), template(`\${${SHADOW}}`)]
    const { scope, result } = run("SELECT x FROM 'a/b'", { x: 1, thing: 't' }, provider, [bad, good])
    expect(await result).toMatchObject({ matched: true })
    bad.assemble(scope)
    expect(takeFailure(scope)).toMatchObject({ action: 'aws_lambda' })
    expect(good.assemble(scope)).toBe('ok')
    expect(takeFailure(scope)).toBeUndefined()
    await settled()
  })
})
