import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, afterEach, beforeEach, describe, expect, it } from 'vitest'
import { lineChanges } from '../../src/cli/rules/difference.ts'
import { terminal } from '../../src/cli/terminal.ts'
import { RuleService } from '../helpers/rule-service.ts'
import { type CliRun, run } from './run.ts'

const directory = mkdtempSync(join(tmpdir(), 'topicrule-rules-'))
afterAll(() => rmSync(directory, { recursive: true }))

let service: RuleService
let files: string
beforeEach(async () => {
  service = await RuleService.start()
  files = mkdtempSync(join(directory, 'files-'))
})
afterEach(() => service.stop())

const rules = (...argv: string[]): Promise<CliRun> => run('rules', ...argv, '--endpoint', service.endpoint)
const write = (file: string, text: unknown): void =>
  writeFileSync(join(files, file), typeof text === 'string' ? text : JSON.stringify(text))
const rule = (sql: string, more: object = {}): Record<string, unknown> => ({
  ...{ sql, awsIotSqlVersion: '2016-03-23', actions: [], ...more },
})
const writes = (): string[] => service.requests.filter((request) => !request.startsWith('GET'))

describe('topicrule rules list, get, put, delete, enable, disable', () => {
  it('lists all pages, as text and as JSON', async () => {
    for (const name of ['a', 'b', 'c', 'd', 'e']) service.put(name, rule("SELECT * FROM 'a/b'"))
    const text = await rules('list')
    expect(text.code).toBe(0)
    expect(text.stdout.trim().split('\n')).toHaveLength(5)
    expect(text.stdout).toMatch(/^a +enabled +2023-11-14T22:13:20.000Z {2}a\/b$/m)
    const json = await rules('list', '--format', 'json')
    expect(
      json.stdout
        .trim()
        .split('\n')
        .map((line) => (JSON.parse(line) as { name: string }).name),
    ).toEqual(['a', 'b', 'c', 'd', 'e'])
  })

  it('gets a document that put takes, fields that AWS does not have included', async () => {
    service.put('alerts', rule("SELECT * FROM 'a'", { 'x-ack': 'received' }))
    const { stdout, code } = await rules('get', 'alerts')
    expect(code).toBe(0)
    write('back.json', stdout)
    service.rules.clear()
    expect((await rules('put', join(files, 'back.json'))).stderr).toContain('created alerts')
    expect(service.rules.get('alerts')?.payload).toEqual(rule("SELECT * FROM 'a'", { 'x-ack': 'received' }))
  })

  it('says what the service said, and ends with 1', async () => {
    const { code, stderr, stdout } = await rules('get', 'missing')
    expect([code, stdout]).toEqual([1, ''])
    expect(stderr).toContain(`${service.endpoint} answered UnauthorizedException: Access to topic rule`)
  })

  it('does to each name what it can', async () => {
    service.put('a', rule('x'))
    service.failures.set('DELETE /rules/bad', [
      { status: 400, name: 'InvalidRequestException', message: 'no\u001b[2J' },
    ])
    const { code, stderr } = await rules('delete', 'bad', 'a')
    expect(code).toBe(1)
    expect(stderr).toBe('failed bad: InvalidRequestException: no\\u001b[2J\ndeleted a\n')
    expect(service.rules.has('a')).toBe(false)
  })

  it('tells a service that cannot be reached from one that refuses', async () => {
    const { endpoint } = service
    await service.stop()
    const { code, stderr } = await run('rules', 'list', '--endpoint', endpoint)
    expect(code).toBe(2)
    expect(stderr).toContain(`${endpoint} cannot be asked: ECONNREFUSED`)
  })

  it.each([
    [['--endpoint', 'ftp://x']],
    [['--endpoint', 'http://x', '--aws']],
    [['--endpoint', 'http://x', '--cert', 'c.pem']],
    [['--endpoint', 'http://x', '--format', 'yaml']],
  ])('takes no %j', async (argv) => {
    expect((await run('rules', 'list', ...argv)).code).toBe(2)
    expect(service.requests).toEqual([])
  })

  it('waits and asks again when it is throttled', async () => {
    const slow = { status: 429, name: 'ThrottlingException', message: 'slow down' }
    service.failures.set('GET /rules', [slow, slow])
    expect((await rules('list')).code).toBe(0)
    expect(service.requests).toHaveLength(3)
  })
})

describe('who asks', () => {
  const variables = ['AWS_ACCESS_KEY_ID', 'AWS_SECRET_ACCESS_KEY'] as const
  afterEach(() => {
    for (const name of variables) delete process.env[name]
  })

  it('goes where AWS tools are told to go, unless something else is named', async () => {
    const urls = ['AWS_ENDPOINT_URL_IOT', 'AWS_ENDPOINT_URL'] as const
    service.put('there', rule("SELECT * FROM 'a'"))
    try {
      process.env['AWS_ENDPOINT_URL'] = service.endpoint
      expect((await run('rules', 'get', 'there')).code).toBe(0)
      process.env['AWS_ENDPOINT_URL_IOT'] = 'http://127.0.0.1:1'
      const elsewhere = await run('rules', 'get', 'there')
      expect([elsewhere.code, elsewhere.stderr]).toEqual([2, expect.stringContaining('http://127.0.0.1:1 ')])
      expect((await rules('get', 'there')).code).toBe(0)
      process.env['AWS_ENDPOINT_URL_IOT'] = 'no address'
      expect((await run('rules', 'get', 'there')).stderr).toContain('AWS_ENDPOINT_URL is no address')
      for (const name of variables) process.env[name] = 'AKIATEST'
      delete process.env['AWS_ENDPOINT_URL_IOT']
      const aws = await run('rules', 'get', 'missing', '--aws', '--region', 'eu-west-9')
      expect(aws.stderr).toContain(`AWS IoT at ${service.endpoint} for eu-west-9 answered`)
    } finally {
      for (const name of urls) delete process.env[name]
    }
  })

  it('is nobody without credentials in the environment', async () => {
    await rules('list')
    expect(service.headers[0]!['authorization']).toBeUndefined()
  })

  it('signs with what the environment has, for the region that is asked for', async () => {
    for (const name of variables) process.env[name] = 'AKIATEST'
    await rules('list', '--region', 'eu-west-9')
    expect(service.headers[0]!['authorization']).toMatch(
      /^AWS4-HMAC-SHA256 Credential=AKIATEST\/\d+\/eu-west-9\/iot\/aws4_request/,
    )
  })

  it('signs the whole document, the fields that AWS does not have included', async () => {
    for (const name of variables) process.env[name] = 'AKIATEST'
    write('a.json', rule("SELECT * FROM 'a'", { 'x-ack': 'received' }))
    expect((await rules('put', join(files, 'a.json'))).code).toBe(0)
    const { createHash } = await import('node:crypto')
    const sent = JSON.stringify(rule("SELECT * FROM 'a'", { 'x-ack': 'received' }))
    const headers = service.headers[service.requests.indexOf('POST /rules/a')]!
    expect(headers['x-amz-content-sha256']).toBe(createHash('sha256').update(sent).digest('hex'))
    expect(headers['content-length']).toBe(String(Buffer.byteLength(sent)))
  })

  it('shows a bearer token where a file has one', async () => {
    write('token', 'abc123\n')
    await rules('list', '--token-file', join(files, 'token'))
    expect(service.headers[0]!['authorization']).toBe('Bearer abc123')
  })
})

describe('topicrule rules apply', () => {
  it('creates, replaces and leaves alone, and shows the fields that differ', async () => {
    service.put('changed', rule("SELECT a\nFROM 'x'"))
    service.put('same', { ...rule("SELECT * FROM 'x'"), ruleDisabled: false })
    service.put('other', rule("SELECT * FROM 'x'"))
    write('changed.yaml', "sql: |-\n  SELECT b\n  FROM 'x'\nawsIotSqlVersion: '2016-03-23'\nactions: []\n")
    write('same.json', rule("SELECT * FROM 'x'"))
    write('more.json', [{ ruleName: 'fresh', topicRulePayload: rule("SELECT * FROM 'x'") }])
    const dry = await rules('apply', '-f', files, '--dry-run')
    expect(dry.code).toBe(1)
    expect(dry.stdout).toBe(
      [
        '~ replace changed',
        '    sql',
        '      - SELECT a',
        '      + SELECT b',
        "        FROM 'x'",
        '+ create fresh',
        '    awsIotSqlVersion',
        '      + 2016-03-23',
        '    ruleDisabled',
        '      + false',
        '    actions',
        '      + []',
        '    sql',
        "      + SELECT * FROM 'x'",
        '',
      ].join('\n'),
    )
    expect(dry.stderr).toContain('1 to create, 1 to replace, 1 unchanged.')
    expect(writes()).toEqual([])
    expect((await rules('apply', '-f', files)).code).toBe(0)
    expect(writes().sort()).toEqual(['PATCH /rules/changed', 'POST /rules/fresh'])
    expect((await rules('apply', '-f', files, '--dry-run')).code).toBe(0)
    expect(service.rules.has('other')).toBe(true)
  })

  it('sends nothing when one document has a fault', async () => {
    write('good.json', rule("SELECT * FROM 'x'"))
    write('bad.json', rule("SELECT * FORM 'x'"))
    const { code, stderr } = await rules('apply', '-f', files)
    expect(code).toBe(1)
    expect(stderr).toMatch(/bad\.json:1:2 error SQL_SYNTAX/)
    expect(stderr).toContain('1 document has faults; nothing was sent.')
    expect(service.requests).toEqual([])
    expect((await rules('apply', '-f', files, '--skip-check')).code).toBe(0)
  })

  it('refuses a rule that two files have', async () => {
    write('a.json', { ruleName: 'twice', topicRulePayload: rule("SELECT * FROM 'x'") })
    write('b.json', { ruleName: 'twice', topicRulePayload: rule("SELECT * FROM 'y'") })
    expect((await rules('apply', '-f', files)).code).toBe(1)
    expect(service.requests).toEqual([])
  })

  it('prunes what it listed, last, and only when told that it may', async () => {
    service.put('old_name', rule("SELECT * FROM 'x'"))
    service.put('stays', rule("SELECT * FROM 'x'"))
    write('new_name.json', rule("SELECT * FROM 'x'"))
    write('stays.json', rule("SELECT * FROM 'x'"))
    const unasked = await rules('apply', '-f', files, '--prune')
    expect(unasked.code).toBe(2)
    expect(unasked.stderr).toContain('Deleting 1 rule (old_name) needs --yes')
    expect(writes()).toEqual([])
    expect((await rules('apply', '-f', files, '--prune', '--yes')).code).toBe(0)
    expect(writes()).toEqual(['POST /rules/new_name', 'DELETE /rules/old_name'])
  })

  it('replaces what it showed, and not what came in between', async () => {
    service.put('a', rule("SELECT a FROM 'x'"))
    write('a.json', rule("SELECT b FROM 'x'"))
    expect((await rules('apply', '-f', files)).code).toBe(0)
    expect(service.headers[service.requests.indexOf('PATCH /rules/a')]!['if-match']).toBe('"1"')
  })

  it('deletes nothing after a failure, but puts the other rules', async () => {
    service.put('old', rule("SELECT * FROM 'x'"))
    for (const name of ['a', 'b']) write(`${name}.json`, rule("SELECT * FROM 'x'"))
    const refusal = { status: 400, name: 'InvalidRequestException', message: 'no' }
    service.failures.set('POST /rules/a', [refusal])
    const { code, stderr } = await rules('apply', '-f', files, '--prune', '--yes')
    expect(code).toBe(1)
    expect(stderr).toContain('failed a: InvalidRequestException: no')
    expect(stderr).toContain('created b')
    expect([...service.rules.keys()].sort()).toEqual(['b', 'old'])
  })

  it('does not take an empty directory for the wish to delete everything', async () => {
    service.put('old', rule("SELECT * FROM 'x'"))
    mkdirSync(join(files, 'empty'))
    expect((await rules('apply', '-f', join(files, 'empty'), '--prune', '--yes')).code).toBe(2)
    expect(service.requests).toEqual([])
  })

  it('shows no secret', async () => {
    const kafka = (password: string): object => ({
      kafka: {
        destinationArn: 'arn:aws:iot:region:123456789012:ruledestination/vpc/x',
        topic: 't',
        clientProperties: {
          ...{ acks: 'all', 'bootstrap.servers': 'b:9092', 'security.protocol': 'SASL_SSL' },
          ...{ 'sasl.mechanism': 'PLAIN', 'sasl.plain.username': 'u', 'sasl.plain.password': password },
        },
      },
    })
    service.put('a', rule("SELECT * FROM 'x'", { actions: [kafka('old-secret')] }))
    write('a.json', rule("SELECT * FROM 'x'", { actions: [kafka('new-secret')] }))
    write('b.json', rule("SELECT * FROM 'x'", { actions: [kafka('new-secret')] }))
    for (const format of ['text', 'json']) {
      const { code, stdout, stderr } = await rules(
        'apply',
        '-f',
        files,
        '--dry-run',
        '--skip-check',
        '--format',
        format,
      )
      expect(code).toBe(1)
      expect(stdout).toMatch(/sasl\.plain\.password/)
      expect(stdout + stderr).not.toMatch(/(old|new)-secret/)
    }
  })
})

describe('how a difference is shown', () => {
  it('keeps common lines once', () => {
    expect(lineChanges('a\nb\nc', 'a\nx\nc\nd').map(({ kind, text }) => `${kind} ${text}`)).toEqual([
      ...['same a', 'removed b', 'added x', 'same c', 'added d'],
    ])
  })

  it.each([
    ['in a terminal', { isTTY: true, columns: 80 }, {}, true],
    ['not in a pipe', {}, {}, false],
    ['not with NO_COLOR', { isTTY: true }, { NO_COLOR: '1' }, false],
    ['not in a dumb terminal', { isTTY: true }, { TERM: 'dumb' }, false],
    ['in a pipe with FORCE_COLOR', {}, { FORCE_COLOR: '1' }, true],
  ])('has colours %s', (_, stream, environment, colours) => {
    expect(terminal(stream, environment).paint('bad', 'x') !== 'x').toBe(colours)
  })

  it.each([
    ['of the terminal', { isTTY: true, columns: 80 }, {}, 80],
    ['without bound in a pipe', {}, {}, undefined],
    ['that COLUMNS says', { isTTY: true, columns: 80 }, { COLUMNS: '40' }, 40],
    ['of the terminal where COLUMNS is odd', { isTTY: true, columns: 80 }, { COLUMNS: 'wide' }, 80],
    ['without bound in a terminal that does not know its own', { isTTY: true, columns: 0 }, {}, undefined],
  ])('has the width %s', (_, stream, environment, width) => {
    expect(terminal(stream, environment).width).toBe(width)
  })
})
