import { createHash } from 'node:crypto'
import { mkdtempSync, readFileSync, rmSync, statSync, unlinkSync, writeFileSync } from 'node:fs'
import { request as secureRequest } from 'node:https'
import { connect } from 'node:net'
import { connect as tlsConnect } from 'node:tls'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { type Role } from '../../src/access/index.ts'
import { writeTime } from '../../src/access/sigv4/time.ts'
import { headerOf, signed, type SignOptions, type Wire, withHeader } from '../access/requests.ts'
import { freePorts } from '../helpers/ports.ts'
import { killAllProcesses, startProcess } from '../helpers/process.ts'
import { kafkaAction, payload, TestServer } from '../helpers/server.ts'
import { type Authority, type Certificate, makeAuthority } from '../helpers/tls.ts'

const TOKEN = 'a-token-of-many-characters'
const PASSWORD = 'hunter2-hunter2'
const roles: readonly Role[] = ['admin', 'rules', 'read', 'publish']
const secretOf = (id: string): string => `${id}-secret-of-some-length`
const accessKey = (role: Role): object => ({ id: `AKID${role}`, secret: secretOf(`AKID${role}`), role })
const token = { name: 'ci', sha256: createHash('sha256').update(TOKEN).digest('hex'), role: 'rules' }

/** A rule with a secret in it. */
const rule = (topic: string, password = PASSWORD): object =>
  payload(
    "SELECT * FROM 'a'",
    kafkaAction({
      topic,
      properties: {
        'bootstrap.servers': 'kafka.invalid:9094',
        'security.protocol': 'SASL_SSL',
        'sasl.mechanism': 'SCRAM-SHA-512',
        'sasl.scram.username': 'ada',
        'sasl.scram.password': password,
      },
    }),
  )

interface Answer {
  readonly status: number
  readonly error: string | undefined
  readonly text: string
}

let port: number
let server: TestServer
const directory = mkdtempSync(join(tmpdir(), 'topicrule-access-'))
const settings = (control: object): object => ({
  mqtt: { listeners: [{ port: 0, anonymous: true }] },
  kafka: { extensions: ['SSL_WITHOUT_KEYSTORE'] },
  control: { port, limits: { failuresPerMinute: 0 }, audit: { file: 'audit.ndjson' }, ...control },
})

beforeAll(async () => {
  port = (await freePorts(1))[0]!
  server = await TestServer.start({}, settings({ accessKeys: roles.map(accessKey), tokens: [token] }))
})
afterAll(async () => {
  await server.stop()
  await killAllProcesses()
  rmSync(directory, { recursive: true })
})

/** A request signed by the key of a role, now. */
function signedBy(role: Role, options: SignOptions = {}): Wire {
  const { body = '', headers = {}, ...more } = options
  const id = `AKID${role}`
  return signed({
    ...{ keyId: id, secret: secretOf(id), time: writeTime(Date.now()), body },
    headers: { host: `127.0.0.1:${port}`, ...headers },
    ...more,
  })
}

/** Bytes of a request as it stands, each header as it is given. */
function bytesOf({ method, url, rawHeaders, body }: Wire): string {
  const lines = [`${method} ${url} HTTP/1.1`]
  for (let index = 0; index < rawHeaders.length; index += 2)
    lines.push(`${rawHeaders[index]!}: ${rawHeaders[index + 1]!}`)
  const hasLength = rawHeaders.some((name) => /^(content-length|transfer-encoding)$/i.test(name))
  if (!hasLength) lines.push(`Content-Length: ${body.length}`)
  return `${[...lines, 'Connection: close', '', ''].join('\r\n')}${body.toString('latin1')}`
}

/** Sends bytes and reads the answer to its end. */
async function sendBytes(bytes: string): Promise<Answer> {
  const socket = connect(port, '127.0.0.1')
  socket.write(bytes, 'latin1')
  let text = ''
  for await (const chunk of socket) text += String(chunk)
  return {
    status: Number(text.slice(9, 12)),
    error: /^x-amzn-errortype: (\w+)/im.exec(text)?.[1],
    text,
  }
}

const send = (wire: Wire): Promise<Answer> => sendBytes(bytesOf(wire))

const audited = (): Record<string, unknown>[] =>
  readFileSync(join(server.directory, 'audit.ndjson'), 'utf8')
    .trimEnd()
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as Record<string, unknown>)

/** Every operation, and whether it changes something. */
const changes: Readonly<Record<string, boolean>> = {
  CreateTopicRule: true,
  GetTopicRule: false,
  ListTopicRules: false,
  ReplaceTopicRule: true,
  DeleteTopicRule: true,
  EnableTopicRule: true,
  DisableTopicRule: true,
  CreateTopicRuleDestination: true,
  GetTopicRuleDestination: false,
  ListTopicRuleDestinations: false,
  UpdateTopicRuleDestination: true,
  DeleteTopicRuleDestination: true,
  ConfirmTopicRuleDestination: true,
  TagResource: true,
  UntagResource: true,
  ListTagsForResource: false,
  DescribeEndpoint: false,
  Tap: false,
}

interface OpenApi {
  readonly paths: Readonly<Record<string, Readonly<Record<string, { readonly operationId?: string }>>>>
}

describe('roles', () => {
  it('allow each operation to those alone who may use it', async () => {
    const described = (await (await fetch(`http://127.0.0.1:${port}/openapi.json`)).json()) as OpenApi
    const operations = Object.entries(described.paths).flatMap(([path, methods]) =>
      Object.entries(methods).map(([method, { operationId }]) => ({
        ...{ name: operationId ?? '', method: method.toUpperCase() },
        path: path.replaceAll(/\{\w+\+?\}/g, 'absent'),
      })),
    )
    const served = operations.filter(({ path }) => !/^\/(health|metrics|openapi)/.test(path))
    expect(served.length).toBeGreaterThan(6)
    expect(served.filter(({ name }) => !(name in changes))).toEqual([])
    for (const { name, method, path } of served) {
      const denied: string[] = []
      for (const role of roles) {
        // A tap that is let in would not end; this one asks for nothing.
        const body = name === 'Tap' ? '{"count":0}' : ''
        const { error, status } = await send(signedBy(role, { method, path, body }))
        if (error === 'AccessDeniedException') denied.push(role)
        expect([name, role, status]).not.toEqual([name, role, 500])
      }
      expect([name, denied]).toEqual([name, changes[name] === true ? ['read', 'publish'] : ['publish']])
    }
  })

  it('show secrets to those who may change them, and take no document with the mask', async () => {
    const body = JSON.stringify(rule('masked'))
    expect((await send(signedBy('rules', { path: '/rules/masked', body }))).status).toBe(200)
    const get = async (role: Role): Promise<string> =>
      (await send(signedBy(role, { method: 'GET', path: '/rules/masked' }))).text
    expect(await get('admin')).toContain(PASSWORD)
    expect(await get('rules')).toContain(PASSWORD)
    const shown = await get('read')
    expect(shown).toContain('"sasl.scram.username":"ada"')
    expect(shown).not.toContain(PASSWORD)
    const masked = JSON.stringify(rule('masked', '********'))
    const refused = await send(signedBy('admin', { method: 'PATCH', path: '/rules/masked', body: masked }))
    expect([refused.status, refused.error]).toEqual([400, 'InvalidRequestException'])
  })
})

describe('a forged request', () => {
  const body = JSON.stringify(rule('forged'))
  const right = (): Wire => signedBy('admin', { path: '/rules/forged', body })
  const late = (minutes: number): string => writeTime(Date.now() + minutes * 60_000)
  const INVALID = 'InvalidSignatureException'
  const INCOMPLETE = 'IncompleteSignatureException'

  const forged: readonly (readonly [string, () => Wire, string])[] = [
    ['with another secret', () => signedBy('admin', { path: '/rules/forged', body, secret: 'x' }), INVALID],
    ['of an unknown key', () => signedBy('admin', { body, keyId: 'AKIDX' }), 'UnrecognizedClientException'],
    [
      'with another body',
      () => ({ ...right(), body: Buffer.from(body.replace('forged', 'other')) }),
      INVALID,
    ],
    ['with another path', () => ({ ...right(), url: '/rules/other' }), INVALID],
    ['with dots in the path', () => ({ ...right(), url: '/rules/./forged' }), INVALID],
    ['with another method', () => ({ ...right(), method: 'PATCH' }), INVALID],
    ['with a query', () => ({ ...right(), url: '/rules/forged?x=1' }), INVALID],
    ['with tags put in', () => withHeader(right(), 'x-amz-tagging', 'a=b'), INVALID],
    ['for another host', () => withHeader(right(), 'Host', 'example.com'), INVALID],
    [
      'again after five minutes',
      () => signedBy('admin', { path: '/rules/forged', body, time: late(-5.1) }),
      INVALID,
    ],
    ['of the future', () => signedBy('admin', { path: '/rules/forged', body, time: late(5.2) }), INVALID],
    [
      'for another service',
      () => signedBy('admin', { path: '/rules/forged', body, service: 'iotdata' }),
      INVALID,
    ],
    [
      'with an unsigned payload',
      () =>
        signedBy('admin', {
          path: '/rules/forged',
          body,
          hash: 'UNSIGNED-PAYLOAD',
          headers: { 'x-amz-content-sha256': 'UNSIGNED-PAYLOAD' },
        }),
      INVALID,
    ],
    ['without a signed header', () => withHeader(right(), 'x-amz-date', undefined), INCOMPLETE],
    [
      'with two Authorization headers',
      () => ({
        ...right(),
        rawHeaders: [...right().rawHeaders, 'Authorization', headerOf(right(), 'authorization')],
      }),
      INCOMPLETE,
    ],
    [
      'with its signature cut',
      () => withHeader(right(), 'Authorization', headerOf(right(), 'authorization').slice(0, -1)),
      INCOMPLETE,
    ],
    [
      'with another token',
      () => withHeader(right(), 'Authorization', `Bearer ${TOKEN}x`),
      'UnrecognizedClientException',
    ],
    [
      'without credentials',
      () => withHeader(right(), 'Authorization', undefined),
      'MissingAuthenticationTokenException',
    ],
  ]

  it.each(forged)('%s is refused', async (_, wire, error) => {
    const answer = await send(wire())
    expect([answer.status, answer.error]).toEqual([403, error])
    expect(answer.text).not.toContain(PASSWORD)
  })

  it.each<[string, (text: string) => string]>([
    [
      'a body in chunks beside its length',
      (text) => text.replace('\r\n\r\n', '\r\nTransfer-Encoding: chunked\r\n\r\n'),
    ],
    ['two lengths', (text) => text.replace('\r\n\r\n', '\r\nContent-Length: 1\r\n\r\n')],
    ['a shorter length', (text) => text.replace(/Content-Length: \d+/, 'Content-Length: 5')],
    [
      'another body after a folded header',
      (text) => text.replace('\r\n\r\n', '\r\nX-Amz-Tagging: a=b\r\n x=y\r\n\r\n'),
    ],
    ['a line feed in a header', (text) => text.replace('\r\n\r\n', '\r\nX: a\nX-Amz-Tagging: b\r\n\r\n')],
    ['two hosts', (text) => text.replace('\r\n\r\n', '\r\nHost: example.com\r\n\r\n')],
    ['an absolute target', (text) => text.replace('POST /', 'POST http://example.com/')],
  ])('with %s is refused', async (_, change) => {
    const { status } = await sendBytes(change(bytesOf(right())))
    expect([400, 403]).toContain(status)
  })

  it('has changed nothing, and the right one does', async () => {
    const get = (): Promise<Answer> => send(signedBy('read', { method: 'GET', path: '/rules/forged' }))
    expect((await get()).error).toBe('UnauthorizedException')
    expect((await send(right())).status).toBe(200)
    expect((await get()).status).toBe(200)
    const refusals = await (await fetch(`http://127.0.0.1:${port}/metrics`)).text()
    expect(refusals).toMatch(/topicrule_access_refusals_total\{error="InvalidSignatureException"\} \d\d/)
  })
})

describe('changes', () => {
  it('by hand are written down with the file and the difference, and no secret', async () => {
    const before = audited().length
    const file = join(server.directory, 'rules', 'by_hand.json')
    const edited = (topic: string, password: string): void =>
      writeFileSync(file, JSON.stringify(rule(topic, password)))
    const lineBy = (operation: string): Promise<Record<string, unknown>> =>
      vi.waitFor(
        () => {
          const line = audited()
            .slice(before)
            .find((one) => one['operation'] === operation)
          expect(line).toBeDefined()
          return line!
        },
        { timeout: 15_000 },
      )
    edited('one', 'a-secret-by-hand')
    await lineBy('CreateTopicRule')
    edited('two', 'another-by-hand')
    expect(await lineBy('ReplaceTopicRule')).toMatchObject({
      caller: 'rules.directory',
      role: 'file',
      by: 'file',
      file,
      resource: 'arn:aws:iot:local:000000000000:rule/by_hand',
      changes: [
        { path: 'actions[0].kafka.topic', before: 'one', after: 'two' },
        { before: '********', after: '********' },
      ],
    })
    unlinkSync(file)
    await lineBy('DeleteTopicRule')
    const lines = audited().slice(before)
    expect(lines).toHaveLength(3)
    expect(JSON.stringify(lines)).not.toContain('by-hand"')
    expect(server.process!.stderr.join('\n')).not.toMatch(/a-secret-by-hand|another-by-hand/)
  })

  it('are written down with who, what, from where and the difference, and no secret', async () => {
    const path = '/rules/audited'
    const before = audited().length
    const headers = { authorization: `Bearer ${TOKEN}` }
    const url = `http://127.0.0.1:${port}${path}`
    await fetch(url, { method: 'POST', headers, body: JSON.stringify(rule('one')) })
    await send(
      signedBy('admin', { method: 'PATCH', path, body: JSON.stringify(rule('two', 'another-password')) }),
    )
    await send(signedBy('read', { method: 'DELETE', path }))
    await send(signedBy('admin', { method: 'DELETE', path }))
    const lines = audited().slice(before)
    const who = { address: '127.0.0.1', resource: 'arn:aws:iot:local:000000000000:rule/audited' }
    expect(lines).toMatchObject([
      { ...who, operation: 'CreateTopicRule', caller: 'ci', role: 'rules', by: 'token' },
      { ...who, operation: 'ReplaceTopicRule', caller: 'AKIDadmin', role: 'admin', by: 'signature' },
      { ...who, operation: 'DeleteTopicRule', caller: 'AKIDadmin' },
    ])
    expect(lines[1]!['changes']).toEqual([
      { path: 'actions[0].kafka.topic', before: 'one', after: 'two' },
      {
        path: 'actions[0].kafka.clientProperties.sasl.scram.password',
        before: '********',
        after: '********',
      },
    ])
    expect(statSync(join(server.directory, 'audit.ndjson')).mode & 0o777).toBe(0o600)
    const logged = server.process!.stderr.join('\n')
    expect(logged).toMatch(/"event":"control.changed".*"operation":"ReplaceTopicRule"/)
    for (const text of [JSON.stringify(lines), logged])
      expect(text).not.toMatch(/hunter2|another-password|secret-of-some-length|a-token-of/)
  })

  it('of keys take effect on SIGHUP, faulty ones do not', async () => {
    const list = async (role: Role): Promise<number> =>
      (await send(signedBy(role, { method: 'GET', path: '/rules' }))).status
    const configure = async (control: object, event: RegExp): Promise<void> => {
      writeFileSync(join(server.directory, 'topicrule.yaml'), JSON.stringify(settings(control)))
      server.process!.signal('SIGHUP')
      await server.process!.line(event)
    }
    await configure({ accessKeys: [{ ...accessKey('read'), secret: 'short' }] }, /config\.kept/)
    expect([await list('admin'), await list('read')]).toEqual([200, 200])
    await configure({ accessKeys: [accessKey('read')] }, /config\.reloaded/)
    expect([await list('admin'), await list('read')]).toEqual([403, 200])
  })
})

describe('without configured access', () => {
  it('the server does not start where other machines reach it', async () => {
    const file = join(directory, 'open.yaml')
    writeFileSync(file, JSON.stringify({ control: { host: '0.0.0.0', port: 0 } }))
    const main = new URL('../../dist/main.js', import.meta.url).pathname
    const started = startProcess(process.execPath, [main, 'serve', '--config', file])
    expect((await started.exited).code).toBe(2)
    expect(started.stderr.join('\n')).toContain('CONFIG_CONTROL_OPEN')
  })

  it('this machine may do everything, no web page and no foreign name may do anything', async () => {
    const [openPort] = (await freePorts(1)) as [number]
    const open = await TestServer.start({}, { control: { port: openPort } })
    const url = `http://127.0.0.1:${openPort}/rules/page`
    const create = (headers: Record<string, string>): Promise<Response> =>
      fetch(url, { method: 'POST', headers, body: JSON.stringify(payload("SELECT * FROM 'a'")) })
    const page = await create({ origin: `http://127.0.0.1:${openPort}` })
    expect([page.status, page.headers.get('x-amzn-errortype')]).toEqual([403, 'AccessDeniedException'])
    const answer = await new Promise<string>((resolve, reject) => {
      const socket = connect(openPort, '127.0.0.1').on('error', reject)
      let text = ''
      socket.on('data', (chunk) => (text += String(chunk))).on('end', () => resolve(text))
      socket.write('GET /rules HTTP/1.1\r\nHost: evil.example\r\nConnection: close\r\n\r\n')
    })
    expect(answer).toMatch(/^HTTP\/1.1 403/)
    expect((await create({})).status).toBe(200)
    await open.stop()
  })
})

describe('client certificates', () => {
  let secure: TestServer
  let securePort: number
  let client: Record<'ada' | 'eve', Certificate>
  let authority: Authority
  let own: Certificate
  let ca: string

  beforeAll(async () => {
    authority = await makeAuthority(join(directory, 'authority'))
    ca = authority.ca
    own = await authority.issue('server', 'localhost', ['IP:127.0.0.1'])
    client = { ada: await authority.issue('ada', 'ada'), eve: await authority.issue('eve', 'eve') }
    securePort = (await freePorts(1))[0]!
    const tls = {
      cert: own.certFile,
      key: own.keyFile,
      clientCa: authority.caFile,
      requireClientCertificate: false,
    }
    const clients = [{ commonName: 'ada', role: 'read' }]
    secure = await TestServer.start(
      {},
      { control: { port: securePort, tls, clients, tokens: [token], limits: { failuresPerMinute: 4 } } },
    )
  })
  afterAll(() => secure.stop())

  const ask = (
    method: string,
    who: Certificate | undefined,
    headers: Record<string, string> = {},
  ): Promise<[number | undefined, unknown]> =>
    new Promise((resolve, reject) => {
      const shown = who === undefined ? {} : { cert: who.cert, key: who.key }
      const path = method === 'GET' ? '/rules' : '/rules/a'
      secureRequest(
        { host: '127.0.0.1', port: securePort, path, method, ca, headers, ...shown },
        (response) => {
          response
            .resume()
            .on('end', () => resolve([response.statusCode, response.headers['x-amzn-errortype']]))
        },
      )
        .on('error', reject)
        .end()
    })

  it('have the role that the configuration gives them', async () => {
    expect(await ask('GET', client.ada)).toEqual([200, undefined])
    expect(await ask('DELETE', client.ada)).toEqual([403, 'AccessDeniedException'])
    expect(await ask('GET', client.ada, { origin: 'https://evil.example' })).toEqual([
      403,
      'AccessDeniedException',
    ])
    expect(await ask('GET', client.eve)).toEqual([403, 'UnrecognizedClientException'])
    expect(await ask('GET', undefined, { authorization: `Bearer ${TOKEN}` })).toEqual([200, undefined])
  })

  it('are checked against the authority, and the certificate of the server is read again on SIGHUP', async () => {
    const nameOf = (): Promise<unknown> =>
      new Promise((resolve, reject) => {
        const socket = tlsConnect({ host: '127.0.0.1', port: securePort, ca }, () => {
          resolve(socket.getPeerCertificate().subject.CN)
          socket.destroy()
        }).on('error', reject)
      })
    expect(await nameOf()).toBe('localhost')
    const next = await authority.issue('server', 'renewed', ['IP:127.0.0.1'])
    expect(next.certFile).toBe(own.certFile)
    secure.process!.signal('SIGHUP')
    await secure.process!.line(/config\.reloaded/)
    expect(await nameOf()).toBe('renewed')
    const foreign = await (await makeAuthority(join(directory, 'foreign'))).issue('ada', 'ada')
    expect((await ask('GET', foreign))[0]).toBe(403)
  })

  it('and an address that fails too often is turned away for a while', async () => {
    expect(await ask('GET', undefined)).toEqual([403, 'MissingAuthenticationTokenException'])
    expect(await ask('GET', undefined)).toEqual([400, 'ThrottlingException'])
    expect(await ask('GET', client.ada)).toEqual([400, 'ThrottlingException'])
  })
})
