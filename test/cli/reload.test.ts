import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { connect as connectTls } from 'node:tls'
import { fileURLToPath } from 'node:url'
import mqtt, { type MqttClient } from 'mqtt'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { hashPassword } from '../../src/ingest/index.ts'
import { type RunningProcess, startProcess } from '../helpers/process.ts'
import { makeAuthority } from '../helpers/tls.ts'

const main = fileURLToPath(new URL('../../src/main.ts', import.meta.url))
const directory = mkdtempSync(join(tmpdir(), 'topicrule-reload-'))
const at = (name: string): string => join(directory, name)
const clients: MqttClient[] = []
let server: RunningProcess
let ports: { mqtt: number; mqtts: number }
let hashes: { one: string; two: string }

const settings = {
  mqtt: {
    listeners: [{ port: 0 }, { port: 0, tls: { cert: 'cert.pem', key: 'key.pem' } }],
    users: { file: 'users' },
    acl: [{ effect: 'allow', topics: ['old/#'] }],
  },
  rules: { watch: false },
  control: { port: 0 },
  kafka: { embedded: true },
  log: { level: 'info' },
}

function configure(over: object): void {
  writeFileSync(at('topicrule.yaml'), JSON.stringify({ ...settings, ...over }))
}

async function certify(name: string): Promise<void> {
  const authority = await makeAuthority(at(`tls-${name}`))
  const { cert, key } = await authority.issue('server', name, ['DNS:localhost'])
  writeFileSync(at('cert.pem'), cert)
  writeFileSync(at('key.pem'), key)
}

/** Sends SIGHUP and resolves with the event that tells the outcome. */
async function reload(outcome: 'config.reloaded' | 'config.kept'): Promise<Record<string, unknown>> {
  const seen = server.stderr.length
  server.signal('SIGHUP')
  const pattern = new RegExp(`"${outcome}"`)
  const end = performance.now() + 20_000
  for (;;) {
    const line = server.stderr.slice(seen).find((each) => pattern.test(each))
    if (line !== undefined) return JSON.parse(line) as Record<string, unknown>
    if (performance.now() > end) throw new Error(`no ${outcome}: ${server.stderr.slice(seen).join('\n')}`)
    await new Promise((resolve) => setTimeout(resolve, 10))
  }
}

async function device(username: string, password: string): Promise<MqttClient> {
  const client = await mqtt.connectAsync(`mqtt://127.0.0.1:${ports.mqtt}`, {
    ...{ username, password, protocolVersion: 5, reconnectPeriod: 0 },
  })
  clients.push(client)
  return client
}

const outcomeOf = (client: MqttClient, topic: string): Promise<string> =>
  client.publishAsync(topic, '{}', { qos: 1 }).then(
    () => 'taken',
    (error: Error) => error.message,
  )

function commonName(): Promise<string> {
  return new Promise((resolve, reject) => {
    const socket = connectTls({ host: '127.0.0.1', port: ports.mqtts, rejectUnauthorized: false }, () => {
      resolve(String(socket.getPeerCertificate().subject.CN))
      socket.destroy()
    })
    socket.on('error', reject)
  })
}

beforeAll(async () => {
  mkdirSync(at('rules'))
  hashes = { one: await hashPassword('one'), two: await hashPassword('two') }
  writeFileSync(at('users'), `ann:${hashes.one}\nbob:${hashes.one}\n`)
  await certify('first.example')
  configure({})
  server = startProcess(process.execPath, [
    '--import',
    'tsx',
    main,
    'serve',
    '--config',
    at('topicrule.yaml'),
  ])
  const line = await server.line(/^ready /)
  const [, plain, secured] = /mqtt=127\.0\.0\.1:(\d+) mqtts=127\.0\.0\.1:(\d+)/.exec(line)!
  ports = { mqtt: Number(plain), mqtts: Number(secured) }
}, 60_000)
afterAll(async () => {
  for (const client of clients) client.end(true)
  await server.stop()
  rmSync(directory, { recursive: true })
})

it('SIGHUP takes over users, access list, certificates, rules and the log level', async () => {
  const [ann, bob] = [await device('ann', 'one'), await device('bob', 'one')]
  expect(await outcomeOf(ann, 'old/x')).toBe('taken')
  expect(await outcomeOf(ann, 'new/x')).toMatch(/Not authorized/)
  expect(await commonName()).toBe('first.example')

  writeFileSync(at('users'), `ann:${hashes.one}\nbob:${hashes.two}\n`)
  writeFileSync(at('rules/a.json'), JSON.stringify({ sql: "SELECT * FROM 'new/#'", actions: [] }))
  await certify('second.example')
  const acl = [{ effect: 'allow', topics: ['new/#'] }]
  configure({ mqtt: { ...settings.mqtt, acl }, log: { level: 'debug' } })
  const closed = new Promise((resolve) => bob.once('close', () => resolve(true)))
  await reload('config.reloaded')

  expect(await outcomeOf(ann, 'new/x')).toBe('taken')
  expect(await outcomeOf(ann, 'old/x')).toMatch(/Not authorized/)
  expect(await closed).toBe(true)
  await expect(device('bob', 'one')).rejects.toThrow()
  expect((await device('bob', 'two')).connected).toBe(true)
  expect(await commonName()).toBe('second.example')
  expect(server.stderr.some((line) => /"rules.loaded".*\["a"\]/.test(line))).toBe(true)
  await server.line(/"debug".*"mqtt.connected"/)
}, 60_000)

it.each([
  ['a fault in the file', () => configure({ ack: 'sometimes' }), /ack/],
  ['a users file with faults', () => (configure({}), writeFileSync(at('users'), 'nonsense')), /users/],
  [
    'a certificate that does not fit its key',
    () => (configure({}), writeFileSync(at('key.pem'), 'x')),
    /tls/,
  ],
])('keeps everything as it was with %s', async (_, spoil, reason) => {
  const ann = await device('ann', 'one')
  spoil()
  expect(JSON.stringify(await reload('config.kept'))).toMatch(reason)
  expect(await outcomeOf(ann, 'new/x')).toBe('taken')
  expect(await commonName()).toBe('second.example')
  writeFileSync(at('users'), `ann:${hashes.one}\nbob:${hashes.two}\n`)
  await certify('second.example')
})

it('names keys that wait for a restart, without their values', async () => {
  const [plain, secured] = settings.mqtt.listeners
  const listeners = [
    plain,
    { ...secured, tls: { ...secured!.tls, keyPassword: 'hidden', clientCa: 'cert.pem' } },
  ]
  configure({ mqtt: { ...settings.mqtt, listeners }, heldBytes: '7MiB' })
  await reload('config.reloaded')
  const line = await server.line(/config.restart_needed/)
  expect(JSON.parse(line)).toMatchObject({
    keys: ['heldBytes', 'mqtt.listeners[1].tls.clientCa'],
  })
  expect(server.stderr.join('\n')).not.toContain('hidden')
})
