import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { access, grant, grantWrite, kcat } from '../helpers/kafka/index.ts'
import { freePorts } from '../helpers/ports.ts'
import { killAllProcesses, startProcess } from '../helpers/process.ts'
import { type SaslName, saslNames, type SecuredKafka, startSecuredKafka } from '../helpers/secured-kafka.ts'
import { kafkaAction, payload } from '../helpers/server.ts'

const MAIN = fileURLToPath(new URL('../../dist/main.js', import.meta.url))
const STORED = 'stored-secret-4187'

let secured: SecuredKafka
let directory: string
beforeAll(async () => {
  directory = mkdtempSync(join(tmpdir(), 'topicrule-kafka-check-'))
  // Where looking for a topic could make it.
  secured = await startSecuredKafka({ autoCreateTopics: true })
  const { kafka } = secured
  await kafka.createTopic('there', 3)
  for (const topic of ['closed', 'hidden']) await kafka.createTopic(topic)
  await grantWrite(kafka, 'hidden', 'bob')
  await grant(kafka, 'closed', 'alice', ['Describe'])
  mkdirSync(join(directory, 'secrets'))
  writeFileSync(join(directory, 'secrets', 'alice'), kafka.users.alice, { mode: 0o600 })
  writeFileSync(join(directory, 'secrets', 'mallory'), STORED, { mode: 0o600 })
  writeFileSync(
    join(directory, 'topicrule.yaml'),
    JSON.stringify({ secrets: { directory: { path: 'secrets', prefix: 'file/' } } }),
  )
}, 300_000)
afterAll(async () => {
  await secured.stop()
  rmSync(directory, { recursive: true })
  await killAllProcesses()
})

interface Checked {
  readonly code: number | null
  readonly stdout: string
  readonly stderr: string
}

/** Runs `topicrule kafka check` with a rule of these actions. */
async function run(actions: readonly object[], ...options: string[]): Promise<Checked> {
  const file = join(directory, 'checked.json')
  writeFileSync(file, JSON.stringify(payload("SELECT * FROM 'a'", ...actions)))
  const extensions = 'PLAINTEXT,SSL_WITHOUT_KEYSTORE,SCRAM-SHA-256,OAUTHBEARER'
  const config = join(directory, 'topicrule.yaml')
  const args = [MAIN, 'kafka', 'check', file, '--config', config, '--extension', extensions, ...options]
  const child = startProcess(process.execPath, args)
  const { code } = await child.exited
  const checked = { code, stdout: child.stdout.join('\n'), stderr: child.stderr.join('\n') }
  for (const secret of [...secured.secrets, STORED])
    expect(`${checked.stdout}${checked.stderr}`).not.toContain(secret)
  return checked
}

function check(properties: Readonly<Record<string, string>>, ...options: string[]): Promise<Checked> {
  return run([kafkaAction({ topic: 'there', properties })], ...options)
}

const plaintext = (server = secured.kafka.bootstrap.plaintext): Record<string, string> => ({
  'security.protocol': 'PLAINTEXT',
  'bootstrap.servers': server,
})

const ssl = (): Record<string, string> => ({
  'bootstrap.servers': secured.kafka.bootstrap.ssl,
  'security.protocol': 'SSL',
  'ssl.truststore': secured.kafka.ca,
})

/** First line of each step, without what differs from run to run. */
function steps({ stdout }: Checked): string[] {
  const lines = stdout.split('\n').filter((line) => /^ {2}\S/.test(line))
  return lines.map((line) =>
    line
      .trim()
      .replaceAll(/localhost:\d+/g, 'BROKER')
      .replaceAll(/ +/g, ' '),
  )
}

describe('topicrule kafka check', () => {
  it('goes all the way over plain text, and neither writes nor makes a topic', async () => {
    const checked = await run([
      kafkaAction({ topic: 'there', properties: plaintext() }),
      kafkaAction({ topic: 'nowhere', properties: plaintext() }),
    ])
    expect(checked.stdout.split('\n')[0]).toBe(
      `checked: actions[0].kafka, actions[1].kafka at ${secured.kafka.bootstrap.plaintext}`,
    )
    expect(steps(checked)).toEqual([
      'ok properties: 7 in effect.',
      expect.stringMatching(/^ok resolve BROKER: .*127\.0\.0\.1/),
      'ok tcp BROKER: Connected.',
      'ok metadata: 1 broker: BROKER (1).',
      'ok topic: there has 3 partitions, led by 1; at least 1 of 1 replicas in sync.',
      'skipped write: Not asked for; use --ask-write, or --produce to write a record.',
      expect.stringMatching(/^FAILED topic KAFKA_TOPIC_UNKNOWN: nowhere does not exist/),
    ])
    expect(checked.code).toBe(1)
    expect(await kcat(access(secured.kafka, 'PLAINTEXT'), 'there')).toEqual([])
    expect((await check(plaintext(), '--topic', 'nowhere')).code).toBe(1)
  })

  it.each(saslNames)('authenticates by %s and shows the chain, the identity and no secret', async (name) => {
    const checked = await check(secured.sasl[name], '--ask-write')
    const identity = name === 'OAUTHBEARER' ? 'gateway' : 'alice'
    expect(steps(checked)).toEqual([
      expect.stringMatching(/^ok properties: \d+ in effect/),
      expect.stringContaining('ok resolve'),
      expect.stringContaining('ok tcp'),
      expect.stringMatching(/^ok tls BROKER: TLSv1\.3, TLS_\w+; certificate verified\./),
      ...(name === 'GSSAPI'
        ? [
            expect.stringMatching(
              /^ok kerberos: Ticket for alice in realm MATRIX\.TEST from 127\.0\.0\.1:\d+, until \d{4}-/,
            ),
          ]
        : []),
      `ok sasl: ${name} as ${identity}.`,
      expect.stringContaining('ok metadata'),
      expect.stringContaining('ok topic'),
      'ok write: The user may write to there.',
    ])
    expect(checked.stdout).toMatch(
      /"CN=localhost" issued by "CN=[^"]+", for DNS:localhost, IP Address:127\.0\.0\.1/,
    )
    expect(checked.stdout).toContain('ssl.truststore = 1 certificate\n')
    expect(checked.code).toBe(0)
    expect(await kcat(access(secured.kafka, 'PLAINTEXT'), 'there')).toEqual([])
  })

  const wrong: Record<SaslName, readonly [step: string, code: string]> = {
    PLAIN: ['sasl', 'KAFKA_AUTHENTICATION'],
    'SCRAM-SHA-256': ['sasl', 'KAFKA_AUTHENTICATION'],
    'SCRAM-SHA-512': ['sasl', 'KAFKA_AUTHENTICATION'],
    GSSAPI: ['kerberos', 'KAFKA_KERBEROS_KEYTAB'],
    OAUTHBEARER: ['sasl', 'KAFKA_AUTHENTICATION'],
  }
  it.each(saslNames)(
    'stops at a wrong credential of %s and says so within ten seconds',
    async (name) => {
      const checked = await check({ ...secured.sasl[name], ...secured.wrong[name] })
      const [step, code] = wrong[name]
      expect(steps(checked).at(-1)).toMatch(new RegExp(`^FAILED ${step} ${code}: `))
      expect(checked.code).toBe(1)
    },
    15_000,
  )

  it.each([
    [
      'an authority that is not trusted',
      'tls',
      'KAFKA_TLS_UNKNOWN_CA',
      () => ({ ...ssl(), 'ssl.truststore': secured.kafka.foreignCa }),
    ],
    [
      'a certificate for another host',
      'tls',
      'KAFKA_TLS_HOST_MISMATCH',
      () => ({ ...ssl(), 'bootstrap.servers': secured.kafka.bootstrap.badHost }),
    ],
    [
      'a missing client certificate',
      'tls',
      'KAFKA_TLS_CLIENT_CERTIFICATE',
      () => ({ ...ssl(), 'bootstrap.servers': secured.kafka.bootstrap.mtls }),
    ],
    [
      'a closed port',
      'tcp',
      'KAFKA_UNREACHABLE',
      async () => plaintext(`localhost:${(await freePorts(1))[0]}`),
    ],
    ['an unknown host', 'resolve', 'KAFKA_UNREACHABLE', () => plaintext('no-such-host.invalid:9092')],
  ] as const)('stops at %s', async (_name, step, code, properties) => {
    const checked = await check(await properties())
    expect(steps(checked).at(-1)).toMatch(new RegExp(`^FAILED ${step} \\S+ ${code}: `))
    expect(checked.code).toBe(1)
  })

  it('looks secrets up, and says which is missing', async () => {
    const by = (secret: string): Record<string, string> => ({
      ...secured.sasl['SCRAM-SHA-512'],
      'sasl.scram.password': `\${get_secret('file/${secret}', 'SecretString')}`,
    })
    const good = await check(by('alice'))
    expect(good).toMatchObject({ code: 0 })
    expect(good.stdout).toContain('sasl.scram.password = [secret]')
    expect(steps(await check(by('mallory'))).at(-1)).toMatch(/^FAILED sasl KAFKA_AUTHENTICATION: /)
    expect(steps(await check(by('nobody')))).toEqual([
      expect.stringMatching(/^FAILED properties SECRET_NOT_FOUND: /),
    ])
  })

  it('says that the user may not write, and writes one record where it is told to', async () => {
    const properties = secured.sasl.PLAIN
    const refused = await check(properties, '--topic', 'closed', '--ask-write')
    expect(steps(refused).at(-1)).toMatch(/^FAILED write KAFKA_NOT_AUTHORIZED: closed: /)
    const hidden = await check(properties, '--topic', 'hidden')
    expect(steps(hidden).at(-1)).toBe('FAILED topic KAFKA_NOT_AUTHORIZED: The user may not see hidden.')
    const produced = await check(properties, '--produce', '--key', 'k')
    expect(steps(produced).at(-1)).toMatch(
      /^ok produce: One record of 21 bytes is at there, partition \d, offset 0\.$/,
    )
    const records = await kcat(access(secured.kafka, 'PLAINTEXT'), 'there')
    expect(records).toMatchObject([{ key: 'k', value: 'topicrule kafka check' }])
  })

  it('prints JSON with codes and remedies', async () => {
    const checked = await check(ssl(), '--format', 'json')
    expect(checked.code).toBe(0)
    expect(JSON.parse(checked.stdout)).toMatchObject([
      {
        rule: 'checked',
        actions: ['actions[0].kafka'],
        ok: true,
        steps: [{ step: 'properties', outcome: 'ok' }, {}, {}, { step: 'tls', chain: [{}, {}] }, {}, {}, {}],
      },
    ])
    const unknown = await check(ssl(), '--format', 'json', '--topic', 'nowhere')
    const [{ steps: found }] = JSON.parse(unknown.stdout) as [{ steps: object[] }]
    expect(found.at(-1)).toMatchObject({
      ...{ step: 'topic', outcome: 'failed', code: 'KAFKA_TOPIC_UNKNOWN' },
      remedy: expect.stringContaining('Create the topic') as string,
    })
  })
})
