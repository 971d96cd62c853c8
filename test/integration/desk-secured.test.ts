import { createHash } from 'node:crypto'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { freePorts } from '../helpers/ports.ts'
import { startProcess } from '../helpers/process.ts'
import { TestServer } from '../helpers/server.ts'
import { type Authority, type Certificate, makeAuthority } from '../helpers/tls.ts'

const MAIN = fileURLToPath(new URL('../../dist/main.js', import.meta.url))
const directory = mkdtempSync(join(tmpdir(), 'topicrule-desk-secured-'))

const TOKEN = 'a-token-of-forty-characters-or-so-000000'
const KEY = { id: 'AKIATEST', secret: 'a-secret-of-32-characters-000000' }

let server: TestServer
/** Its control API asks for client certificates. */
let strict: TestServer
let authority: Authority
let device: Certificate
let stranger: Certificate
let url: Readonly<Record<'mqtts' | 'ws' | 'wss', string>>

function file(name: string, text: string): string {
  const path = join(directory, name)
  writeFileSync(path, text)
  return path
}

beforeAll(async () => {
  authority = await makeAuthority(join(directory, 'ca'))
  const own = await authority.issue('server', 'localhost', ['IP:127.0.0.1'])
  device = await authority.issue('device', 'device-1')
  stranger = await (await makeAuthority(join(directory, 'other'))).issue('stranger', 'stranger')
  const [mqtts, ws, wss] = await freePorts(3)
  url = {
    mqtts: `mqtts://127.0.0.1:${mqtts}`,
    ws: `ws://127.0.0.1:${ws}/mqtt`,
    wss: `wss://127.0.0.1:${wss}/mqtt`,
  }
  const open = { cert: own.certFile, key: own.keyFile }
  const tls = { ...open, clientCa: authority.caFile }
  const republish = { roleArn: 'arn:aws:iam::123456789012:role/r', topic: 'out/${topic(2)}', qos: 1 }
  server = await TestServer.start(
    { again: { sql: "SELECT t FROM 'in/+'", awsIotSqlVersion: '2016-03-23', actions: [{ republish }] } },
    (port) => ({
      mqtt: {
        listeners: [
          { port, anonymous: true },
          { port: mqtts, tls },
          { port: ws, transport: 'ws', anonymous: true },
          { port: wss, transport: 'ws', tls },
        ],
      },
      control: {
        tls: open,
        accessKeys: [{ ...KEY, role: 'admin' }],
        tokens: [{ name: 'reader', sha256: createHash('sha256').update(TOKEN).digest('hex'), role: 'admin' }],
      },
    }),
  )
  strict = await TestServer.start(
    {},
    { control: { tls, clients: [{ commonName: 'device-1', role: 'admin' }] } },
  )
})

afterAll(async () => {
  await server?.stop()
  await strict?.stop()
  rmSync(directory, { recursive: true, force: true })
})

type Variables = Readonly<Record<string, string>>

function certificate(of: Certificate): string[] {
  return ['--cert', of.certFile, '--key', of.keyFile]
}

function signed(secret: string): Variables {
  return { AWS_ACCESS_KEY_ID: KEY.id, AWS_SECRET_ACCESS_KEY: secret, AWS_REGION: 'eu-west-1' }
}

function simulation(to: string, ...args: string[]): string[] {
  const messages = ['--topic', 'in/d{{device}}', '--payload', '{"t":{{count}}}', '--rate', '200']
  return ['simulate', '--quiet', '--format', 'json', '--url', to, '--count', '4', ...messages, ...args]
}

function tapping(of: TestServer, args: readonly string[]): string[] {
  const endpoint = `https://127.0.0.1:${of.metricsPort}`
  return ['tap', '--endpoint', endpoint, '--format', 'ndjson', '--count', '2', ...args]
}

interface Ended {
  readonly code: number | null
  readonly stdout: readonly string[]
  readonly stderr: readonly string[]
}

async function ended(args: readonly string[], env: Variables = {}): Promise<Ended> {
  const { stdout, stderr, exited } = startProcess(process.execPath, [MAIN, ...args], { env })
  const { code } = await exited
  return { code, stdout, stderr }
}

const withToken = (text: string): string[] => ['--token-file', file(`token-${text.length}`, `${text}\n`)]
const trust = (): string[] => ['--ca', authority.caFile]

describe('tap of a server that knows its callers', () => {
  it.each<[string, () => TestServer, () => string[], Variables]>([
    ['access keys', () => server, () => [], signed(KEY.secret)],
    ['a bearer token', () => server, () => withToken(TOKEN), {}],
    ['a client certificate', () => strict, () => certificate(device), {}],
  ])('reads with %s', async (_name, of, args, env) => {
    const watched = of()
    const command = [MAIN, ...tapping(watched, [...args(), ...trust()])]
    const watching = startProcess(process.execPath, command, { env })
    await watching.line(/^Watching/, 60_000)
    expect((await ended(simulation(watched.url))).code).toBe(0)
    expect(await watching.exited).toEqual({ code: 0, signal: null })
    const lines = watching.stdout.map((line) => JSON.parse(line) as object)
    expect(lines).toMatchObject([{ payload: '{"t":1}' }, { payload: '{"t":1}' }])
  })

  it.each<[string, () => TestServer, () => string[], Variables, RegExp]>([
    ['nobody', () => server, () => [], {}, /answered (?:MissingAuth|AccessDenied|Unauthorized)/],
    ['a wrong secret', () => server, () => [], signed(`${KEY.secret}1`), /answered \w*Signature/],
    ['a wrong token', () => server, () => withToken(`${TOKEN}1`), {}, /answered \w+/],
    ['no certificate', () => strict, () => [], {}, /asks for a client certificate: give --cert and --key/],
    ['a foreign certificate', () => strict, () => certificate(stranger), {}, /certificate/],
  ])('is refused to %s, in one sentence', async (_name, of, args, env, words) => {
    const { code, stdout, stderr } = await ended(tapping(of(), [...args(), ...trust()]), env)
    expect([1, 2]).toContain(code)
    expect(stdout).toEqual([])
    expect(stderr).toEqual([expect.stringMatching(words) as string])
    expect(stderr[0]).not.toMatch(/openssl|u000a/)
  })

  it('does not trust a server whose authority it does not know', async () => {
    const { code, stderr } = await ended(tapping(server, withToken(TOKEN)))
    expect(code).toBe(2)
    expect(stderr).toEqual([expect.stringMatching(/cannot be asked: .*give it with --ca/) as string])
  })
})

describe('simulate over every transport', () => {
  const result = { sent: 4, acknowledged: 4, unanswered: 0 }

  it.each([
    ['WebSocket', () => simulation(url.ws, '--devices', '2')],
    ['TLS with a client certificate', () => simulation(url.mqtts, ...trust(), ...certificate(device))],
    [
      'WebSocket over TLS with a client certificate',
      () => simulation(url.wss, ...trust(), ...certificate(device)),
    ],
    ['WebSocket, MQTT 3.1.1 and QoS 2', () => simulation(url.ws, '--protocol', '3.1.1', '--qos', '2')],
  ])('publishes with %s', async (_name, args) => {
    const { code, stdout, stderr } = await ended(args())
    expect([code, stderr]).toEqual([0, []])
    expect(JSON.parse(stdout.join('\n'))).toMatchObject(result)
  })

  it.each<[string, () => string[], RegExp]>([
    ['no certificate', () => simulation(url.mqtts, ...trust()), /asks for a client certificate/],
    ['none over WebSocket', () => simulation(url.wss, ...trust()), /asks for a client certificate/],
    ['a foreign one', () => simulation(url.mqtts, ...trust(), ...certificate(stranger)), /certificate/],
    ['an unknown authority', () => simulation(url.mqtts, ...certificate(device)), /give it with --ca/],
    [
      'TLS where there is none',
      () => simulation(server.url.replace('mqtt:', 'mqtts:'), ...trust()),
      /seems to speak no TLS/,
    ],
  ])('says in one sentence why it cannot connect with %s', async (_name, args, words) => {
    const { code, stdout, stderr } = await ended(args())
    expect([code, stdout]).toEqual([2, []])
    expect(stderr).toEqual([expect.stringMatching(/^\S+ cannot be reached: .+\.$/) as string])
    expect(stderr[0]).toMatch(words)
  })
})
