import { createHash } from 'node:crypto'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { Gate } from '../../src/access/index.ts'
import { readTime } from '../../src/access/sigv4/time.ts'
import { headerOf, KEY, SECRET, settings, type SignOptions, type Wire } from '../access/requests.ts'
import { type AccessKeys, apiClients } from '../helpers/aws-clients.ts'
import { motoPackages } from '../helpers/boto3.ts'
import { freePorts } from '../helpers/ports.ts'
import { killAllProcesses, runProcess } from '../helpers/process.ts'
import { TestServer } from '../helpers/server.ts'

describe('signatures of botocore', () => {
  it('are verified, in headers and in the query', async () => {
    const json = { 'Content-Type': 'application/json' }
    const wires = await signedByBotocore([
      { method: 'GET', url: '/rules' },
      { method: 'POST', url: '/rules/a', body: '{"sql":"é"}', headers: json },
      { method: 'GET', url: '/rules?topic=a%2Fb%20%2B%C3%BC&maxResults=2&b=&a=2&a=1&A=0&%E1%88%B4=x' },
      { method: 'GET', url: '/destinations/arn%3Aaws%3Aiot%3Ax%3A1%3Aruledestination/vpc/a%20b' },
      { method: 'GET', url: '/-._~/0123456789/%40%21%24%26%27%28%29%2A%2C%3B%3D' },
      {
        method: 'POST',
        url: '/tags',
        headers: { 'X-Amz-Meta': '  a   b  c ', 'My-Header': 'x,y', Zeta: '' },
      },
      { method: 'PATCH', url: '/rules/a/', body: 'x'.repeat(10_000) },
    ])
    expect(wires).toHaveLength(12)
    const gate = new Gate(settings, {
      ...{ services: ['iot'], opensLocally: false, failuresPerMinute: 0, requestsPerMinute: 0 },
      onRefused: () => undefined,
    })
    for (const wire of wires) {
      const now = readTime(headerOf(wire, 'x-amz-date') || /X-Amz-Date=(\w+)/.exec(wire.url)![1]!)!
      expect({ url: wire.url, ok: gate.authenticate(wire, now).ok }).toEqual({ url: wire.url, ok: true })
      const other = { ...wire, body: Buffer.concat([wire.body, Buffer.from(' ')]) }
      expect(gate.authenticate(other, now)).toMatchObject({ ok: false, error: 'InvalidSignatureException' })
    }
  })
})

const keys = (id: string, secret = `${id}-secret-of-some-length`): AccessKeys => ({
  ...{ id, secret },
  region: 'eu-central-1',
})
const accessKey = (id: string, role: string, topics?: string[]): object => ({
  ...{ id, role, secret: keys(id).secret },
  ...(topics !== undefined && { topics }),
})
const TOKEN = 'a-token-of-many-characters'

describe('publishing with keys and tokens', () => {
  let server: TestServer
  let port = 0
  let controlPort = 0
  const settingsOf = (accessKeys: object[]): object => ({
    mqtt: {
      listeners: [{ port: 0 }],
      acl: [
        { effect: 'deny', users: ['AKIDSENSORS'], topics: ['sensors/secret'] },
        { effect: 'allow', topics: ['#'] },
      ],
    },
    publish: { port },
    control: {
      port: controlPort,
      accessKeys,
      tokens: [
        {
          name: 'hook',
          sha256: createHash('sha256').update(TOKEN).digest('hex'),
          role: 'publish',
          topics: ['hooks/+'],
        },
      ],
    },
  })
  const all = [
    accessKey('AKIDADMIN', 'admin'),
    accessKey('AKIDRULES', 'rules'),
    accessKey('AKIDREAD', 'read'),
    accessKey('AKIDSENSORS', 'publish', ['sensors/+', 'logs/#']),
  ]

  beforeAll(async () => {
    ;[port, controlPort] = (await freePorts(2)) as [number, number]
    server = await TestServer.start({}, settingsOf(all))
  })
  afterAll(async () => {
    await server.stop()
    await killAllProcesses()
  })

  const publish = (topic: string): { operation: string; input: Record<string, unknown> } => ({
    operation: 'Publish',
    input: { topic, qos: 1, payload: 'eA==' },
  })

  const cases: readonly (readonly [string, string, string])[] = [
    ['AKIDADMIN', 'any/topic', 'ok'],
    ['AKIDRULES', 'sensors/1', 'ForbiddenException'],
    ['AKIDREAD', 'sensors/1', 'ForbiddenException'],
    ['AKIDSENSORS', 'sensors/1', 'ok'],
    ['AKIDSENSORS', 'logs/a/b c/ü', 'ok'],
    ['AKIDSENSORS', 'sensors/1/2', 'ForbiddenException'],
    ['AKIDSENSORS', 'sensors/secret', 'ForbiddenException'],
    ['AKIDNOBODY', 'sensors/1', 'ForbiddenException'],
  ]

  it.each(apiClients('iot-data', () => `http://127.0.0.1:${port}`))(
    'with $name each key publishes where its role, its topics and the access list let it',
    async ({ name, run }) => {
      // A run of the clients in Python takes seconds.
      const ids = name === '@aws-sdk' ? new Set(cases.map(([each]) => each)) : ['AKIDSENSORS']
      for (const id of ids) {
        const own = cases.filter(([each]) => each === id)
        const outcomes = await run(
          own.map(([, topic]) => publish(topic)),
          keys(id),
        )
        expect(outcomes.map(({ error }) => error?.name ?? 'ok')).toEqual(
          own.map(([, , expected]) => expected),
        )
      }
      const [wrong] = await run([publish('sensors/1')], keys('AKIDSENSORS', 'another-secret'))
      expect(wrong!.error?.name).toBe('ForbiddenException')
      expect(wrong!.error?.message).toContain('signature we calculated does not match')
    },
  )

  const post = async (topic: string, headers: Record<string, string>): Promise<number> =>
    (await fetch(`http://127.0.0.1:${port}/topics/${topic}`, { method: 'POST', headers, body: 'x' })).status

  it('a token publishes to its topics', async () => {
    const headers = { authorization: `Bearer ${TOKEN}` }
    expect(await post('hooks/1', headers)).toBe(200)
    expect(await post('sensors/1', headers)).toBe(403)
    expect(await post('hooks/1', { authorization: 'Bearer other' })).toBe(403)
    expect(await post('hooks/1', {})).toBe(401)
  })

  it('a key that is taken away stops working without a restart, a new one works', async () => {
    const [sdk] = apiClients('iot-data', () => `http://127.0.0.1:${port}`)
    const statusOf = async (id: string): Promise<number | undefined> =>
      (await sdk!.run([publish('sensors/1')], keys(id)))[0]!.status
    expect([await statusOf('AKIDSENSORS'), await statusOf('AKIDNEW')]).toEqual([200, 403])
    const config = settingsOf([accessKey('AKIDNEW', 'publish')])
    writeFileSync(join(server.directory, 'topicrule.yaml'), JSON.stringify(config))
    server.process!.signal('SIGHUP')
    await server.process!.line(/config\.reloaded/)
    expect([await statusOf('AKIDSENSORS'), await statusOf('AKIDNEW')]).toEqual([403, 200])
  })
})

const PROGRAM = `
import json, sys
from botocore.auth import SigV4Auth, SigV4QueryAuth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials
key, secret, requests = json.load(sys.stdin)
for index, each in enumerate(requests):
    for kind in (SigV4Auth, SigV4QueryAuth):
        if 'body' in each and kind is SigV4QueryAuth: continue
        body = each.get('body', '').encode()
        request = AWSRequest(each['method'], 'http://127.0.0.1:8090' + each['url'], dict(each.get('headers', {})), body)
        options = {'expires': 60} if kind is SigV4QueryAuth else {}
        kind(Credentials(key, secret), 'iot', 'eu-central-1', **options).add_auth(request)
        request.headers['Host'] = '127.0.0.1:8090'
        url = request.url.replace('http://127.0.0.1:8090', '')
        print(json.dumps({'index': index, 'url': url, 'headers': list(request.headers.items())}))
`

async function signedByBotocore(
  requests: readonly (Pick<SignOptions, 'method' | 'body' | 'headers'> & { readonly url: string })[],
): Promise<Wire[]> {
  const env = { ...process.env, PYTHONPATH: await motoPackages() }
  const input = JSON.stringify([KEY, SECRET, requests])
  const { stdout } = await runProcess('python3', ['-c', PROGRAM], { env, input, timeout: 60_000 })
  return stdout.map((line) => {
    const { index, url, headers } = JSON.parse(line) as { index: number; url: string; headers: string[][] }
    const { method = 'GET', body = '' } = requests[index]!
    return { method, url, rawHeaders: headers.flat(), body: Buffer.from(body), address: '192.0.2.1' }
  })
}
