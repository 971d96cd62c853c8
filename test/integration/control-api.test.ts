import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { calls, expectSteps, fails, type Step, succeeds, time } from '../helpers/api-steps.ts'
import { apiClients, awsCli } from '../helpers/aws-clients.ts'
import { killAllProcesses } from '../helpers/process.ts'
import { TestServer } from '../helpers/server.ts'

const ACCOUNT = '123456789012'
const REGION = 'eu-central-1'
const KERBEROS = fileURLToPath(new URL('../rule/aws-kafka-example.json', import.meta.url))

let server: TestServer
let directory: string
beforeAll(async () => {
  directory = mkdtempSync(join(tmpdir(), 'topicrule-api-'))
  server = await TestServer.start(
    {},
    {
      account: { id: ACCOUNT, region: REGION },
      kafka: { embedded: true },
      secrets: { directory: { path: directory } },
    },
  )
}, 120_000)
afterAll(async () => {
  await server?.stop()
  await killAllProcesses()
  rmSync(directory, { recursive: true, force: true })
})

const endpoint = (): string => `http://127.0.0.1:${server.metricsPort}`
const arn = (name: string): string => `arn:aws:iot:${REGION}:${ACCOUNT}:rule/${name}`

const rule = (sql: string, more: object = {}): object => ({
  ...{ sql, awsIotSqlVersion: '2016-03-23', actions: [republish], ...more },
})
const republish = { republish: { topic: 'out', roleArn: 'arn:aws:iam::123456789012:role/out', qos: 1 } }
const eleven = Array.from({ length: 11 }, () => republish)
const LONG = 'a'.repeat(129)

/** Every operation on rules in an order in which it works, and at least three failures of each. */
const ruleSteps: readonly Step[] = [
  [
    'CreateTopicRule',
    { ruleName: 'first', topicRulePayload: rule("SELECT * FROM 'a/+'", { description: 'one' }) },
    succeeds(),
  ],
  [
    'CreateTopicRule',
    { ruleName: 'second', topicRulePayload: rule("SELECT * FROM 'b'"), tags: 'team=a&cost=1' },
    succeeds(),
  ],
  [
    'CreateTopicRule',
    { ruleName: 'first', topicRulePayload: rule("SELECT 1 FROM 'a'") },
    fails('ResourceAlreadyExistsException', 409),
  ],
  [
    'CreateTopicRule',
    { ruleName: 'x', topicRulePayload: rule("SELECT * FORM 'a'") },
    fails('SqlParseException', 400, /line 1, column 10/),
  ],
  [
    'CreateTopicRule',
    { ruleName: 'x', topicRulePayload: rule("SELECT nothing() FROM 'a'") },
    fails('SqlParseException', 400, /nothing/),
  ],
  [
    'CreateTopicRule',
    { ruleName: 'x', topicRulePayload: rule("SELECT * FROM 'a'", { actions: eleven }) },
    fails('InvalidRequestException', 400, /actions/),
  ],
  [
    'CreateTopicRule',
    { ruleName: 'not-a-name', topicRulePayload: rule("SELECT * FROM 'a'") },
    fails('InvalidRequestException', 400, /ruleName/),
  ],
  [
    'CreateTopicRule',
    { ruleName: 'x', topicRulePayload: rule("SELECT * FROM 'a'"), tags: 'aws:a=1' },
    fails('InvalidRequestException', 400, /aws:/),
  ],

  [
    'GetTopicRule',
    { ruleName: 'first' },
    succeeds({
      ruleArn: arn('first'),
      rule: expect.objectContaining({
        ruleName: 'first',
        sql: "SELECT * FROM 'a/+'",
        description: 'one',
        ruleDisabled: false,
        awsIotSqlVersion: '2016-03-23',
        actions: [republish],
        createdAt: time,
      }),
    }),
  ],
  ['GetTopicRule', { ruleName: 'missing' }, fails('UnauthorizedException', 401)],
  ['GetTopicRule', { ruleName: 'not-a-name' }, fails('InvalidRequestException', 400, /ruleName/)],
  ['GetTopicRule', { ruleName: LONG }, fails('InvalidRequestException', 400, /ruleName/)],

  [
    'ListTopicRules',
    {},
    succeeds({
      rules: [
        expect.objectContaining({
          ruleArn: arn('first'),
          ruleName: 'first',
          topicPattern: 'a/+',
          ruleDisabled: false,
          createdAt: time,
        }),
        expect.objectContaining({ ruleName: 'second', topicPattern: 'b' }),
      ],
    }),
  ],
  ['ListTopicRules', { topic: 'a/1' }, succeeds({ rules: [expect.objectContaining({ ruleName: 'first' })] })],
  ['ListTopicRules', { ruleDisabled: true }, succeeds({ rules: [] })],
  ['ListTopicRules', { nextToken: 'none that we gave' }, fails('InvalidRequestException', 400, /nextToken/)],
  ['ListTopicRules', { nextToken: '' }, fails('InvalidRequestException', 400, /nextToken/)],
  ['ListTopicRules', { maxResults: 10_001 }, fails('InvalidRequestException', 400, /maxResults/)],

  ['ReplaceTopicRule', { ruleName: 'first', topicRulePayload: rule("SELECT a FROM 'c'") }, succeeds()],
  [
    'GetTopicRule',
    { ruleName: 'first' },
    succeeds({ rule: expect.objectContaining({ sql: "SELECT a FROM 'c'", createdAt: time }) }),
  ],
  [
    'ReplaceTopicRule',
    { ruleName: 'missing', topicRulePayload: rule("SELECT * FROM 'a'") },
    fails('UnauthorizedException', 401),
  ],
  [
    'ReplaceTopicRule',
    { ruleName: 'first', topicRulePayload: rule('SELECT') },
    fails('SqlParseException', 400),
  ],
  [
    'ReplaceTopicRule',
    { ruleName: 'not-a-name', topicRulePayload: rule("SELECT * FROM 'a'") },
    fails('InvalidRequestException', 400, /ruleName/),
  ],
  [
    'ReplaceTopicRule',
    { ruleName: 'first', topicRulePayload: rule("SELECT * FROM 'a'", { actions: eleven }) },
    fails('InvalidRequestException', 400, /actions/),
  ],

  ['DisableTopicRule', { ruleName: 'first' }, succeeds()],
  [
    'ListTopicRules',
    { ruleDisabled: true },
    succeeds({ rules: [expect.objectContaining({ ruleName: 'first', ruleDisabled: true })] }),
  ],
  ['DisableTopicRule', { ruleName: 'missing' }, fails('UnauthorizedException', 401)],
  ['DisableTopicRule', { ruleName: 'not-a-name' }, fails('InvalidRequestException', 400)],
  ['DisableTopicRule', { ruleName: LONG }, fails('InvalidRequestException', 400)],
  ['EnableTopicRule', { ruleName: 'first' }, succeeds()],
  ['ListTopicRules', { ruleDisabled: true }, succeeds({ rules: [] })],
  ['EnableTopicRule', { ruleName: 'missing' }, fails('UnauthorizedException', 401)],
  ['EnableTopicRule', { ruleName: 'not-a-name' }, fails('InvalidRequestException', 400)],
  ['EnableTopicRule', { ruleName: LONG }, fails('InvalidRequestException', 400)],

  ['DeleteTopicRule', { ruleName: 'first' }, succeeds()],
  ['GetTopicRule', { ruleName: 'first' }, fails('UnauthorizedException', 401)],
  ['DeleteTopicRule', { ruleName: 'not-a-name' }, fails('InvalidRequestException', 400)],
  ['DeleteTopicRule', { ruleName: LONG }, fails('InvalidRequestException', 400)],
  ['DeleteTopicRule', { ruleName: 'a b' }, fails('InvalidRequestException', 400)],
  ['DeleteTopicRule', { ruleName: 'second' }, succeeds()],
  ['ListTopicRules', {}, succeeds({ rules: [] })],
]

describe.each(apiClients('iot', endpoint))('$name, with nothing but the address of the server', (client) => {
  it('drives every operation on rules, and names its errors as AWS does', async () => {
    expectSteps(ruleSteps, await client.run(calls(ruleSteps)))
  })

  it('gets the documented Kafka rule back as it was put', async () => {
    const { topicRulePayload } = JSON.parse(readFileSync(KERBEROS, 'utf8')) as { topicRulePayload: object }
    const ruleName = 'kerberos'
    const [created, got] = await client.run([
      { operation: 'CreateTopicRule', input: { ruleName, topicRulePayload } },
      { operation: 'GetTopicRule', input: { ruleName } },
      { operation: 'DeleteTopicRule', input: { ruleName } },
    ])
    expect(created!.error).toBeUndefined()
    const { createdAt, ...same } = got!.output!['rule'] as Record<string, unknown>
    expect(createdAt).toEqual(time)
    expect(same).toEqual({ ruleName, ...topicRulePayload })
  })
})

describe('aws iot', () => {
  it('creates the documented Kafka rule from its file and gets the same document', async () => {
    const { topicRulePayload } = JSON.parse(readFileSync(KERBEROS, 'utf8')) as { topicRulePayload: object }
    const file = join(directory, 'payload.json')
    writeFileSync(file, JSON.stringify(topicRulePayload))
    const common = ['--endpoint-url', endpoint(), '--rule-name', 'from_file']
    await awsCli(['iot', 'create-topic-rule', ...common, '--topic-rule-payload', `file://${file}`])
    const got = JSON.parse(await awsCli(['iot', 'get-topic-rule', ...common])) as { rule: object }
    expect(got.rule).toEqual({ ruleName: 'from_file', createdAt: time, ...topicRulePayload })
    await awsCli(['iot', 'delete-topic-rule', ...common])
  })
})
