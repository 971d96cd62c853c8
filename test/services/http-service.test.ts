import { mkdtemp, rm } from 'node:fs/promises'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type AddressInfo } from 'node:net'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { Secret } from '../../src/secret.ts'
import { readJson, type Value, writeJson } from '../../src/value/index.ts'
import { type Authority, type Certificate, makeAuthority } from '../helpers/tls.ts'
import { ask, outcome, serve, serviceAt } from './server.ts'

const result = (text: string): [number, string] => [200, `{"result":${text}}`]
const silent = () => (): void => undefined

function valueOf(text: string): Value {
  const json = readJson(text)
  if (!json.ok) throw new Error(json.reason)
  return json.value
}

describe('a function answered over HTTP', () => {
  it('posts the call and takes the result, number text kept', async () => {
    const server = await serve(() => result('{"a":12345678901234567890.10,"b":[null]}'))
    const service = serviceAt(server.url, { headers: [['authorization', new Secret('Bearer x')]] })
    const answer = await ask(service, 'f', valueOf('{"n":1.50,"big":98765432109876543210}'))
    expect(answer.ok && writeJson(answer.value)).toBe('{"a":12345678901234567890.10,"b":[null]}')
    const [{ method, path, headers, body }] = server.received as [(typeof server.received)[number]]
    expect([method, path, headers['content-type'], headers.authorization]).toEqual([
      'POST',
      '/ask',
      'application/json',
      'Bearer x',
    ])
    expect(body).toBe(
      '{"function":"aws_lambda","arguments":["f",{"n":1.50,"big":98765432109876543210}],"rule":"r","topic":"a/b","clientId":"device","traceId":"trace"}',
    )
  })

  it('tells a result of null from none', async () => {
    const server = await serve((_request, n) => (n === 1 ? result('null') : [200, '{}']))
    const service = serviceAt(server.url)
    expect(await ask(service)).toEqual({ ok: true, value: null })
    expect(outcome(await ask(service))).toBe('SERVICE_ANSWER_INVALID')
  })

  it('keeps its connection', async () => {
    const server = await serve((_request, n) => result(String(n)))
    const service = serviceAt(server.url)
    for (const n of [1, 2, 3]) expect(outcome(await ask(service))).toBe(n)
    expect(server.sockets.size).toBe(1)
  })

  it.each([
    [400, '{"error":{"message":"no such function"}}', 'SERVICE_FAILED', 'no such function'],
    [404, 'not found', 'SERVICE_FAILED', 'status 404'],
    [200, '{"error":{"message":"no\\nitem"}}', 'SERVICE_FAILED', '(no item)'],
    [200, '{"error":{"message":"later","retryable":true}}', 'SERVICE_UNAVAILABLE', 'later'],
    [429, '', 'SERVICE_UNAVAILABLE', 'status 429'],
    [503, '{"error":{"message":"down"}}', 'SERVICE_UNAVAILABLE', 'down'],
    [200, 'hello', 'SERVICE_ANSWER_INVALID', 'no JSON object'],
    [200, '[1]', 'SERVICE_ANSWER_INVALID', 'no JSON object'],
    [204, '', 'SERVICE_ANSWER_INVALID', 'no JSON object'],
    [200, `{"result":${'['.repeat(5_000)}1${']'.repeat(5_000)}}`, 'SERVICE_ANSWER_INVALID', 'no JSON object'],
    [200, `{"result":"${'x'.repeat(140_000)}"}`, 'SERVICE_ANSWER_INVALID', 'larger than'],
  ])('makes of status %i with %.40s the failure %s', async (status, text, code, words) => {
    const server = await serve(() => [status, text])
    const answer = await ask(serviceAt(server.url))
    expect(answer).toMatchObject({
      ok: false,
      failure: { code, action: 'aws_lambda', resource: new URL(server.url).origin },
    })
    expect(answer.ok ? '' : answer.failure.message).toContain(words)
    expect(server.received).toHaveLength(code === 'SERVICE_UNAVAILABLE' ? 2 : 1)
  })

  it('does not follow redirects', async () => {
    const server = await serve(() => (_request, response) => {
      response.writeHead(307, { location: '/elsewhere' }).end()
    })
    const answer = await ask(serviceAt(server.url))
    expect(answer).toMatchObject({ failure: { code: 'SERVICE_ANSWER_INVALID' } })
    expect(server.received.map(({ path }) => path)).toEqual(['/ask'])
  })

  it('tries once more after a passing fault', async () => {
    const server = await serve((_request, n) => (n === 1 ? [502, ''] : result('"ok"')))
    expect(outcome(await ask(serviceAt(server.url)))).toBe('ok')
    const broken = await serve((_request, n) =>
      n === 1 ? (request) => request.socket.destroy() : result('"ok"'),
    )
    expect(outcome(await ask(serviceAt(broken.url)))).toBe('ok')
  })

  it('fails as unavailable when nobody listens, or the answer breaks off', async () => {
    const reserved = createServer()
    await new Promise<void>((resolve) => reserved.listen(0, '127.0.0.1', resolve))
    const { port } = reserved.address() as AddressInfo
    await new Promise((resolve) => reserved.close(resolve))
    const answer = await ask(serviceAt(`http://127.0.0.1:${port}/`))
    expect(answer).toMatchObject({ failure: { code: 'SERVICE_UNAVAILABLE', class: 'environment' } })
    const partial = await serve(() => (_request, response) => {
      response.writeHead(200, { 'content-length': 100 }).write('{"result":', () => response.destroy())
    })
    expect(outcome(await ask(serviceAt(partial.url)))).toBe('SERVICE_UNAVAILABLE')
  })

  it('fails after its timeout, and does not try again', async () => {
    const server = await serve(silent)
    const answer = await ask(serviceAt(server.url, { timeout: 50 }))
    expect(answer).toMatchObject({ failure: { code: 'SERVICE_TIMEOUT', class: 'environment' } })
    expect(server.received).toHaveLength(1)
  })

  it('asks no more at a time than it may, and lets no more wait', async () => {
    const open: (() => void)[] = []
    const server = await serve(() => (_request, response) => {
      open.push(() => response.end('{"result":1}'))
    })
    const service = serviceAt(server.url, { concurrency: 2, queue: 3 })
    const calls = Array.from({ length: 6 }, () => ask(service))
    expect(outcome(await calls[5]!)).toBe('SERVICE_BUSY')
    await expect.poll(() => open.length).toBe(2)
    for (let answered = 0; answered < 5; answered += 1) {
      await expect.poll(() => open.length).toBeGreaterThan(0)
      expect(open.length).toBeLessThanOrEqual(2)
      open.shift()!()
    }
    expect((await Promise.all(calls)).map(outcome)).toEqual([1, 1, 1, 1, 1, 'SERVICE_BUSY'])
    expect(server.sockets.size).toBeLessThanOrEqual(2)
  })

  it('frees the places of calls whose time is up, waiting or not', async () => {
    const server = await serve((_request, n) => (n === 1 ? silent() : result('2')))
    const service = serviceAt(server.url, { concurrency: 1, queue: 2, timeout: 80 })
    const lost = await Promise.all([ask(service), ask(service), ask(service)])
    expect(lost.map(outcome)[0]).toBe('SERVICE_TIMEOUT')
    expect(outcome(await ask(service))).toBe(2)
  })
})

describe('a function answered over TLS', () => {
  let directory: string
  let authority: Authority
  let certificate: Certificate

  beforeAll(async () => {
    directory = await mkdtemp(join(tmpdir(), 'services-'))
    authority = await makeAuthority(directory)
    certificate = await authority.issue('server', 'server', ['IP:127.0.0.1'])
  }, 30_000)

  afterAll(() => rm(directory, { recursive: true, force: true }))

  it('trusts the configured authority and no other', async () => {
    const server = await serve(() => result('"ok"'), certificate)
    expect(outcome(await ask(serviceAt(server.url, { ca: Buffer.from(authority.ca) })))).toBe('ok')
    const answer = await ask(serviceAt(server.url))
    expect(answer).toMatchObject({ failure: { code: 'SERVICE_UNAVAILABLE' } })
    expect(server.received).toHaveLength(1)
  })

  it('checks the host name', async () => {
    const other = await authority.issue('other', 'other', ['DNS:example.com'])
    const server = await serve(() => result('"ok"'), other)
    expect(outcome(await ask(serviceAt(server.url, { ca: Buffer.from(authority.ca) })))).toBe(
      'SERVICE_UNAVAILABLE',
    )
  })
})
