import { once } from 'node:events'
import { readdirSync } from 'node:fs'
import { rename, writeFile } from 'node:fs/promises'
import { connect } from 'node:net'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { type Answer, ruleTo, TestControl } from '../helpers/control.ts'

let control: TestControl

beforeEach(async () => {
  control = await TestControl.start()
})

afterEach(() => control.stop())

function urlOf(confirmationUrl: string): object {
  return { destinationConfiguration: { httpUrlConfiguration: { confirmationUrl } } }
}

function tokenOf(text: string): string {
  return Buffer.from(text).toString('base64url')
}

describe('hostile requests', () => {
  const created = (name: string): Promise<Answer> =>
    control.request('POST', `/rules/${name}`, ruleTo('arn:any'))

  it('keep rules apart whose names objects have already', async () => {
    const names = ['__proto__', 'constructor', 'toString', 'hasOwnProperty']
    for (const name of names)
      expect(await control.request('GET', `/rules/${name}`)).toMatchObject({ status: 401 })
    for (const name of names) expect(await created(name)).toMatchObject({ status: 200 })
    const again = await Promise.all(names.map((name) => created(name)))
    expect(again.map(({ status }) => status)).toEqual(names.map(() => 409))
    await control.end()
    control = await TestControl.start({}, control.directory)
    const listed = (await control.request('GET', '/rules')).body.rules as { ruleName: string }[]
    expect(listed.map(({ ruleName }) => ruleName)).toEqual(names.toSorted())
    for (const name of names) {
      const { body } = await control.request('GET', `/rules/${name}`)
      expect([body.rule.ruleName, body.rule.createdAt > 1.7e9]).toEqual([name, true])
      expect(await control.request('DELETE', `/rules/${name}`)).toMatchObject({ status: 200 })
    }
    expect((await control.request('GET', '/rules')).body).toEqual({ rules: [] })
  })

  it.each([
    ['an encoded slash', 'GET', '/rules/a%2Fb', undefined, 400],
    ['an encoded way out', 'GET', '/rules/..%2f..%2fetc%2fpasswd', undefined, 400],
    ['an encoded operation', 'POST', '/rules/a%2Fenable', {}, 400],
    ['an encoding that is none', 'GET', '/rules/%zz', undefined, 400],
    ['a NUL', 'DELETE', '/rules/a%00', undefined, 400],
    ['a name beyond any', 'GET', `/rules/${'a'.repeat(5_000)}`, undefined, 400],
    ['a forged token', 'GET', `/rules?nextToken=${tokenOf('2:a')}`, undefined, 400],
    ['the token of another list', 'GET', `/rules?nextToken=${tokenOf('destinations:a')}`, undefined, 400],
    ['a token with a tail', 'GET', `/rules?nextToken=${tokenOf('rules:abc')}x`, undefined, 400],
    ['a size that is no number', 'GET', '/rules?maxResults=abc', undefined, 400],
    ['a size in another base', 'GET', '/rules?maxResults=0x10', undefined, 400],
    ['a size with an exponent', 'GET', '/destinations?maxResults=1e1', undefined, 400],
    ['a body that is not UTF-8', 'POST', '/rules/a', Buffer.from([0x22, 0xff, 0x22]), 400],
    ['a URL that is none', 'POST', '/destinations', urlOf('https://'), 400],
    ['a URL over two lines', 'POST', '/destinations', urlOf('https://example.com/\n'), 400],
    ['a member twice', 'GET', '/rules?nextToken=a&nextToken=b', undefined, 400],
    ['a body that is none', 'POST', '/rules/a', '{"sql":', 400],
    ['a body of depth', 'POST', '/rules/a', '['.repeat(20_000) + ']'.repeat(20_000), 400],
    ['members by a prototype', 'PATCH', '/destinations', '{"__proto__":{"arn":"a","status":"ENABLED"}}', 400],
    ['another method', 'PUT', '/rules/a', {}, 405],
  ])('refuses %s', async (_what, method, path, body, status) => {
    const answer = await control.request(method, path, body)
    expect([answer.status, answer.error]).toEqual([
      status,
      status === 405 ? 'MethodNotAllowedException' : 'InvalidRequestException',
    ])
    expect(control.logged.filter(({ event }) => event === 'process.fault')).toEqual([])
  })

  it('says of a member of another type what it should be, and of one that is missing that it is', async () => {
    const told = async (method: string, path: string, body?: object): Promise<string> =>
      (await control.request(method, path, body)).body.message
    expect(await told('GET', '/rules?maxResults=abc')).toMatch(/^maxResults: must be of the type number/)
    expect(await told('PATCH', '/destinations', { arn: 5 })).toMatch(
      /^arn: must be of the type string.*\nstatus is required/,
    )
    expect(await told('POST', '/untag', { resourceArn: 'arn:a', tagKeys: null })).toMatch(/^tagKeys: must be/)
  })

  it('takes a byte-order mark before a document, and no compressed one', async () => {
    const document = JSON.stringify(ruleTo('arn:any'))
    expect(await control.request('POST', '/rules/marked', `\ufeff${document}`)).toMatchObject({ status: 200 })
    const answer = await control.request('POST', '/rules/packed', document, { 'content-encoding': 'gzip' })
    expect(answer).toMatchObject({ status: 400, error: 'InvalidRequestException' })
    expect(answer.body.message).toContain('Content-Encoding')
  })

  it('are told of when their connection is one too many', async () => {
    await control.stop()
    control = await TestControl.start({ control: { port: 0, limits: { maxConnections: 1 } } })
    const { host, port } = control.server
    const held = connect(port, host)
    await once(held, 'connect')
    await control.request('GET', '/rules').catch(() => undefined)
    await vi.waitFor(() => expect(control.dropped).toContain('127.0.0.1'))
    held.destroy()
    await vi.waitFor(async () =>
      expect(await control.request('GET', '/rules')).toMatchObject({ status: 200 }),
    )
  })

  it('names the methods that a path takes', async () => {
    const answer = await fetch(`${control.url}/rules/a`, { method: 'PUT' })
    expect([answer.status, answer.headers.get('allow')?.split(', ').toSorted()]).toEqual([
      405,
      ['DELETE', 'GET', 'PATCH', 'POST'],
    ])
  })

  it('refuses a body beyond the bound, and 10,000 tags in a header, a request and a rule', async () => {
    const huge = JSON.stringify({ ...ruleTo('arn:any'), description: 'x'.repeat(3_000_000) })
    expect(await control.request('POST', '/rules/a', huge)).toMatchObject({
      status: 413,
      error: 'RequestEntityTooLargeException',
    })
    const pairs = Array.from({ length: 10_000 }, (_, index) => `k${index}=v`)
    for (const count of [10_000, 51]) {
      const header = { 'x-amz-tagging': pairs.slice(0, count).join('&') }
      expect(await control.request('POST', '/rules/a', ruleTo('arn:any'), header)).toMatchObject({
        status: 400,
      })
    }
    expect(await created('a')).toMatchObject({ status: 200 })
    const resourceArn = 'arn:aws:iot:local:000000000000:rule/a'
    const tags = pairs.map((pair) => ({ Key: pair.split('=')[0], Value: 'v' }))
    expect(await control.request('POST', '/tags', { resourceArn, tags })).toMatchObject({ status: 400 })
    expect(await control.request('POST', '/tags', { resourceArn, tags: tags.slice(0, 50) })).toMatchObject({
      status: 200,
    })
    expect(await control.request('POST', '/tags', { resourceArn, tags: tags.slice(50, 51) })).toMatchObject({
      status: 410,
      error: 'LimitExceededException',
    })
  })
})

describe('many who change the same thing at a time', () => {
  it('create one destination of a configuration', async () => {
    const answers = await Promise.all(Array.from({ length: 20 }, () => control.createVpc()))
    expect(answers.filter(({ status }) => status === 200)).toHaveLength(1)
    expect(answers.filter(({ status }) => status === 409)).toHaveLength(19)
    expect((await control.request('GET', '/destinations')).body.destinationSummaries).toHaveLength(1)
  })

  it('leave what one of those who were answered has put, and nothing that was answered is lost', async () => {
    const target = ruleTo('arn:any')
    const put = (index: number): object => ({ ...target, description: String(index) })
    expect(await control.request('POST', '/rules/a', put(0))).toMatchObject({ status: 200 })
    const file = join(control.directory, 'a.json')
    const done = new Set<string>(['0'])
    const answers = await Promise.all(
      Array.from({ length: 100 }, async (_, index) => {
        if (index % 10 === 5) {
          done.add(`h${index}`)
          const byHand = { ruleName: 'a', topicRulePayload: { ...target, description: `h${index}` } }
          await writeFile(`${file}.new`, JSON.stringify(byHand))
          await rename(`${file}.new`, file).catch(() => undefined)
          return 200
        }
        const [method, body] =
          index % 3 === 0 ? (['DELETE', undefined] as const) : (['PATCH', put(index)] as const)
        const { status } = await control.request(index % 3 === 1 ? 'POST' : method, '/rules/a', body)
        if (status === 200) done.add(String(index))
        return status
      }),
    )
    for (const status of answers) expect([200, 401, 409]).toContain(status)
    const last = await control.request('PATCH', '/rules/a', put(1_000))
    await control.end()
    control = await TestControl.start({}, control.directory)
    const kept = await control.request('GET', '/rules/a')
    if (last.status === 200) expect(kept.body.rule.description).toBe('1000')
    else if (kept.status === 200) expect(done).toContain(kept.body.rule.description)
    expect(readdirSync(control.directory).filter((name) => name.endsWith('.tmp'))).toEqual([])
  })
})

describe('a caller with the role `read`', () => {
  it('sees no secret, whichever way', async () => {
    const secret = 'S3CRET-NOBODY-SEES'
    const kafka = {
      destinationArn: 'arn:any',
      topic: 'out',
      headers: [{ key: 'Authorization', value: secret }],
      clientProperties: {
        'bootstrap.servers': 'localhost:9092',
        'security.protocol': 'SASL_SSL',
        'sasl.mechanism': 'SCRAM-SHA-512',
        'sasl.scram.username': 'u',
        'sasl.scram.password': secret,
      },
    }
    const rule = {
      sql: "SELECT * FROM 'a'",
      awsIotSqlVersion: '2016-03-23',
      actions: [{ kafka }],
      errorAction: { kafka },
    }
    expect(await control.request('POST', '/rules/a', rule)).toMatchObject({ status: 200 })
    expect(JSON.stringify((await control.request('GET', '/rules/a')).body)).toContain(secret)
    // Faults beside secrets.
    for (const broken of [
      { ...rule, sql: 'SELECT' },
      { ...rule, actions: [{ kafka: { ...kafka, topic: '' } }] },
      {
        ...rule,
        actions: [
          { kafka: { ...kafka, clientProperties: { ...kafka.clientProperties, 'ssl.keystore': secret } } },
        ],
      },
      {
        ...rule,
        actions: [
          {
            kafka: {
              ...kafka,
              clientProperties: {
                ...kafka.clientProperties,
                'sasl.mechanism': 'PLAIN',
                'sasl.plain.password': `\${${secret}`,
              },
            },
          },
        ],
      },
      { ...rule, sasl: { password: secret } },
    ]) {
      const answer = await control.request('PATCH', '/rules/a', broken)
      expect(answer.status).toBe(400)
      expect(JSON.stringify(answer.body)).not.toContain(secret)
    }
    control.role = 'read'
    const seen: unknown[] = []
    for (const path of [
      '/rules/a',
      '/rules',
      '/openapi.json',
      '/destinations',
      '/tags?resourceArn=arn:aws:iot:local:000000000000:rule/a',
    ])
      seen.push((await control.request('GET', path)).body)
    for (const page of ['/health/ready', '/metrics'])
      seen.push(await (await fetch(control.url + page)).text())
    for (const method of ['POST', 'PATCH', 'DELETE']) {
      const refused = await control.request(method, '/rules/a', method === 'DELETE' ? undefined : rule)
      expect(refused).toMatchObject({ status: 403, error: 'AccessDeniedException' })
      seen.push(refused.body)
    }
    expect(JSON.stringify([seen, control.logged])).not.toContain(secret)
    const shown = (await control.request('GET', '/rules/a')).body.rule as Record<string, unknown>
    control.role = 'rules'
    const { ruleName: _name, createdAt: _at, ...payload } = shown
    expect(await control.request('PATCH', '/rules/a', payload)).toMatchObject({
      status: 400,
      body: { message: expect.stringContaining('********') },
    })
  })
})
