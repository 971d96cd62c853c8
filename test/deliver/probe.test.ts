import { mkdtemp, rm } from 'node:fs/promises'
import { type AddressInfo, createServer, type Server, type Socket } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createServer as createTlsServer, type TlsOptions } from 'node:tls'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import {
  addressesOf,
  examineBroker,
  Examiner,
  probeBroker,
  type ProbeStep,
} from '../../src/deliver/kafka/probe/index.ts'
import { awsPolicy, type KafkaTarget, resolveTarget } from '../../src/deliver/specs.ts'
import { type Authority, type Certificate, makeAuthority } from '../helpers/tls.ts'

let directory: string
let authority: Authority
let foreign: Authority
let client: Certificate
const leaves: Record<string, Certificate> = {}
const servers: Server[] = []
const sockets = new Set<Socket>()

beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'topicrule-probe-'))
  authority = await makeAuthority(join(directory, 'own'))
  foreign = await makeAuthority(join(directory, 'foreign'))
  client = await authority.issue('client', 'client')
  const [past, future] = [new Date('2020-01-01'), new Date(Date.now() + 86_400_000)]
  const names = ['DNS:localhost']
  leaves['good'] = await authority.issue('good', 'localhost', names)
  leaves['other host'] = await authority.issue('host', 'other', ['DNS:other.example'])
  leaves['expired'] = await authority.issue('expired', 'localhost', names, {
    from: past,
    to: new Date('2021-01-01'),
  })
  leaves['early'] = await authority.issue('early', 'localhost', names, {
    from: future,
    to: new Date(future.getTime() + 86_400_000),
  })
})
afterAll(() => rm(directory, { recursive: true, force: true }))
afterEach(async () => {
  for (const socket of sockets) socket.destroy()
  await Promise.all(servers.splice(0).map((server) => new Promise((resolve) => server.close(resolve))))
})

/** Answers every request as a broker would: its length, then the correlation id that came. */
function answer(socket: Socket): void {
  sockets.add(socket)
  socket.on('error', () => {})
  socket.on('data', (request: Buffer) => {
    if (request.readInt16BE(4) !== 18) socket.destroy()
    else socket.write(Buffer.concat([Buffer.from([0, 0, 0, 6]), request.subarray(8, 12), Buffer.alloc(2)]))
  })
}

async function listen(server: Server): Promise<string> {
  servers.push(server)
  server.on('tlsClientError', () => {})
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return `localhost:${(server.address() as AddressInfo).port}`
}

function tlsBroker(leaf: string, options: TlsOptions = {}): Promise<string> {
  const { key, cert } = leaves[leaf]!
  return listen(createTlsServer({ key, cert, ...options }, answer))
}

function target(bootstrap: string, properties: Record<string, string> = {}): KafkaTarget {
  const result = resolveTarget(
    { 'bootstrap.servers': bootstrap, 'ssl.truststore': authority.ca, ...properties },
    { ...awsPolicy, extensions: ['SSL_WITHOUT_KEYSTORE', 'PLAINTEXT'] },
  )
  if (!result.ok) throw new Error(JSON.stringify(result.diagnostics))
  return result.target
}

async function examined(
  bootstrap: string,
  properties: Record<string, string> = {},
): Promise<string | undefined> {
  const port = Number(bootstrap.split(':')[1])
  const verdict = await examineBroker(target(bootstrap, properties), { host: 'localhost', port })
  return verdict?.code
}

describe('what is wrong with the TLS of a broker', () => {
  it.each([
    ['good', undefined],
    ['other host', 'KAFKA_TLS_HOST_MISMATCH'],
    ['expired', 'KAFKA_TLS_EXPIRED'],
    ['early', 'KAFKA_TLS_NOT_YET_VALID'],
  ])('%s: %s', async (leaf, code) => {
    expect(await examined(await tlsBroker(leaf))).toBe(code)
  })

  it('an authority that is not trusted', async () => {
    expect(await examined(await tlsBroker('good'), { 'ssl.truststore': foreign.ca })).toBe(
      'KAFKA_TLS_UNKNOWN_CA',
    )
  })

  it('a client certificate that is missing', async () => {
    const wanting = await tlsBroker('good', {
      requestCert: true,
      rejectUnauthorized: true,
      ca: authority.ca,
    })
    expect(await examined(wanting)).toBe('KAFKA_TLS_CLIENT_CERTIFICATE')
    const keystore = { 'ssl.keystore': client.cert + client.key, 'ssl.keystore.password': '' }
    expect(await examined(wanting, keystore)).toBeUndefined()
  })

  it('plain text on a port of TLS, and TLS on a port of plain text', async () => {
    const plain = await listen(createServer(answer))
    const tls = await tlsBroker('good')
    expect(await examined(plain)).toBe('KAFKA_TLS_NOT_SPOKEN')
    expect(await examined(tls, { 'security.protocol': 'PLAINTEXT' })).toBe('KAFKA_TLS_NEEDED')
    expect(await examined(plain, { 'security.protocol': 'PLAINTEXT' })).toBeUndefined()
  })

  it('no version of TLS in common', async () => {
    const old = await tlsBroker('good', { minVersion: 'TLSv1', maxVersion: 'TLSv1.1' })
    expect(await examined(old)).toBe('KAFKA_TLS_VERSION')
  })

  it('nothing, when nobody listens', async () => {
    const bootstrap = await tlsBroker('good')
    await new Promise((resolve) => servers.pop()!.close(resolve))
    expect(await examined(bootstrap)).toBeUndefined()
  })
})

describe('a probe', () => {
  it('says step by step how far it came with each broker', async () => {
    const [good, expired] = [await tlsBroker('good'), await tlsBroker('expired')]
    const steps: ProbeStep[] = []
    const closed = await tlsBroker('good')
    await new Promise((resolve) => servers.pop()!.close(resolve))
    const all = target([good, expired, closed, 'no-such-host.invalid:9093'].join(','))
    const reached: boolean[] = []
    for (const broker of addressesOf(all.bootstrapServers))
      reached.push(await probeBroker(all, broker, (step) => steps.push(step), 5_000))
    expect(reached).toEqual([true, false, false, false])
    expect(steps.map(({ broker, step, ok, code }) => [broker, step, ok, code])).toEqual([
      [good, 'resolve', true, undefined],
      [good, 'tcp', true, undefined],
      [good, 'tls', true, undefined],
      [expired, 'resolve', true, undefined],
      [expired, 'tcp', true, undefined],
      [expired, 'tls', false, 'KAFKA_TLS_EXPIRED'],
      [closed, 'resolve', true, undefined],
      [closed, 'tcp', false, 'KAFKA_UNREACHABLE'],
      ['no-such-host.invalid:9093', 'resolve', false, 'KAFKA_UNREACHABLE'],
    ])
    expect(steps[2]!.chain![0]).toMatchObject({ subject: '"CN=localhost"', names: 'DNS:localhost' })
  })

  it('takes silence for a broker that cannot be reached, within its time', async () => {
    const silent = await listen(createServer((socket) => sockets.add(socket)))
    const steps: ProbeStep[] = []
    const begun = performance.now()
    const [broker] = addressesOf(silent)
    expect(await probeBroker(target(silent), broker!, (step) => steps.push(step), 200)).toBe(false)
    expect(steps.at(-1)).toMatchObject({ step: 'tls', ok: false, code: 'KAFKA_UNREACHABLE' })
    expect(performance.now() - begun).toBeLessThan(3_000)
  })
})

describe('an examiner', () => {
  it('looks once at a time and once a while, at the broker that the line names', async () => {
    const looked: string[] = []
    let found: (() => void) | undefined
    const examiner = new Examiner(target('a:1,b:2'), (_target, { host, port }) => {
      looked.push(`${host}:${port}`)
      return new Promise((resolve) => (found = () => resolve({ code: 'KAFKA_TLS_EXPIRED', message: 'm' })))
    })
    const told: (string | undefined)[] = []
    const explain = (line: string): void => examiner.explain(line, (verdict) => told.push(verdict?.code))
    explain('[thrd:c:3/1]: c:3/1: SSL handshake failed')
    explain('ssl error')
    found!()
    await new Promise((resolve) => setImmediate(resolve))
    explain('ssl error')
    expect(looked).toEqual(['c:3'])
    expect(told).toEqual(['KAFKA_TLS_EXPIRED', 'KAFKA_TLS_EXPIRED'])
  })
})
