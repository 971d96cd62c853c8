import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { afterAll, describe, expect, it } from 'vitest'
import { run } from './run.ts'

const directory = mkdtempSync(join(tmpdir(), 'topicrule-replay-'))
afterAll(() => rmSync(directory, { recursive: true }))
let made = 0

function kafka(fields: object = {}): object {
  const clientProperties = {
    'bootstrap.servers': 'localhost:9092',
    'security.protocol': 'PLAINTEXT',
    acks: 'all',
  }
  const destinationArn = 'arn:aws:iot:local:000000000000:ruledestination/vpc/test'
  return { kafka: { destinationArn, topic: 'out', clientProperties, ...fields } }
}

/** A directory of rules: name → statement, or the whole payload. */
function rules(documents: Readonly<Record<string, string | object>>): string {
  const path = join(directory, `rules-${(made += 1)}`)
  mkdirSync(path)
  for (const [name, rule] of Object.entries(documents)) {
    const payload = typeof rule === 'string' ? { sql: rule, actions: [kafka()] } : rule
    writeFileSync(join(path, `${name}.json`), JSON.stringify({ awsIotSqlVersion: '2016-03-23', ...payload }))
  }
  return path
}

function capture(
  lines: readonly (object | string)[],
  pack = (text: string): string | Buffer => text,
): string {
  const path = join(directory, `capture-${(made += 1)}`)
  const text = lines.map((line) => (typeof line === 'string' ? line : JSON.stringify(line))).join('\n')
  writeFileSync(path, pack(`${text}\n`))
  return path
}

const temperatures = [20, 31, 40, 55].map((temperature, index) => ({
  topic: `sensors/${index}`,
  payload: JSON.stringify({ temperature }),
  timestamp: 1_760_000_000_000 + index,
}))

interface Report {
  readonly messages: number
  readonly unmatched: number
  readonly unreadable: number
  readonly differing: number
  readonly rules: readonly Readonly<Record<string, unknown>>[]
  readonly differences: readonly {
    readonly line: number
    readonly rule: string
    readonly differences: unknown
  }[]
}

async function report(...argv: string[]): Promise<{ readonly code: number; readonly report: Report }> {
  const { code, stdout, stderr } = await run('replay', ...argv, '--format', 'json')
  if (stdout === '') throw new Error(stderr)
  return { code, report: JSON.parse(stdout) as Report }
}

describe('topicrule replay of one version', () => {
  it('counts, for each rule, what matched, what was selected, what failed and the records by topic', async () => {
    const path = rules({
      hot: {
        sql: "SELECT * FROM 'sensors/#' WHERE temperature > 30",
        actions: [kafka({ topic: 't${floor(temperature / 20)}' })],
      },
      broken: { sql: "SELECT * FROM 'sensors/0'", actions: [kafka({ topic: '${missing}' })] },
      idle: "SELECT * FROM 'elsewhere'",
    })
    const { code, report: found } = await report(
      capture([...temperatures, { topic: 'other' }]),
      '--rules',
      path,
    )
    expect(code).toBe(0)
    expect(found).toMatchObject({ messages: 5, unmatched: 1, unreadable: 0 })
    expect(found.rules).toEqual([
      {
        rule: 'broken',
        matched: 1,
        selected: 1,
        errors: 1,
        codes: { KAFKA_FIELD_UNDEFINED: 1 },
        records: {},
      },
      { rule: 'hot', matched: 4, selected: 3, errors: 0, codes: {}, records: { t1: 1, t2: 2 } },
      { rule: 'idle', matched: 0, selected: 0, errors: 0, codes: {}, records: {} },
    ])
  })

  it('reads gzip, several captures, and what a tap writes beside its messages', async () => {
    const path = rules({ all: "SELECT * FROM '#'" })
    const noticed = capture(['{"tap":{"open":true}}', temperatures[0]!, '', '{"tap":{"dropped":3}}'])
    const { code, report: found } = await report(capture(temperatures, gzipSync), noticed, '--rules', path)
    expect(code).toBe(0)
    expect(found).toMatchObject({ messages: 5, unreadable: 0 })
  })

  it('names lines that are no message, goes on, and ends with 1', async () => {
    const path = rules({ all: "SELECT * FROM '#'" })
    const withheld = { topic: 'a', payloadBytes: 4 }
    const file = capture(['{"topic":', temperatures[0]!, { topic: 'a/#' }, withheld])
    const { code, stdout, stderr } = await run('replay', file, '--rules', path)
    expect(code).toBe(1)
    expect(stderr).toContain('line 1 is no message: it is not JSON')
    expect(stderr).toContain('line 3 is no message')
    expect(stderr).toContain('line 4 is no message: its payload was withheld')
    expect(stdout).toMatch(/^all +1 +1 +0 +out 1$/m)
  })

  it('reads rules as check does: templates too, files of a directory that hold none and tests are passed over', async () => {
    const path = rules({ plain: "SELECT * FROM 'sensors/#'" })
    writeFileSync(join(path, 'plain.test.yaml'), 'cases: []')
    writeFileSync(join(path, 'package.json'), '{"name":"x"}')
    writeFileSync(
      join(path, 'stack.yaml'),
      `Resources:
  Hot:
    Type: AWS::IoT::TopicRule
    Properties:
      RuleName: from_template
      TopicRulePayload:
        AwsIotSqlVersion: '2016-03-23'
        Sql: !Sub "SELECT * FROM 'sensors/#' WHERE temperature > 30"
        Actions: []
`,
    )
    const { report: found } = await report(capture(temperatures), '--rules', path)
    expect(found.rules.map(({ rule, selected }) => [rule, selected])).toEqual([
      ['from_template', 3],
      ['plain', 4],
    ])
  })

  it('gives Basic Ingest to the rule that it names alone, and disabled rules nothing', async () => {
    const path = rules({
      named: "SELECT * FROM 'nowhere'",
      other: "SELECT * FROM '#'",
      off: { sql: "SELECT * FROM '#'", ruleDisabled: true, actions: [] },
    })
    const { report: found } = await report(capture([{ topic: '$aws/rules/named/a/b' }]), '--rules', path)
    expect(found.rules.map(({ rule, matched }) => [rule, matched])).toEqual([
      ['named', 1],
      ['off', 0],
      ['other', 0],
    ])
  })

  it('answers for services, in order', async () => {
    const path = rules({
      shadow:
        "SELECT get_thing_shadow(topic(2), 'arn:aws:iam::000000000000:role/r').site AS site FROM 'sensors/#'",
    })
    const answers = {
      answers: [{ args: ['0', 'arn:aws:iam::000000000000:role/r'], result: { site: 'north' } }],
      otherwise: {},
    }
    const { report: found } = await report(
      capture(temperatures),
      '--rules',
      path,
      '--against',
      rules({ shadow: "SELECT 'north' AS site FROM 'sensors/0'" }),
      '--service',
      `get_thing_shadow=${JSON.stringify(answers)}`,
    )
    expect(found.differences.map(({ line }) => line)).toEqual([2, 3, 4])
  })
})

describe('topicrule replay of two versions', () => {
  const old = rules({ hot: "SELECT * FROM 'sensors/#' WHERE temperature > 30", same: "SELECT * FROM '#'" })

  it('ends with 0 when nothing differs, also where time and chance are in the result', async () => {
    const sql = "SELECT rand() AS r, newuuid() AS u, timestamp() AS t, traceid() AS i FROM '#'"
    const [one, two] = [rules({ chance: sql }), rules({ chance: `${sql} WHERE true` })]
    expect(await report(capture(temperatures), '--rules', one, '--against', two)).toMatchObject({
      code: 0,
      report: { differing: 0 },
    })
    const { stderr } = await run('replay', capture(temperatures), '--rules', one, '--against', two)
    expect(stderr).toContain('4 messages, 0 that no rule takes; nothing differs.')
  })

  it('shows which messages differ, and where, and ends with 1', async () => {
    const now = rules({
      hot: "SELECT temperature * 10 AS temperature FROM 'sensors/#' WHERE temperature > 35",
      same: "SELECT * FROM '#'",
    })
    const { code, report: found } = await report(capture(temperatures), '--rules', now, '--against', old)
    expect(code).toBe(1)
    expect(found.differing).toBe(3)
    expect(found.rules[0]).toMatchObject({
      rule: 'hot',
      old: { selected: 3, records: { out: 3 } },
      new: { selected: 2, records: { out: 2 } },
      differing: 3,
    })
    expect(found.differences.map(({ line, rule }) => [line, rule])).toEqual([
      [2, 'hot'],
      [3, 'hot'],
      [4, 'hot'],
    ])
    expect(found.differences[1]!.differences).toEqual([
      { path: 'kafka[0].value.temperature', old: '40', new: '400' },
    ])
  })

  it('tells numbers apart that are written in another way', async () => {
    const messages = capture([{ topic: 'a', payload: '{"n":10.0}' }])
    const [one, two] = [rules({ r: "SELECT * FROM 'a'" }), rules({ r: "SELECT n FROM 'a'" })]
    const { report: found } = await report(messages, '--rules', two, '--against', one)
    expect(found.differences[0]!.differences).toEqual([{ path: 'kafka[0].value.n', old: '10.0', new: '10' }])
  })

  it('reports rules that only one version has', async () => {
    const { report: found } = await report(
      capture(temperatures),
      '--rules',
      rules({ added: "SELECT * FROM 'sensors/3'" }),
      '--against',
      rules({ removed: "SELECT * FROM 'sensors/0'" }),
    )
    expect(found.rules).toMatchObject([
      { rule: 'added', old: null, new: { selected: 1 }, differing: 1 },
      { rule: 'removed', old: { selected: 1 }, new: null, differing: 1 },
    ])
  })

  it('shows as many as --limit says, with control characters made visible', async () => {
    const messages = capture([...temperatures, { topic: 'sensors/\u001b[2J', payload: '{"temperature":99}' }])
    const now = rules({ hot: "SELECT 1 AS one FROM 'sensors/#'", same: "SELECT * FROM '#'" })
    const few = await run('replay', messages, '--rules', now, '--against', old, '--limit', '1')
    expect(few.stdout.match(/^line /gm)).toHaveLength(1)
    expect(few.stderr).toContain('5 messages with another result (raise --limit to see more)')
    const all = await run('replay', messages, '--rules', now, '--against', old)
    expect(all.stdout).not.toContain('\u001b')
    expect(all.stdout).toContain('sensors/\\u001b[2J')
  })
})

describe('topicrule replay does not start', () => {
  const good = rules({ r: "SELECT * FROM 'a'" })
  it.each([
    ['without rules', [capture([])], 'Name the rules with --rules'],
    [
      'with a rule that has faults',
      [capture([]), '--rules', rules({ r: "SELECT * FORM 'a'" })],
      'SQL_SYNTAX',
    ],
    ['with a capture that is not there', ['/nowhere', '--rules', good], 'Cannot read /nowhere (ENOENT)'],
    ['with rules that are not there', [capture([]), '--rules', '/nowhere'], 'Cannot read /nowhere (ENOENT)'],
    ['with an unknown format', [capture([]), '--rules', good, '--format', 'xml'], '--format is xml'],
    [
      'with a broken gzip file',
      [capture(['x'], (text) => gzipSync(text).subarray(0, 15)), '--rules', good],
      'Cannot read',
    ],
  ])('%s', async (_, argv, sentence) => {
    const { code, stderr } = await run('replay', ...argv)
    expect(stderr).toContain(sentence)
    expect(code).toBe(2)
  })
})
