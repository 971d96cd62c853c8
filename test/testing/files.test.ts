import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { isRuleFile } from '../../src/store/index.ts'
import { discover, loadTestFile } from '../../src/testing/index.ts'
import { directoryOf, newLibrary, ruleText, runTests, unmetOf } from './files.ts'

const all = ruleText("SELECT * FROM 'a/+'")

async function faultsOf(text: string, name?: string): Promise<string[]> {
  const { faults } = await runTests(all, text, name)
  return faults.map(
    ({ line, column, code, message, hint }) =>
      `${line}:${column} ${code} ${message}${hint === undefined ? '' : ` ${hint}`}`,
  )
}

describe('a test file', () => {
  it('may be YAML or JSON, with cases below a key or as a list', async () => {
    const one = { topic: 'a/b', payload: { t: 1 }, expect: { output: { t: 1 } } }
    for (const [text, name] of [
      [JSON.stringify({ cases: [one] }), 'rule.test.json'],
      [JSON.stringify([one]), 'rule.test.json'],
      ['- {topic: a/b, payload: {t: 1}, expect: {output: {t: 1}}}', 'rule.test.yml'],
    ] as const) {
      const { results, faults } = await runTests(all, text, name)
      expect(faults).toEqual([])
      expect(results.map(({ status }) => status)).toEqual(['passed'])
    }
  })

  it.each([
    [
      'cases: [{topc: a}]',
      '1:10 TEST_KEY_UNKNOWN cases[0].topc is not a key of test files. Did you mean "topic"?',
    ],
    [
      'cases:\n  - topic: a\n    expect: {ouput: 1}',
      '3:14 TEST_KEY_UNKNOWN cases[0].expect.ouput is not a key of test files. Did you mean "output"?',
    ],
    [
      'cases:\n  - topic: a\n    expect: {kafka: {topc: x}}',
      '3:22 TEST_KEY_UNKNOWN cases[0].expect.kafka.topc is not a key of test files. Did you mean "topic"?',
    ],
    [
      'cases:\n  - topic: a\n    expect: {kafka: [{kay: x}]}',
      '3:23 TEST_KEY_UNKNOWN cases[0].expect.kafka[0].kay is not a key of test files. Did you mean "key"?',
    ],
    ['- topic: 5', '1:3 TEST_INVALID [0].topic must be a text, not a whole number.'],
    ['cases: [{topic: a, qos: 3}]', '1:20 TEST_INVALID cases[0].qos must be 0 or 1 or 2.'],
    [
      'cases: [{topic: a, expect: {kafka: 5}}]',
      '1:29 TEST_INVALID cases[0].expect.kafka must be a section with keys or a list, not a whole number.',
    ],
    ['cases: []', '1:1 TEST_INVALID cases must have at least 1 entry.'],
    ['cases: [{payload: 1}]', '1:9 TEST_INVALID A case needs a topic.'],
    [
      'cases: [{topic: a, timestamp: noon}]',
      '1:20 TEST_INVALID timestamp is no time such as 2026-01-01T00:00:00Z.',
    ],
    [
      'cases: [{topic: a, payload: 1, payloadBase64: ""}]',
      '1:32 TEST_INVALID payload and payloadBase64 exclude each other.',
    ],
    ['cases: [{topic: a, payloadBase64: "*"}]', '1:20 TEST_INVALID payloadBase64 is not base64.'],
    [
      'cases:\n  - topic: a\n    services: {aws_lamda: {result: 1}}',
      '3:16 TEST_INVALID No function aws_lamda() asks a service. Did you mean "aws_lambda"?',
    ],
    [
      'cases: [{topic: a, rule: other}]',
      expect.stringMatching(/^1:20 TEST_RULE_MISSING .* has no rule "other"\. It has rule\.$/) as string,
    ],
    [
      'rule: none.json\ncases: [{topic: a}]',
      expect.stringMatching(/^1:1 TEST_RULE_MISSING There is no rule file/) as string,
    ],
    [
      'sql: SELECT 1\nrule: rule.json\ncases: [{topic: a}]',
      expect.stringMatching(/^1:1 TEST_INVALID sql and rule exclude/) as string,
    ],
    [
      'cases: [{topic: a}]\n  x: 1',
      expect.stringMatching(/^\d:\d+ TEST_UNREADABLE .* is not YAML/) as string,
    ],
    [
      'a: &a [*a]\ncases: [{topic: a}]',
      expect.stringMatching(/TEST_UNREADABLE .*aliases multiply/) as string,
    ],
    ['', expect.stringMatching(/TEST_UNREADABLE .* is empty\./) as string],
  ])('is refused with the place of the fault: %s', async (text, fault) => {
    expect(await faultsOf(text)).toEqual([fault])
  })

  it('tells the line of a fault in JSON', async () => {
    expect(
      await faultsOf('{\n  "cases": [\n    {"topic": "a", "nme": "x"}\n  ]\n}', 'rule.test.json'),
    ).toEqual(['3:20 TEST_KEY_UNKNOWN cases[0].nme is not a key of test files. Did you mean "name"?'])
    expect(await faultsOf('{"cases": [', 'rule.test.json')).toEqual([
      expect.stringMatching(/^1:12 TEST_UNREADABLE .* is not JSON/) as string,
    ])
  })

  it('runs the good cases beside a faulty one', async () => {
    const text =
      'cases: [{payload: 1}, {topic: a/b, expect: {noMatch: topic}}, {topic: b, expect: {noMatch: topic}}]'
    const { results, faults } = await runTests(all, text)
    expect(faults).toHaveLength(1)
    expect(results.map(({ status }) => status)).toEqual(['failed', 'passed'])
  })

  it('gives its defaults to every case', async () => {
    const rule = ruleText("SELECT clientid() AS c, sourceip() AS i, * FROM 'a/+'")
    const text = [
      'defaults: {topic: a/b, clientId: d, sourceIp: 192.0.2.1, payload: {t: 1.0}}',
      'cases:',
      '  - expect: {output: {c: d, i: 192.0.2.1, t: 1}}',
      '  - {clientId: e, payloadBase64: e30=, expect: {output: {c: e, i: 192.0.2.1}}}',
    ].join('\n')
    expect((await runTests(rule, text)).messages).toEqual([[], []])
  })

  it('may skip cases', async () => {
    const { results } = await runTests(all, 'cases: [{topic: a/b, skip: true}]')
    expect(results[0]).toMatchObject({ status: 'skipped' })
  })

  it('takes a payload from a file, beside it', async () => {
    const { messages, results } = await runTests(
      all,
      'cases: [{topic: a/b, payloadFile: data/p.bin, expect: {outputText: "{\\"t\\":1}"}}]',
      'rule.test.yaml',
      { 'data/p.bin': '{"t":1}' },
    )
    expect(messages).toEqual([[]])
    expect(results).toHaveLength(1)
    expect(await faultsOf('cases: [{topic: a, payloadFile: none}]')).toEqual([
      expect.stringMatching(/^1:20 TEST_UNREADABLE The payload cannot be read/) as string,
    ])
  })

  it('sends payloads as they are written', async () => {
    const text = [
      'cases:',
      '  - {topic: a/b, payload: {t: 1.50, u: [1e3, 0x10]}, expect: {outputText: \'{"t":1.50,"u":[1e3,16]}\'}}',
      '  - {topic: a/b, payload: " text ", expect: {outputText: " text "}}',
      '  - {topic: a/b, expect: {outputText: ""}}',
      '  - {topic: a/b, payload: null, expect: {outputText: "null"}}',
    ].join('\n')
    expect((await runTests(all, text)).messages).toEqual([[], [], [], []])
  })
})

describe('the rule of a test file', () => {
  it('is that of the same name beside it, one that it names, or a statement of its own', async () => {
    const test = 'cases: [{topic: b, expect: {noMatch: topic}}]'
    expect((await runTests(all, test)).results).toHaveLength(1)
    expect((await runTests(all, `rule: rule.json\n${test}`, 'x.test.yaml')).results).toHaveLength(1)
    expect((await runTests(all, `sql: SELECT * FROM 'c'\n${test}`, 'x.test.yaml')).results).toHaveLength(1)
    const { faults } = await runTests(all, test, 'x.test.yaml')
    expect(faults).toMatchObject([{ code: 'TEST_RULE_MISSING' }])
    expect(faults[0]!.message).toContain('there is no x.json, x.yaml or x.yml beside it')
  })

  it('may be one of several, by its name', async () => {
    const rules = JSON.stringify([
      {
        ruleName: 'one',
        topicRulePayload: { sql: "SELECT 1 AS n FROM 'a'", awsIotSqlVersion: '2016-03-23', actions: [] },
      },
      {
        ruleName: 'two',
        topicRulePayload: { sql: "SELECT 2 AS n FROM 'a'", awsIotSqlVersion: '2016-03-23', actions: [] },
      },
    ])
    const both =
      'cases: [{topic: a, rule: one, expect: {output: {n: 1}}}, {topic: a, rule: two, expect: {output: {n: 2}}}]'
    expect((await runTests(rules, both)).messages).toEqual([[], []])
    const second = "rule: 'rule.json#two'\ncases: [{topic: a, expect: {output: {n: 2}}}]"
    expect((await runTests(rules, second)).messages).toEqual([[]])
    const { faults } = await runTests(rules, 'cases: [{topic: a}]')
    expect(faults[0]!.message).toBe(
      'The file is for several rules, so a case must say for which it is: rule: one, two.',
    )
    const wrong = await runTests(rules, "rule: 'rule.json#tow'\ncases: [{topic: a}]")
    expect(wrong.faults[0]!.hint).toBe('Did you mean "two"?')
  })

  it('is told with its faults when it does not compile', async () => {
    const { faults } = await runTests(ruleText('SELECT FROM'), 'cases: [{topic: a}]')
    expect(faults[0]).toMatchObject({
      code: 'SQL_SYNTAX',
      line: 2,
      file: expect.stringContaining('rule.json') as string,
    })
  })
})

describe('clock and chance', () => {
  it('are the same in every run, for each case by itself', async () => {
    const rule = ruleText("SELECT timestamp() AS t, rand() AS r, newuuid() AS u, traceid() AS x FROM 'a'")
    const text =
      'cases: [{topic: a, expect: {output: {}}}, {topic: a, expect: {output: {}}}, {topic: a, seed: 1, expect: {output: {}}}]'
    const outputs = (await runTests(rule, text)).results.map(({ trial }) => String(trial!.output))
    expect(outputs[0]).toContain('"t":1767225600000')
    expect(outputs[0]).toContain('"x":"00000000-0000-0000-0000-000000000000"')
    expect(outputs[1]).toBe(outputs[0])
    expect(outputs[2]).not.toBe(outputs[0])
    const fixed = 'topic: a, timestamp: 2020-02-03T04:05:06Z'
    expect(
      await unmetOf(ruleText("SELECT timestamp() AS t FROM 'a'"), fixed, '{output: {t: 1580702706000}}'),
    ).toEqual([])
  })
})

describe('services', () => {
  const role = 'arn:aws:iam::000000000000:role/r'
  const shadow = ruleText(`SELECT get_thing_shadow(topic(1), '${role}').state AS s FROM '+'`)
  const services = (answers: string): string => `topic: a, services: {get_thing_shadow: ${answers}}`

  it('answer every call, by the arguments, or fail', async () => {
    expect(await unmetOf(shadow, services('{result: {state: 1.0}}'), '{output: {s: 1}}')).toEqual([])
    const listed = '[{args: [b], result: {state: 1}}, {args: [a], result: {state: 2}}, {error: no}]'
    expect(await unmetOf(shadow, services(listed), '{output: {s: 2}}')).toEqual([])
    expect(
      await unmetOf(
        shadow,
        services('{error: no}'),
        '{error: {code: SERVICE_FAILED, message: "failed: no", action: get_thing_shadow}}',
      ),
    ).toEqual([])
  })

  it('must be answered by the test when they are called', async () => {
    expect(await unmetOf(shadow, services('{args: [b], result: 1}'), '{output: {}}')).toEqual([
      `get_thing_shadow("a", "${role}") was called, and the test has no answer for it: add one to services`,
    ])
    const hidden = ruleText(`SELECT get_or_default(get_thing_shadow('x', '${role}'), 1) AS s FROM 'a'`)
    expect(await unmetOf(hidden, 'topic: a', '{output: {s: 1}}')).toHaveLength(1)
  })

  it('give secrets by their id and key', async () => {
    const rule = ruleText(
      `SELECT get_secret('db', 'SecretString', 'user') AS u, get_secret('plain', 'SecretString', '${role}') AS p, get_secret('db', 'SecretString') AS d, get_secret('plain', 'SecretBinary') AS b FROM 'a'`,
    )
    expect(
      await unmetOf(
        rule,
        'topic: a, secrets: {db: {user: me}, plain: s3cret}',
        `{output: {u: me, p: s3cret, d: '{"user":"me"}', b: czNjcmV0}}`,
      ),
    ).toEqual([])
  })
})

describe('cases of AWS’s validation tool', () => {
  const one = (rest: object): string =>
    JSON.stringify({
      topic: 't/1',
      inputSql: "SELECT *, topic(2) AS n FROM 't/+'",
      inputPayload: { a: 5.0 },
      ...rest,
    })

  it('run as the tool runs them: the output is compared as text', async () => {
    const directory = directoryOf({
      'validation-data/good.json': one({ expectedOutput: { a: 5, n: '1' } }),
      'validation-data/text.json': one({ inputPayload: '{"a":5.50}', expectedOutput: '{"a":5.50,"n":"1"}' }),
      'validation-data/order.json': one({ expectedOutput: { n: '1', a: 5 } }),
      'validation-data/old.json': one({
        sqlVersion: '2015-10-08',
        inputSql: "SELECT a FROM 't/1'",
        inputPayload: '{"a":5.0}',
        expectedOutput: '{"a":5.0}',
      }),
      'input-json-schema.json': '{"properties": {"inputSql": {}}}',
    })
    const { tests } = discover([directory])
    const statuses = []
    for (const file of tests) {
      const { cases, faults } = loadTestFile(file, newLibrary())
      expect(faults).toEqual([])
      const { runCase } = await import('../../src/testing/index.ts')
      const result = await runCase(cases[0]!)
      statuses.push([cases[0]!.name, result.status, result.mismatches[0]?.message])
    }
    expect(statuses).toEqual([
      ['good', 'passed', undefined],
      ['old', 'passed', undefined],
      ['order', 'failed', 'expectedOutput is the same JSON, written in another way'],
      ['text', 'passed', undefined],
    ])
  })

  it('are told apart when something is missing or the statement is faulty', async () => {
    const { faults } = await runTests(all, '{"inputSql": "SELECT FROM", "topic": "a"}', 'x.json')
    expect(faults.map(({ message }) => message)).toEqual([
      "A case of AWS's validation tool needs inputPayload.",
      "A case of AWS's validation tool needs expectedOutput.",
    ])
    const syntax = await runTests(all, one({ inputSql: 'SELECT FROM', expectedOutput: '' }), 'x.json')
    expect(syntax.faults[0]).toMatchObject({ code: 'SQL_SYNTAX', line: 1 })
  })
})

describe('discovery', () => {
  it('finds tests below directories, takes files as they are given, and leaves out what is installed', () => {
    const directory = directoryOf({
      'a.json': '{}',
      'a.test.json': '{}',
      'deep/b.test.yaml': '',
      'deep/c.test.yml': '',
      'node_modules/x/d.test.yaml': '',
      'deep/validation-data/case.json': '{"topic": "", "inputSql": ""}',
      'deep/validation-data/other.json': '{}',
      'elsewhere/case.json': '{"topic": "", "inputSql": ""}',
    })
    const { tests, others } = discover([directory, join(directory, 'a.json')])
    const inside = (files: readonly string[]): string[] =>
      files.map((file) => file.slice(directory.length + 1))
    expect(inside(tests)).toEqual([
      'a.test.json',
      'deep/b.test.yaml',
      'deep/c.test.yml',
      'deep/validation-data/case.json',
      'a.json',
    ])
    expect(inside(others)).toEqual(['a.json', 'deep/validation-data/other.json', 'elsewhere/case.json'])
  })
})

describe('a rules directory', () => {
  it('of a server may hold tests beside the rules', () => {
    expect(['a.json', 'a.test.json', 'a.test.yaml', 'b.yml', '.c.json'].filter(isRuleFile)).toEqual([
      'a.json',
      'b.yml',
    ])
  })
})
