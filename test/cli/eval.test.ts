import { EventEmitter } from 'node:events'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { untilDrained } from '../../src/cli/command.ts'
import { evaluateLines, MAX_LINE } from '../../src/cli/eval/lines.ts'
import { compileRule, type Rule } from '../../src/dryrun/index.ts'
import { run } from './run.ts'

const directory = mkdtempSync(join(tmpdir(), 'topicrule-eval-'))
afterAll(() => rmSync(directory, { recursive: true }))

function file(name: string, content: unknown): string {
  const path = join(directory, name)
  writeFileSync(
    path,
    typeof content === 'string' || Buffer.isBuffer(content) ? content : JSON.stringify(content),
  )
  return path
}

const version = '2016-03-23'
const clientProperties = {
  'bootstrap.servers': 'localhost:9092',
  'security.protocol': 'PLAINTEXT',
  acks: 'all',
}
const arn = 'arn:aws:iot:eu-west-1:123456789012:ruledestination/vpc/x'
const kafka = { destinationArn: arn, topic: '${t}', key: '${clientid()}', clientProperties }
const republish = {
  roleArn: 'arn:aws:iam::123456789012:role/r',
  topic: 'out/${topic(2)}',
  qos: 1,
  headers: { contentType: 'x', userProperties: [{ key: 'k', value: '${a}' }] },
}
const rule = {
  ruleName: 'both',
  topicRulePayload: {
    ...{ sql: "SELECT a FROM 'in/+' WHERE a > 1", awsIotSqlVersion: version },
    actions: [
      { kafka },
      { republish },
      { lambda: { functionArn: 'arn:aws:lambda:eu-west-1:123456789012:function:f' } },
    ],
    errorAction: { kafka: { ...kafka, topic: 'errors', key: 'e' } },
  },
}
const rulePath = (): string => file('both.json', rule)

describe('topicrule eval', () => {
  it.each(['door-events', 'raw-archive', 'temperature-alerts', 'vehicle-location', 'binary-frames'])(
    'gives for the example %s what the example says',
    async (name) => {
      const folder = `examples/${name}`
      const { code, stdout } = await run(
        'eval',
        '--rule',
        `${folder}/rule.json`,
        '--message',
        `${folder}/message.json`,
        '--format',
        'json',
      )
      expect(code).toBe(0)
      expect(JSON.parse(stdout)).toEqual(JSON.parse(readFileSync(`${folder}/expected.json`, 'utf8')))
    },
  )

  it('shows what each action would send', async () => {
    const { code, stdout } = await run(
      'eval',
      '--rule',
      rulePath(),
      '--topic',
      'in/x',
      '--payload',
      '{"a":2.50,"t":"k"}',
      '--client-id',
      'c1',
    )
    expect(stdout).toBe(
      [
        'output        {"a":2.50}',
        '',
        'action 0: kafka',
        '  topic       k',
        '  partition   (by the partitioner)',
        '  key         c1',
        '  value       {"a":2.50}',
        '',
        'action 1: republish',
        '  topic       out/x',
        '  QoS         1',
        '  header      contentType = x',
        '  property    k = 2.50',
        '  payload     {"a":2.50}',
        '',
        'action 2: lambda',
        '  is not run by this product',
        '',
      ].join('\n'),
    )
    expect(code).toBe(0)
  })

  it('shows why an action fails and what the error action gets, with exit code 1', async () => {
    const { code, stdout } = await run(
      'eval',
      '--rule',
      rulePath(),
      '--topic',
      'in/x',
      '--payload',
      '{"a":2}',
    )
    expect(code).toBe(1)
    expect(stdout).toMatch(/^action 0: kafka\n {2}failed {6}\w+: .*\$\{t\}/m)
    expect(stdout).toMatch(/^error action: kafka\n {2}topic {7}errors\n(?:.*\n)*? {2}value .*"failedAction"/m)
  })

  it('says why nothing comes of a message', async () => {
    const at = (topic: string, payload: string) =>
      run('eval', '--rule', rulePath(), '--topic', topic, '--payload', payload)
    expect(await at('in/x/y', '{}')).toMatchObject({
      code: 0,
      stdout: expect.stringMatching(/^no match {6}in\/x\/y: the filter ends after level 2/) as string,
    })
    expect(await at('in/x', '{"a":1}')).toMatchObject({
      code: 0,
      stdout: expect.stringMatching(
        /^not selected {2}WHERE is false: `a > 1` is false: `a` is the Int 1/,
      ) as string,
    })
    expect((await at('in/x', '{"A":1}')).stdout).toMatch(
      /WHERE is Undefined: `a` is not in the payload; there is `A`/,
    )
  })

  it('finds a typo in a field with --explain alone', async () => {
    const { code, stdout } = await run(
      'eval',
      '--sql',
      "SELECT * FROM 's/+' WHERE temprature > 30",
      '--topic',
      's/1',
      '--payload',
      '{"temperature": 31}',
      '--explain',
    )
    expect(code).toBe(0)
    expect(stdout).toContain('`temprature` is not in the payload; there is `temperature`')
    expect(stdout).not.toContain('\u001b')
  })

  it('explains in JSON as well', async () => {
    const { stdout } = await run(
      'eval',
      '--sql',
      "SELECT a FROM 't'",
      '--topic',
      't',
      '--payload',
      '{"a":1.10}',
      '--explain',
      '--format',
      'json',
    )
    expect(stdout).toContain('"value":1.10')
    expect(JSON.parse(stdout)).toMatchObject({ selected: true, select: { items: [{ path: ['a'] }] } })
  })

  it('takes Basic Ingest topics', async () => {
    const { stdout } = await run(
      'eval',
      '--rule',
      rulePath(),
      '--topic',
      '$aws/rules/both/in/z',
      '--payload',
      '{"a":2,"t":"k"}',
    )
    expect(stdout).toContain('topic       out/z')
  })

  it('gives the statement all that the options say of a message', async () => {
    const sql =
      "SELECT clientid() AS c, principal() AS p, sourceip() AS ip, traceid() AS tr, accountid() AS acc, timestamp() AS ts, get_mqtt_property('content_type') AS ct, get_mqtt_property('response_topic') AS rt, get_mqtt_property('correlation_data') AS cd, get_mqtt_property('format_indicator') AS fi, get_user_properties('k') AS up FROM 't'"
    const given = [
      '--client-id',
      'c',
      '--principal',
      'p',
      '--source-ip',
      '::1',
      '--trace-id',
      'tr',
      '--account-id',
      '123456789012',
      '--clock',
      '2026-05-01T12:00:00Z',
      '--content-type',
      'ct',
      '--response-topic',
      'rt',
      '--correlation-data',
      'AQI=',
      '--format-indicator',
      '1',
      '--user-property',
      'k=1=2',
      '--user-property',
      'k=',
      '--user-property',
      'l=3',
    ]
    const { stdout } = await run(
      'eval',
      '--sql',
      sql,
      '--topic',
      't',
      '--payload-base64',
      'e30=',
      ...given,
      '--format',
      'json',
    )
    const { output } = JSON.parse(stdout) as { output: string }
    expect(JSON.parse(output)).toEqual({
      ...{ c: 'c', p: 'p', ip: '::1', tr: 'tr', acc: '123456789012', ts: Date.UTC(2026, 4, 1, 12) },
      ...{ ct: 'ct', rt: 'rt', cd: 'AQI=', fi: 'UTF8_DATA', up: ['1=2', ''] },
    })
  })

  it('repeats chance for a seed', async () => {
    const draw = async (seed: string) =>
      (
        await run(
          'eval',
          '--sql',
          "SELECT rand() AS r, newuuid() AS u FROM 't'",
          '--topic',
          't',
          '--payload',
          '1',
          '--seed',
          seed,
        )
      ).stdout
    expect(await draw('a')).toBe(await draw('a'))
    expect(await draw('a')).not.toBe(await draw('b'))
  })

  it('answers calls of services, and says which has no answer', async () => {
    const sql =
      "SELECT get_secret('db', 'SecretString', 'user') AS u, get_thing_shadow('a', 'r').v AS v FROM 't'"
    const shadow = file('shadow.json', { answers: [{ args: ['a', 'r'], result: { v: 7 } }] })
    const mocks = [
      '--secret',
      `db=@${file('db.json', { user: 'me' })}`,
      '--service',
      `get_thing_shadow=${shadow}`,
    ]
    const base = ['eval', '--sql', sql, '--topic', 't', '--payload', '{}']
    expect((await run(...base, ...mocks)).stdout).toBe('output        {"u":"me","v":7}\n')
    const { code, stdout } = await run(...base, '--secret', 'db={"user":"me"}')
    expect(code).toBe(1)
    expect(stdout).toContain('there is no answer for it; give one with --service get_thing_shadow=ANSWER')
  })

  it('reads payloads from files, byte by byte', async () => {
    const path = file('bytes.bin', Buffer.from([0, 255, 10]))
    const { stdout } = await run(
      'eval',
      '--sql',
      "SELECT * FROM 't'",
      '--topic',
      't',
      '--payload',
      `@${path}`,
    )
    expect(stdout).toBe('output        AP8K (base64)\n')
  })

  it('shows errors of the rule with their place, with exit code 1', async () => {
    const statement = await run('eval', '--sql', "SELECT * FORM 't'", '--topic', 't', '--payload', '1')
    expect(statement).toMatchObject({ code: 1, stdout: '' })
    expect(statement.stderr).toContain("1:10 | SELECT * FORM 't'\n")
    const path = file('faulty.json', JSON.stringify({ sql: "SELECT * FORM 't'", actions: [] }, undefined, 2))
    const { code, stderr } = await run('eval', '--rule', path, '--topic', 't', '--payload', '1')
    expect(code).toBe(1)
    expect(stderr).toContain(`${path}:2:3 error SQL_SYNTAX`)
  })

  it('cannot be made to steer a terminal by a message', async () => {
    const { stdout } = await run(
      'eval',
      '--sql',
      "SELECT VALUE a FROM 't'",
      '--topic',
      't',
      '--payload',
      '"\u009b31m\u202e"',
    )
    expect(stdout).not.toMatch(/[\u009b\u202e]/)
  })

  it.each([
    ['no rule', ['--topic', 't', '--payload', '1'], /either with --rule FILE or with --sql/],
    ['two rules', ['--rule', 'x', '--sql', 'y', '--topic', 't', '--payload', '1'], /either with --rule/],
    ['no topic', ['--sql', 'SELECT *', '--payload', '1'], /--topic/],
    ['a topic with wildcards', ['--sql', 'SELECT *', '--topic', 'a/#', '--payload', '1'], /wildcard/],
    ['no payload', ['--sql', 'SELECT *', '--topic', 't'], /--payload/],
    ['two payloads', ['--sql', 's', '--topic', 't', '--payload', '1', '--payload-base64', 'MQ=='], /exclude/],
    ['bad base64', ['--sql', 's', '--topic', 't', '--payload-base64', 'M'], /not base64/],
    [
      'a file that is not there',
      ['--rule', 'absent.json', '--topic', 't', '--payload', '1'],
      /cannot read absent.json/,
    ],
    [
      'a clock that is none',
      ['--sql', 's', '--topic', 't', '--payload', '1', '--clock', 'noon'],
      /--clock is noon/,
    ],
    [
      'a service that is none',
      ['--sql', 's', '--topic', 't', '--payload', '1', '--service', 'abs=1'],
      /no such function/,
    ],
    [
      'a message beside --lines',
      ['--sql', 's', '--lines', '--payload-base64', 'MQ=='],
      /leave out --payload-base64/,
    ],
    [
      'a format that is none',
      ['--sql', 's', '--topic', 't', '--payload', '1', '--format', 'xml'],
      /--format is xml/,
    ],
  ])('answers %s with exit code 2', async (_name, argv, words) => {
    const { code, stdout, stderr } = await run('eval', ...argv)
    expect([code, stdout]).toEqual([2, ''])
    expect(stderr).toMatch(words)
  })
})

describe('topicrule eval --lines', () => {
  function ruleOf(sql: string): Rule {
    const compiled = compileRule({ sql, awsIotSqlVersion: version, actions: [] })
    if (!compiled.ok) throw new Error(compiled.diagnostics[0]!.message)
    return compiled.rule
  }

  async function* chunksOf(bytes: Buffer, size: number): AsyncGenerator<Buffer> {
    for (let start = 0; start < bytes.length; start += size) {
      yield await Promise.resolve(bytes.subarray(start, start + size))
    }
  }

  async function results(given: Rule, input: Buffer, size: number): Promise<unknown[]> {
    let text = ''
    await evaluateLines(given, chunksOf(input, size), (part) => Promise.resolve(((text += part), true)))
    return text
      .split('\n')
      .slice(0, -1)
      .map((line) => JSON.parse(line) as unknown)
  }

  it.each([1, 3, 1000])('gives one result a line in order, in chunks of %i bytes', async (size) => {
    const input =
      '{"topic":"t","payload":{"a":"é"}}\r\n\nnot json\n{"topic":"u"}\n{"topic":"t","payload":{"a":2}}'
    expect(await results(ruleOf("SELECT a FROM 't'"), Buffer.from(input), size)).toEqual([
      { matched: true, selected: true, output: '{"a":"é"}', actions: [] },
      {
        matched: false,
        selected: false,
        actions: [],
        error: expect.objectContaining({
          code: 'EVAL_LINE_INVALID',
          message: 'Line 3 is no message: it is not JSON.',
        }) as object,
      },
      { matched: false, selected: false, actions: [] },
      { matched: true, selected: true, output: '{"a":2}', actions: [] },
    ])
  })

  it.each([1, 2, 1000])('passes over a byte-order mark, in chunks of %i bytes', async (size) => {
    const input = Buffer.from('\uFEFF{"topic":"t","payload":{"a":1}}\n{"topic":"t","payload":{"a":2}}\n')
    expect(await results(ruleOf("SELECT a FROM 't'"), input, size)).toMatchObject([
      { output: '{"a":1}' },
      { output: '{"a":2}' },
    ])
  })

  it('counts blank lines, which give no result, so that errors name the lines of the file', async () => {
    const input = Buffer.from('\r\n  \n\t\r\n{"topic":"t","payload":1}\r\n\n[]')
    expect(await results(ruleOf("SELECT * FROM 't'"), input, 1000)).toMatchObject([
      { output: '1' },
      { error: { resource: 'line 6', message: 'Line 6 is no message: it is no JSON object.' } },
    ])
  })

  it('waits for a slow reader without leaving listeners behind', async () => {
    const stream = new EventEmitter()
    for (const event of ['drain', 'error', 'close']) {
      const waiting = untilDrained(stream)
      stream.once('error', () => undefined).emit(event)
      await waiting
      stream.removeAllListeners('error')
      expect(['drain', 'close'].map((name) => stream.listenerCount(name))).toEqual([0, 0])
    }
  })

  it('passes over a line that is too long, and text that is not UTF-8, and goes on', async () => {
    const long = Buffer.concat([
      Buffer.alloc(MAX_LINE + 1, 'x'),
      Buffer.from('\n{"topic":"t\xff"}\n', 'latin1'),
      Buffer.from('{"topic":"t","payload":1}\n'),
    ])
    expect(await results(ruleOf("SELECT * FROM 't'"), long, 1 << 16)).toMatchObject([
      { error: { message: `Line 1 is no message: it has more than ${MAX_LINE} bytes.` } },
      { error: { message: 'Line 2 is no message: it is not UTF-8.' } },
      { output: '1' },
    ])
  })

  it('stops reading when nobody reads its results any more', async () => {
    let given = 0
    async function* endless(): AsyncGenerator<Buffer> {
      for (;;) {
        given += 1
        yield await Promise.resolve(Buffer.from('{"topic":"t","payload":1}\n'.repeat(5000)))
      }
    }
    const counts = await evaluateLines(ruleOf("SELECT * FROM 't'"), endless(), () => Promise.resolve(false))
    expect(given).toBe(1)
    expect(counts.unreadable).toBe(0)
  })
})
