import { execFileSync } from 'node:child_process'
import { describe, expect, it } from 'vitest'
import { compileRule, type CompileOptions, type Rule } from '../../src/index.ts'

const clientProperties = {
  acks: 'all',
  'bootstrap.servers': 'localhost:9092',
  'security.protocol': 'PLAINTEXT',
}

function ruleOf(sql: string, kafka?: Record<string, unknown>, options: CompileOptions = {}): Rule {
  const actions = kafka === undefined ? [] : [{ kafka: { topic: 'out', clientProperties, ...kafka } }]
  const document = { sql, awsIotSqlVersion: '2016-03-23', actions }
  const result = compileRule(document, { extensions: ['PLAINTEXT'], ...options })
  if (!result.ok) throw new Error(JSON.stringify(result.diagnostics))
  return result.rule
}

async function outputOf(
  sql: string,
  message: Partial<Parameters<Rule['evaluate']>[0]>,
  options?: CompileOptions,
): Promise<string> {
  const result = await ruleOf(sql, undefined, options).evaluate({ topic: 'a/b', ...message })
  return String(result.output)
}

describe('compileRule of the library', () => {
  it('shows what a rule would republish', async () => {
    const republish = {
      roleArn: 'arn:aws:iam::000000000000:role/r',
      topic: '$$aws/things/${thing}/shadow/update',
      headers: {
        contentType: '${missing}',
        payloadFormatIndicator: 'UTF8_DATA',
        messageExpiry: '${ttl}',
        userProperties: [{ key: 'k', value: '${thing}' }],
      },
    }
    const document = { sql: "SELECT ttl FROM 'a'", awsIotSqlVersion: '2016-03-23', actions: [{ republish }] }
    const compiled = compileRule(document)
    if (!compiled.ok) throw new Error(JSON.stringify(compiled.diagnostics))
    expect(compiled.rule.deliverable).toBe(true)
    expect(compiled.warnings).toEqual([])
    const result = await compiled.rule.evaluate({ topic: 'a', payload: { thing: 't', ttl: 60 } })
    expect(result.actions).toEqual([
      {
        republish: {
          topic: '$aws/things/t/shadow/update',
          qos: 0,
          payload: Buffer.from('{"ttl":60}'),
          headers: {
            payloadFormatIndicator: 'UTF8_DATA',
            messageExpiry: 60,
            userProperties: [{ key: 'k', value: 't' }],
          },
        },
      },
    ])
    const failed = await compiled.rule.evaluate({ topic: 'a', payload: { thing: '+', ttl: 60 } })
    expect(failed.error).toMatchObject({ action: 'republish[0]', code: 'REPUBLISH_TOPIC_INVALID' })
    const { actions } = await compiled.rule.explain({ topic: 'a', payload: { thing: 't', ttl: 60 } })
    expect(actions?.[0]?.kind).toBe('republish')
    expect(actions?.[0]?.templates.map(({ field, rendered }) => [field, rendered])).toEqual([
      ['topic', '$aws/things/t/shadow/update'],
      ['headers.payloadFormatIndicator', 'UTF8_DATA'],
      ['headers.contentType', ''],
      ['headers.messageExpiry', '60'],
      ['headers.userProperties[0].key', 'k'],
      ['headers.userProperties[0].value', 't'],
    ])
  })

  it('gives a rule, or everything that is wrong', () => {
    const good = compileRule({ sql: "SELECT * FROM 'a'", awsIotSqlVersion: '2016-03-23', actions: [] })
    expect(good).toMatchObject({
      ok: true,
      warnings: [],
      rule: { name: 'rule', disabled: false, deliverable: true },
    })
    const bad = compileRule({ sql: "SELEC * FROM 'a'", awsIotSqlVersion: '2016-03-23', action: [] })
    expect(bad.ok ? [] : bad.diagnostics.map(({ code }) => code)).toEqual([
      'RULE_FIELD_REQUIRED',
      'RULE_FIELD_UNKNOWN',
      'SQL_SYNTAX',
    ])
  })

  it('loads no native code', () => {
    const script = `
      import { createServer } from 'vite'
      const vite = await createServer({ configFile: false, logLevel: 'error', server: { middlewareMode: true } })
      await vite.ssrLoadModule('/src/index.ts')
      const loaded = process.report.getReport().sharedObjects.filter((file) => file.includes('rdkafka'))
      console.log(JSON.stringify(loaded))
      await vite.close()`
    const root = new URL('../../', import.meta.url)
    const output = execFileSync(process.execPath, ['--input-type=module', '-e', script], {
      cwd: root,
      encoding: 'utf8',
    })
    expect(JSON.parse(output.trim())).toEqual([])
  }, 30_000)
})

describe('Rule.evaluate', () => {
  it('takes payloads as bytes, text and data', async () => {
    const sql = "SELECT x FROM 'a/b'"
    expect(await outputOf(sql, { payload: Buffer.from('{"x": 1.50}') })).toBe('{"x":1.50}')
    expect(await outputOf(sql, { payload: new Uint8Array(Buffer.from('{"x":2}')) })).toBe('{"x":2}')
    expect(await outputOf(sql, { payload: '{"x": 3}' })).toBe('{"x":3}')
    expect(await outputOf(sql, { payload: { x: 4 } })).toBe('{"x":4}')
    expect(await outputOf(sql, {})).toBe('{}')
  })

  it('shows the rule what the message says of its client and itself', async () => {
    const sql =
      "SELECT clientid() AS c, principal() AS p, sourceip() AS s, timestamp() AS t, traceid() AS i, accountid() AS a, get_user_properties('k') AS u, get_mqtt_property('content_type') AS m FROM 'a/b'"
    const message = {
      clientId: 'c1',
      principal: 'p1',
      sourceIp: '192.0.2.1',
      timestamp: 5,
      traceId: 't1',
      contentType: 'text/plain',
    }
    const expected =
      '{"c":"c1","p":"p1","s":"192.0.2.1","t":5,"i":"t1","a":"123456789012","u":["v"],"m":"text/plain"}'
    const options = { accountId: '123456789012' }
    expect(await outputOf(sql, { ...message, userProperties: { k: 'v' } }, options)).toBe(expected)
    expect(await outputOf(sql, { ...message, userProperties: [['k', 'v']] }, options)).toBe(expected)
  })

  it('takes clock and chance from the options', async () => {
    const options = {
      now: () => 7,
      random: () => 0.25,
      newUuid: () => '1b4e28ba-2fa1-41d2-883f-0016d3cca427',
    }
    const output = await outputOf(
      "SELECT timestamp() AS t, rand() AS r, newuuid() AS u FROM 'a/b'",
      {},
      options,
    )
    expect(output).toBe('{"t":7,"r":0.25,"u":"1b4e28ba-2fa1-41d2-883f-0016d3cca427"}')
  })

  it('lets Basic Ingest trigger the rule it names, whatever its filter, and no other', async () => {
    const rule = ruleOf("SELECT topic() AS t FROM 'Buildings/#'", undefined, { name: 'mine' })
    const named = await rule.evaluate({ topic: '$aws/rules/mine/Garage/1' })
    expect(String(named.output)).toBe('{"t":"Garage/1"}')
    expect(await rule.evaluate({ topic: '$aws/rules/other/Buildings/1' })).toEqual({
      matched: false,
      selected: false,
      actions: [],
    })
    expect((await rule.evaluate({ topic: 'Buildings/1' })).matched).toBe(true)
    expect((await rule.evaluate({ topic: 'Buildings' })).matched).toBe(false)
  })

  it('gives a rule without FROM to Basic Ingest alone', async () => {
    const rule = ruleOf('SELECT *', undefined, { name: 'mine' })
    expect((await rule.evaluate({ topic: 'a' })).matched).toBe(false)
    expect((await rule.evaluate({ topic: '$aws/rules/mine/a', payload: 'x' })).output).toEqual(
      Buffer.from('x'),
    )
  })

  it('renders the record of each action', async () => {
    const headers = [
      { key: 'k', value: '${nope}' },
      { key: '${x}', value: 'constant' },
    ]
    const rule = ruleOf("SELECT x AS y FROM 'a/b'", {
      topic: 't-${x}',
      key: '${nope}',
      partition: '${x * 2}',
      headers,
    })
    const { actions } = await rule.evaluate({ topic: 'a/b', payload: { x: 3 } })
    const texts = [
      { key: 'k', value: '' },
      { key: '3', value: 'constant' },
    ]
    expect(actions).toEqual([
      { kafka: { topic: 't-3', partition: 6, key: '', headers: texts, value: Buffer.from('{"y":3}') } },
    ])
  })

  it('has a null key where the action has none', async () => {
    const { actions } = await ruleOf("SELECT * FROM 'a/b'", {}).evaluate({ topic: 'a/b', payload: '' })
    expect(actions).toEqual([
      { kafka: { topic: 'out', partition: null, key: null, headers: [], value: Buffer.alloc(0) } },
    ])
  })

  it.each([
    [{ topic: '${nope}' }, 'KAFKA_FIELD_UNDEFINED'],
    [{ topic: '${x}' }, 'KAFKA_TOPIC_INVALID'],
    [{ partition: '${x}' }, 'KAFKA_PARTITION_INVALID'],
    [{ partition: '${null}' }, 'KAFKA_FIELD_UNDEFINED'],
    [{ headers: [{ key: 'k', value: '${long}' }] }, 'KAFKA_HEADER_INVALID'],
    [{ key: '${long}${long}' }, 'KAFKA_RECORD_TOO_LARGE'],
  ])('says why an action has no record: %j', async (kafka, code) => {
    const payload = { x: 'a b', long: 'x'.repeat(600_000) }
    const result = await ruleOf("SELECT * FROM 'a/b'", kafka).evaluate({ topic: 'a/b', payload })
    expect(result).toMatchObject({
      matched: true,
      selected: true,
      actions: [],
      error: { code, class: 'message', action: 'kafka[0]' },
    })
  })
})

describe('services of the library', () => {
  it('give secrets to statements and templates; those of client properties are not looked up', async () => {
    const asked: unknown[] = []
    const services: CompileOptions['services'] = {
      get_secret: (args) => {
        asked.push(args)
        return `value of ${String(args[0])}`
      },
    }
    const password = "${get_secret('login', 'SecretString', 'password')}"
    const compiled = compileRule(
      {
        sql: "SELECT get_secret('a', 'SecretString') AS a FROM 'a/b'",
        awsIotSqlVersion: '2016-03-23',
        actions: [
          {
            kafka: {
              destinationArn: 'arn:aws:iot:local:000000000000:ruledestination/vpc/test',
              topic: 'out',
              key: "${get_secret('b', 'SecretString', '')}",
              clientProperties: {
                acks: 'all',
                'bootstrap.servers': 'localhost:9093',
                'security.protocol': 'SASL_SSL',
                'sasl.mechanism': 'PLAIN',
                'sasl.plain.username': 'u',
                'sasl.plain.password': password,
              },
            },
          },
        ],
      },
      { services },
    )
    if (!compiled.ok) throw new Error(JSON.stringify(compiled.diagnostics))
    expect(compiled.rule.deliverable).toBe(true)
    const result = await compiled.rule.evaluate({ topic: 'a/b', payload: {} })
    expect(result.output?.toString()).toBe('{"a":"value of a"}')
    expect(result.actions[0]?.kafka?.key).toBe('value of b')
    expect(asked).toEqual([
      ['a', 'SecretString'],
      ['b', 'SecretString', ''],
    ])
  })

  const sql = "SELECT get_thing_shadow(clientid(), 'role').state.mode AS mode FROM 'a/b'"

  it('stand for what the functions of the rule call', async () => {
    const asked: unknown[] = []
    const services: CompileOptions['services'] = {
      get_thing_shadow: async (args, { clientId, ruleName }) => {
        asked.push([args, clientId, ruleName])
        return Promise.resolve({ state: { mode: 'eco' } })
      },
    }
    expect(await outputOf(sql, { clientId: 'd1' }, { services })).toBe('{"mode":"eco"}')
    expect(asked).toEqual([[['d1', 'role'], 'd1', 'rule']])
  })

  it('fail the rule by throwing, and the action whose template calls them', async () => {
    const services: CompileOptions['services'] = {
      get_thing_shadow: () => {
        throw new Error('no such thing')
      },
    }
    const failed = await ruleOf(sql, undefined, { services }).evaluate({ topic: 'a/b', clientId: 'd1' })
    const error = { action: 'get_thing_shadow', message: 'get_thing_shadow() failed: no such thing' }
    expect(failed).toMatchObject({ selected: false, actions: [], error })
    const key = "${get_thing_shadow(clientid(), 'role')}"
    const rule = ruleOf("SELECT * FROM 'a/b'", { key }, { services })
    expect(await rule.evaluate({ topic: 'a/b', clientId: 'd1' })).toMatchObject({
      selected: true,
      actions: [],
      error: { message: error.message },
    })
  })

  it('are what a rule may call, and no other', () => {
    const document = { sql, awsIotSqlVersion: '2016-03-23', actions: [] }
    const result = compileRule(document, { services: { aws_lambda: () => 1 } })
    expect(result.ok ? [] : result.diagnostics.map(({ code, message }) => [code, message])).toEqual([
      ['SQL_FUNCTION_UNAVAILABLE', expect.stringContaining('services.get_thing_shadow')],
    ])
  })
})
