import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { kafkaTo, TestControl } from '../helpers/control.ts'

let control: TestControl

beforeEach(async () => {
  control = await TestControl.start()
})

afterEach(() => control.stop())

const kafka = kafkaTo('arn:aws:iot:local:000000000000:ruledestination/vpc/test')

function rule(topic: string, more: object = {}): object {
  return { sql: `SELECT * FROM '${topic}'`, awsIotSqlVersion: '2016-03-23', actions: [kafka], ...more }
}

function create(
  name: string,
  document: object = rule('a/b'),
  headers = {},
): ReturnType<TestControl['request']> {
  return control.request('POST', `/rules/${name}`, document, headers)
}

describe('CreateTopicRule', () => {
  it('brings a rule into force before it answers, and writes a file that only its owner reads', async () => {
    expect(await create('first')).toMatchObject({ status: 200, error: undefined, body: undefined })
    control.bench.publish('a/b', '{"n":1}')
    expect(control.bench.values()).toEqual(['{"n":1}'])
    expect(JSON.parse(readFileSync(join(control.directory, 'first.json'), 'utf8'))).toEqual({
      ruleName: 'first',
      topicRulePayload: rule('a/b'),
    })
  })

  it('refuses a name that is taken, and says whose', async () => {
    await create('first')
    expect(await create('first')).toMatchObject({
      status: 409,
      error: 'ResourceAlreadyExistsException',
      body: { resourceId: 'first', resourceArn: 'arn:aws:iot:local:000000000000:rule/first' },
    })
  })

  it('tells an SQL fault with its position', async () => {
    const answer = await create('first', { ...rule('a'), sql: "SELECT temperatur( FROM 'a'" })
    expect(answer).toMatchObject({ status: 400, error: 'SqlParseException' })
    expect(answer.body.message).toMatch(/sql, line 1, column \d+: /)
  })

  it('tells every fault of a document with its field', async () => {
    const answer = await create('first', { sql: "SELECT * FROM 'a'", actoins: [], description: 7 })
    expect(answer).toMatchObject({ status: 400, error: 'InvalidRequestException' })
    expect(answer.body.message).toContain('actions is required')
    expect(answer.body.message).toContain('Did you mean actions?')
    expect(answer.body.message).toContain('description must be a string')
  })

  it('refuses a body that is no JSON with its position, a bad name, and an unknown path and method', async () => {
    expect(await create('first', '{"sql": \n oops}' as never)).toMatchObject({
      status: 400,
      error: 'InvalidRequestException',
      body: { message: expect.stringContaining('line 2, column 2') },
    })
    expect(await create('no-name')).toMatchObject({ status: 400, error: 'InvalidRequestException' })
    expect(await control.request('GET', '/policies')).toMatchObject({
      status: 404,
      error: 'UnknownOperationException',
    })
    expect(await control.request('PUT', '/rules/first', {})).toMatchObject({
      status: 405,
      error: 'MethodNotAllowedException',
    })
    expect(await control.request('GET', '/things/x/shadow')).toMatchObject({
      status: 400,
      error: 'UnsupportedOperation',
    })
  })

  it('refuses a body that is too large without a trace of the inside', async () => {
    const answer = await create('first', rule('a', { description: 'x'.repeat(600_000) }))
    expect(answer).toMatchObject({ status: 413, error: 'RequestEntityTooLargeException' })
    expect(JSON.stringify(answer.body)).not.toContain('node_modules')
  })

  it('takes a rule with an action that is not run here, keeps it out of force and says so', async () => {
    const lambda = { lambda: { functionArn: 'arn:aws:lambda:us-east-1:123456789012:function:f' } }
    expect(await create('other', rule('a/b', { actions: [lambda] }))).toMatchObject({ status: 200 })
    expect(control.logged.map(({ event }) => event)).toContain('rule.undeliverable')
    expect(control.bench.engine.ruleset.size).toBe(0)
    expect((await control.request('GET', '/rules/other')).body.rule.actions).toEqual([lambda])
  })

  it('refuses a mask in the place of a secret', async () => {
    const action = {
      kafka: {
        ...kafka.kafka,
        clientProperties: { ...kafka.kafka.clientProperties, 'ssl.keystore': '********' },
      },
    }
    const answer = await create('first', rule('a', { actions: [action] }))
    expect(answer).toMatchObject({ status: 400, error: 'InvalidRequestException' })
    expect(answer.body.message).toContain('ssl.keystore')
  })

  it('keeps tags that the header gives, and refuses those that AWS would', async () => {
    expect(await create('first', rule('a'), { 'x-amz-tagging': 'team=blue%20sky&free' })).toMatchObject({
      status: 200,
    })
    const [document] = control.store.named('first')
    expect(control.store.stateOf(document!).tags).toEqual({ team: 'blue sky', free: '' })
    expect(await create('second', rule('a'), { 'x-amz-tagging': 'aws:x=1' })).toMatchObject({
      status: 400,
      error: 'InvalidRequestException',
    })
  })
})

describe('GetTopicRule', () => {
  it("answers AWS's example of Kerberos as it was put", async () => {
    const example = new URL('../rule/aws-kafka-example.json', import.meta.url)
    const { topicRulePayload } = JSON.parse(readFileSync(example, 'utf8')) as { topicRulePayload: object }
    expect(await create('kerberos', topicRulePayload)).toMatchObject({ status: 200 })
    expect((await control.request('GET', '/rules/kerberos')).body.rule).toEqual({
      ...topicRulePayload,
      ruleName: 'kerberos',
      createdAt: expect.any(Number) as number,
    })
  })

  it('answers what was put, with the defaults of AWS', async () => {
    const { awsIotSqlVersion: _version, ...document } = rule('a/b', { description: 'd' }) as Record<
      string,
      unknown
    >
    const before = Date.now() / 1000
    await create('first', document)
    const { body, etag } = await control.request('GET', '/rules/first')
    expect(body).toEqual({
      ruleArn: 'arn:aws:iot:local:000000000000:rule/first',
      rule: {
        ...document,
        ruleName: 'first',
        ruleDisabled: false,
        awsIotSqlVersion: '2015-10-08',
        createdAt: expect.any(Number) as number,
      },
    })
    expect(body.rule.createdAt).toBeGreaterThanOrEqual(Math.floor(before))
    expect(etag).toMatch(/^"1-[0-9a-f]{16}"$/)
  })

  it('is not authorised for a rule that is not there', async () => {
    expect(await control.request('GET', '/rules/none')).toMatchObject({
      status: 401,
      error: 'UnauthorizedException',
      body: { message: "Access to topic rule 'none' was denied" },
    })
  })

  it('masks secrets for a caller who may only read', async () => {
    const properties = {
      ...kafka.kafka.clientProperties,
      'security.protocol': 'SASL_SSL',
      'sasl.mechanism': 'SCRAM-SHA-512',
      'sasl.scram.username': 'user',
      'sasl.scram.password': 'hunter2',
    }
    const actions = [{ kafka: { ...kafka.kafka, clientProperties: properties } }]
    expect(await create('first', rule('a', { actions }))).toMatchObject({ status: 200 })
    control.role = 'read'
    const seen = (await control.request('GET', '/rules/first')).body.rule.actions[0].kafka.clientProperties
    expect(seen).toEqual({ ...properties, 'sasl.scram.password': '********' })
    expect(await control.request('DELETE', '/rules/first')).toMatchObject({
      status: 403,
      error: 'AccessDeniedException',
    })
    control.role = 'publish'
    expect(await control.request('GET', '/rules/first')).toMatchObject({ status: 403 })
  })
})

describe('ListTopicRules', () => {
  it('gives pages by name, and only the rules asked for', async () => {
    for (const name of ['c', 'a', 'b']) await create(name, rule(`${name}/+`, { ruleDisabled: name === 'b' }))
    const first = await control.request('GET', '/rules?maxResults=2')
    expect(first.body.rules).toMatchObject([
      { ruleName: 'a', topicPattern: 'a/+', ruleDisabled: false, ruleArn: expect.stringMatching(/rule\/a$/) },
      { ruleName: 'b', topicPattern: 'b/+', ruleDisabled: true },
    ])
    const next = `/rules?maxResults=2&nextToken=${first.body.nextToken}`
    await create('bb')
    expect((await control.request('GET', next)).body.rules).toMatchObject([
      { ruleName: 'bb' },
      { ruleName: 'c' },
    ])
    const named = async (query: string): Promise<string[]> =>
      (await control.request('GET', `/rules?${query}`)).body.rules.map(
        ({ ruleName }: { ruleName: string }) => ruleName,
      )
    expect(await named('ruleDisabled=true')).toEqual(['b'])
    expect(await named('topic=c/1')).toEqual(['c'])
    expect(await named('topic=none')).toEqual([])
  })

  it('refuses a token, a size and a member that are none', async () => {
    for (const query of [
      'nextToken=xx',
      'maxResults=0',
      'maxResults=20000',
      'ruleDisabled=maybe',
      'topic=a&topic=b',
    ])
      expect(await control.request('GET', `/rules?${query}`)).toMatchObject({
        status: 400,
        error: 'InvalidRequestException',
      })
  })
})

describe('a change', () => {
  it('replaces, disables, enables and deletes, each in force at once', async () => {
    await create('first')
    expect(await control.request('PATCH', '/rules/first', rule('c/d'))).toMatchObject({ status: 200 })
    control.bench.publish('a/b', '1')
    control.bench.publish('c/d', '2')
    expect(await control.request('POST', '/rules/first/disable')).toMatchObject({ status: 200 })
    control.bench.publish('c/d', '3')
    expect((await control.request('GET', '/rules/first')).body.rule.ruleDisabled).toBe(true)
    expect(await control.request('POST', '/rules/first/enable')).toMatchObject({ status: 200 })
    control.bench.publish('c/d', '4')
    expect(await control.request('DELETE', '/rules/first')).toMatchObject({ status: 200 })
    control.bench.publish('c/d', '5')
    expect(control.bench.values()).toEqual(['2', '4'])
    expect(await control.request('DELETE', '/rules/first')).toMatchObject({ status: 200 })
  })

  it('is not authorised for a rule that is not there', async () => {
    const asked = [
      control.request('PATCH', '/rules/none', rule('a')),
      control.request('POST', '/rules/none/enable'),
      control.request('POST', '/rules/none/disable'),
    ]
    for (const answer of await Promise.all(asked))
      expect(answer).toMatchObject({ status: 401, error: 'UnauthorizedException' })
  })

  it('is refused when the rule has another revision than the one expected', async () => {
    await create('first')
    const { etag } = await control.request('GET', '/rules/first')
    const changed = await control.request('PATCH', '/rules/first', rule('c'), { 'if-match': etag! })
    expect(changed).toMatchObject({ status: 200 })
    expect(changed.etag).not.toBe(etag)
    expect(await control.request('PATCH', '/rules/first', rule('d'), { 'if-match': etag! })).toMatchObject({
      status: 409,
      error: 'ConflictingResourceUpdateException',
    })
    expect(await control.request('DELETE', '/rules/first', undefined, { 'if-match': etag! })).toMatchObject({
      status: 409,
    })
  })

  it('is refused while another one of the same rule is under way', async () => {
    await create('first')
    const answers = await Promise.all(
      Array.from({ length: 20 }, (_, index) => control.request('PATCH', '/rules/first', rule(`t/${index}`))),
    )
    const statuses = answers.map(({ status }) => status)
    expect(statuses).toContain(200)
    expect(new Set(statuses)).toEqual(new Set([200, 409]))
  })

  it('does not write over an edit by hand that nobody has seen', async () => {
    await create('first')
    const edited = JSON.stringify({ ruleName: 'first', topicRulePayload: rule('by/hand') })
    writeFileSync(join(control.directory, 'first.json'), edited)
    expect(await control.request('PATCH', '/rules/first', rule('by/api'))).toMatchObject({
      status: 409,
      error: 'ConflictingResourceUpdateException',
    })
    control.bench.publish('by/hand', 'seen')
    expect(control.bench.values()).toEqual(['seen'])
    expect(await control.request('PATCH', '/rules/first', rule('by/api'))).toMatchObject({ status: 200 })
  })

  it('is written down with who made it, and what was before and after', async () => {
    await create('first')
    await control.request('PATCH', '/rules/first', rule('c'))
    await control.request('DELETE', '/rules/first')
    await control.request('DELETE', '/rules/first')
    expect(control.audited).toMatchObject([
      { operation: 'CreateTopicRule', before: undefined, after: rule('a/b'), caller: { name: 'tester' } },
      { operation: 'ReplaceTopicRule', before: rule('a/b'), after: rule('c'), address: '127.0.0.1' },
      { operation: 'DeleteTopicRule', before: rule('c'), after: undefined },
    ])
  })
})

describe('an answer', () => {
  it('waits until the change is written down on the disk', async () => {
    let write = (): void => undefined
    control.auditing = new Promise((resolve) => (write = resolve))
    let isAnswered = false
    const answer = create('first').then((got) => {
      isAnswered = true
      return got
    })
    await vi.waitFor(() => expect(control.audited).toHaveLength(1))
    expect(await control.request('GET', '/rules/first')).toMatchObject({ status: 200 })
    expect(isAnswered).toBe(false)
    write()
    expect(await answer).toMatchObject({ status: 200 })
  })
})

describe('a restart', () => {
  it('finds rules, their times, versions and tags again', async () => {
    await create('first', rule('a'), { 'x-amz-tagging': 'k=v' })
    await control.request('PATCH', '/rules/first', rule('b'))
    const before = await control.request('GET', '/rules/first')
    await control.end()
    control = await TestControl.start({}, control.directory)
    const after = await control.request('GET', '/rules/first')
    expect(after).toEqual(before)
    expect(after.etag).toMatch(/^"2-/)
    expect(control.store.stateOf(control.store.named('first')[0]!).tags).toEqual({ k: 'v' })
  })
})
