import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, afterEach, describe, expect, it, vi } from 'vitest'
import { run } from './run.ts'

const directory = mkdtempSync(join(tmpdir(), 'topicrule-cli-'))
afterAll(() => rmSync(directory, { recursive: true }))
afterEach(() => vi.unstubAllEnvs())

function file(name: string, text: string): string {
  const path = join(directory, name)
  writeFileSync(path, text)
  return path
}

const kafka = {
  destinationArn: 'arn:aws:iot:eu-west-1:123456789012:ruledestination/vpc/x',
  topic: 'readings',
  clientProperties: {
    'bootstrap.servers': 'kafka:9094',
    'security.protocol': 'SASL_SSL',
    'sasl.mechanism': 'SCRAM-SHA-512',
    'sasl.scram.username': 'u',
    'sasl.scram.password': 'p',
    acks: 'all',
  },
}
const rule = (sql: string): object => ({
  ruleName: 'good',
  topicRulePayload: { sql, awsIotSqlVersion: '2016-03-23', actions: [{ kafka }] },
})
const good = (): string => file('good.json', JSON.stringify(rule("SELECT * FROM 'a/b'"), undefined, 2))
const bad = (): string => file('bad.json', JSON.stringify(rule("SELECT * FORM 'a/b'"), undefined, 2))

describe('topicrule', () => {
  it('prints its version', async () => {
    const { version } = JSON.parse(readFileSync('package.json', 'utf8')) as { version: string }
    expect(await run('--version')).toMatchObject({ code: 0, stdout: `${version}\n` })
  })

  it('lists its commands with --help, and the options of one', async () => {
    const { code, stdout } = await run('--help')
    expect(code).toBe(0)
    for (const command of ['serve', 'check', 'config', 'functions', 'password'])
      expect(stdout).toMatch(new RegExp(`^  ${command}\\b`, 'm'))
    expect((await run('serve', '--help')).stdout).toContain('--config <file>')
  })

  it.each([
    ['an unknown command', ['srve']],
    ['an unknown option', ['serve', '--cnfig', 'x']],
    ['a missing argument', ['check']],
    ['too many arguments', ['functions', 'abs', 'ceil']],
    ['an option without its value', ['serve', '--config']],
  ])('answers %s with exit code 2, words on stderr and no stack trace', async (_name, argv) => {
    const { code, stdout, stderr } = await run(...argv)
    expect([code, stdout]).toEqual([2, ''])
    expect(stderr).toMatch(/^error: /)
    expect(stderr).not.toMatch(/^\s+at /m)
  })
})

describe('topicrule config', () => {
  it('prints the effective configuration, the environment over the file, secrets masked', async () => {
    const path = file(
      't.yaml',
      'ack: received\nmqtt: {listeners: [{tls: {cert: c, key: k, keyPassword: s3cr3t}}]}',
    )
    vi.stubEnv('TOPICRULE_LOG__LEVEL', 'debug')
    const { code, stdout } = await run('config', '--config', path, '--print')
    expect(code).toBe(0)
    expect(stdout).toContain('ack: received\n')
    expect(stdout).toContain('level: debug\n')
    expect(stdout).toContain(`cert: ${directory}/c\n`)
    expect(stdout).not.toContain('s3cr3t')
  })

  it('reads the file that TOPICRULE_CONFIG names', async () => {
    vi.stubEnv('TOPICRULE_CONFIG', file('env.yaml', 'ack: received'))
    expect((await run('config', '--print')).stdout).toContain('ack: received\n')
  })

  it('reports all faults on stderr with their places and exits with 1', async () => {
    const path = file('faulty.yaml', 'acl: []\nlog:\n  level: loud\n')
    const { code, stdout, stderr } = await run('config', '--config', path)
    expect([code, stdout]).toEqual([1, ''])
    expect(stderr).toContain(`${path}:1:1 error CONFIG_UNKNOWN_KEY: acl is not a configuration key.`)
    expect(stderr).toContain(`${path}:3:3 error CONFIG_INVALID: log.level: must be one of`)
  })

  it('prints a JSON Schema', async () => {
    const schema = JSON.parse((await run('config', '--schema')).stdout) as { properties: object }
    expect(Object.keys(schema.properties)).toContain('mqtt')
  })
})

describe('topicrule serve', () => {
  it('exits with 2 before it listens when the configuration has faults', async () => {
    const { code, stdout, stderr } = await run('serve', '--config', file('s.yaml', 'mqtt: 1'))
    expect([code, stdout]).toEqual([2, ''])
    expect(stderr).toContain('CONFIG_INVALID: mqtt: must be a section with keys')
  })

  it('names a configuration file that is not there', async () => {
    const { code, stderr } = await run('serve', '--config', join(directory, 'absent.yaml'))
    expect(code).toBe(2)
    expect(stderr).toContain('error CONFIG_UNREADABLE: Cannot read')
  })
})

describe('topicrule check', () => {
  it('accepts a good rule with exit code 0', async () => {
    expect(await run('check', good())).toEqual({
      code: 0,
      stdout: '',
      stderr: '1 rule checked, 0 with errors.\n',
    })
  })

  it('prints one entry a rule as JSON', async () => {
    const [path, other] = [good(), bad()]
    const { code, stdout } = await run('check', '--format', 'json', path, other)
    expect(code).toBe(1)
    expect(JSON.parse(stdout)).toMatchObject([
      { file: path, index: 0, rule: 'good', accepted: true, deliverable: true, diagnostics: [] },
      {
        file: other,
        index: 0,
        rule: 'good',
        accepted: false,
        deliverable: false,
        diagnostics: [
          {
            severity: 'error',
            path: 'topicRulePayload.sql',
            line: 4,
            column: 5,
            sqlLine: 1,
            sqlColumn: 10,
          },
        ],
      },
    ])
  })

  it('gives a document that does not parse an entry of its own', async () => {
    const path = file('mixed.json', `${JSON.stringify(rule("SELECT * FROM 'a'"))}\n{"sql": \n`)
    const { code, stdout } = await run('check', '--format', 'json', path)
    expect(code).toBe(1)
    expect(JSON.parse(stdout)).toMatchObject([
      { index: 0, accepted: true },
      { index: 1, accepted: false, deliverable: false, diagnostics: [{ code: 'STORE_UNREADABLE', line: 2 }] },
    ])
  })

  it('accepts documents without a name, as AWS takes the name apart, and says that a file must give one', async () => {
    const payload = (rule("SELECT * FROM 'a'") as { topicRulePayload: object }).topicRulePayload
    const path = file('several.json', JSON.stringify([payload, { topicRulePayload: payload }]))
    const { code, stdout } = await run('check', '--format', 'json', path)
    expect(code).toBe(0)
    const entry = { rule: null, accepted: true, deliverable: false }
    const diagnostics = [{ code: 'RULE_NAME_REQUIRED', severity: 'warning', path: 'ruleName', line: 1 }]
    expect(JSON.parse(stdout)).toMatchObject([
      { ...entry, index: 0, diagnostics },
      { ...entry, index: 1, diagnostics },
    ])
  })

  it('gives an entry every field, also where there is no rule', async () => {
    const { stdout } = await run('check', '--format', 'json', file('broken.json', '{'))
    expect(Object.keys((JSON.parse(stdout) as [object])[0])).toEqual([
      'file',
      'index',
      'rule',
      'accepted',
      'deliverable',
      'diagnostics',
    ])
  })

  it('takes Kafka beyond AWS where it is told to', async () => {
    const clientProperties = { 'bootstrap.servers': 'k:9092', 'security.protocol': 'PLAINTEXT' }
    const actions = [{ kafka: { ...kafka, clientProperties } }]
    const path = file('plain.json', JSON.stringify({ sql: "SELECT * FROM 'a'", actions }))
    expect((await run('check', path)).code).toBe(1)
    expect((await run('check', '--extension', 'SASL_PLAINTEXT,PLAINTEXT', path)).code).toBe(0)
  })

  it('says every fault in the order of the file, with its place in the statement', async () => {
    const { stdout } = await run('check', bad())
    expect(stdout).toMatch(/bad\.json:4:5 error SQL_SYNTAX: .*\(topicRulePayload\.sql, line 1, column 10\)/)
  })

  it('shows the line of the statement or template that a fault is in, with carets below', async () => {
    const sql = "SELECT a,\n  b == 3 AS q\nFROM 'a'"
    const action = {
      destinationArn: 'arn:aws:iot:eu-west-1:000000000000:ruledestination/vpc/x',
      topic: '${a +}',
    }
    const path = file(
      'carets.json',
      JSON.stringify({ ruleName: 'r', topicRulePayload: { sql, actions: [{ kafka: action }] } }),
    )
    const { stdout } = await run('check', path)
    expect(stdout).toContain('\n    2:5 |   b == 3 AS q\n              ^^\n    write =\n')
    expect(stdout).toMatch(/\n {4}1:6 \| \$\{a \+\}\n {15}\^\n/)
  })

  it('reads all rule files of a directory', async () => {
    const folder = mkdtempSync(join(directory, 'rules-'))
    writeFileSync(join(folder, 'a.json'), JSON.stringify(rule("SELECT * FROM 'a'")))
    writeFileSync(join(folder, 'b.yaml'), 'sql: SELECT * FROM\n')
    writeFileSync(join(folder, 'notes.txt'), 'no rule')
    const { code, stdout, stderr } = await run('check', folder)
    expect([code, stderr]).toEqual([1, '2 rules checked, 1 with errors.\n'])
    expect(stdout).toMatch(/b\.yaml:1:1 error /)
  })

  it('exits with 2 for a path that is not there and for a format that does not exist', async () => {
    expect((await run('check', join(directory, 'absent'))).code).toBe(2)
    expect((await run('check', '--format', 'xml', good())).code).toBe(2)
    expect((await run('check', '--extension', 'TELNET', good())).code).toBe(2)
  })
})

describe('topicrule functions', () => {
  it('lists every function and shows one in any case', async () => {
    expect((await run('functions')).stdout).toMatch(/^substring +\S/m)
    expect((await run('functions', 'SUBSTRING')).stdout).toContain('substring(')
  })

  it('shows parameters, notes and examples', async () => {
    const { stdout } = await run('functions', 'parse_time')
    expect(stdout).toContain('parse_time(pattern, timestamp, zone) → String, since 2016-03-23\n')
    expect(stdout).toMatch(/^ {2}zone {7}String, optional: Identifier of the time zone/m)
    expect(stdout).toContain('parse_time("yyyy", 0, "Nowhere")  →  Undefined')
  })

  it('suggests the name that was meant, with exit code 1', async () => {
    const { code, stderr } = await run('functions', 'substrin')
    expect(code).toBe(1)
    expect(stderr).toContain('Did you mean "substring"?')
  })
})

describe('topicrule kafka check', () => {
  const templated = (): string =>
    file(
      'templated.json',
      JSON.stringify({
        ...{ sql: "SELECT * FROM 'a'", awsIotSqlVersion: '2016-03-23' },
        actions: [{ kafka: { ...kafka, topic: '${topic()}' } }],
      }),
    )

  it.each([
    ['the group without a command', () => ['kafka'], /Usage: topicrule kafka/],
    ['no rule', () => ['kafka', 'check'], /missing required argument/],
    ['a file that is not there', () => ['kafka', 'check', join(directory, 'absent.json')], /Cannot read/],
    ['a format it does not have', () => ['kafka', 'check', good(), '--format', 'xml'], /--format is xml/],
    ['a time that is none', () => ['kafka', 'check', good(), '--timeout', 'soon'], /--timeout is soon/],
    ['an extension that is none', () => ['kafka', 'check', good(), '--extension', 'X'], /--extension X/],
    [
      '--produce where the topic depends on the message',
      () => ['kafka', 'check', templated(), '--produce'],
      /depends on the message; name one with --topic/,
    ],
  ])('answers %s with exit code 2', async (_name, argv, words) => {
    const { code, stdout, stderr } = await run(...argv())
    expect([code, stdout]).toEqual([2, ''])
    expect(stderr).toMatch(words)
  })

  it('connects with no rule that has errors', async () => {
    const { code, stdout, stderr } = await run('kafka', 'check', bad())
    expect([code, stdout]).toEqual([1, ''])
    expect(stderr).toContain('SQL_')
  })
})
