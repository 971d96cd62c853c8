import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import mqtt from 'mqtt'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { access, kcat, type Kafka, setScramPassword, startKafka } from '../helpers/kafka/index.ts'
import { faultsOfOrder, LedgerPublisher } from '../helpers/ledger-publisher.ts'
import { killAllProcesses, runProcess } from '../helpers/process.ts'
import { awsVariables, type SecretsManager, startSecretsManager } from '../helpers/secrets-manager.ts'
import { kafkaAction, payload, TestServer } from '../helpers/server.ts'

const MAIN = fileURLToPath(new URL('../../dist/main.js', import.meta.url))
const RATE = 500
const ROLE = 'arn:aws:iam::123456789012:role/read-secrets'
const passwords = [
  'first-password-61b7',
  'second-password-8c2e',
  'third-password-d4f0',
  'wrong-password-77aa',
]

let kafka: Kafka
let moto: SecretsManager
let server: TestServer | undefined
let publishers: LedgerPublisher[] = []
beforeAll(async () => {
  Object.assign(process.env, awsVariables)
  ;[kafka, moto] = await Promise.all([startKafka(), startSecretsManager()])
  await moto.create('kafka_client_truststore', Buffer.from(kafka.ca))
}, 300_000)
afterEach(async () => {
  await Promise.all(publishers.map((publisher) => publisher.end()))
  await server?.stop()
  publishers = []
  server = undefined
})
afterAll(async () => {
  await kafka.stop()
  await moto.stop()
  await killAllProcesses()
})

const login = (password: string): string => JSON.stringify({ user: 'alice', password })

/** Client properties whose credentials are the secret `name`. */
function scram(name: string): Record<string, string> {
  return {
    'bootstrap.servers': kafka.bootstrap.sasl,
    'security.protocol': 'SASL_SSL',
    'ssl.truststore': `\${get_secret('kafka_client_truststore', 'SecretBinary','${ROLE}')}`,
    'sasl.mechanism': 'SCRAM-SHA-512',
    'sasl.scram.username': `\${get_secret('${name}', 'SecretString', 'user')}`,
    'sasl.scram.password': `\${get_secret('${name}', 'SecretString', 'password', '${ROLE}')}`,
  }
}

async function start(rules: Record<string, object>, cacheTime: string): Promise<TestServer> {
  server = await TestServer.start(rules, {
    secrets: { cacheTime, aws: { endpoint: moto.endpoint, stsEndpoint: moto.endpoint } },
    log: { level: 'debug' },
  })
  return server
}

/** Starts a server that delivers a ledger to `topic` with the first password, under load. */
async function underLoad(topic: string, cacheTime: string): Promise<TestServer> {
  await kafka.createTopic(topic, 4)
  await setScramPassword(kafka, 'alice', passwords[0]!)
  await moto.create(topic, login(passwords[0]!))
  const action = kafkaAction({ topic, properties: scram(topic), more: { key: '${clientid()}' } })
  const running = await start(
    { ledger: payload("SELECT n, clientid() AS device FROM 'ledger/#'", action) },
    cacheTime,
  )
  publishers = [1, 2].map((number) => new LedgerPublisher(running.url, `device-${number}`, 'ledger/x', 4))
  for (const publisher of publishers) publisher.start(RATE / 2)
  await Promise.all(publishers.map((publisher) => publisher.atLeast(RATE)))
  return running
}

async function settle(): Promise<void> {
  await Promise.all(publishers.map((publisher) => publisher.atLeast(publisher.published + RATE)))
  for (const publisher of publishers) publisher.stop()
  await Promise.all(publishers.map((publisher) => publisher.allAcknowledged(60_000)))
}

/** Every acknowledged number is there, and each number's first copy comes behind that of the number before. */
async function expectNothingLostAndInOrder(topic: string): Promise<number> {
  const numbers = new Map<string, number[]>()
  for (const { value } of await kcat(access(kafka, 'PLAINTEXT'), topic)) {
    const { n, device } = JSON.parse(value!) as { n: number; device: string }
    numbers.set(device, [...(numbers.get(device) ?? []), n])
  }
  let copies = 0
  publishers.forEach((publisher, index) => {
    const { published, acknowledged } = publisher
    expect(acknowledged.size).toBe(published)
    const there = numbers.get(`device-${index + 1}`) ?? []
    expect(faultsOfOrder(publisher, there, Infinity)).toEqual([])
    copies += there.length - published
  })
  return copies
}

function events(running: TestServer, name: string): Record<string, unknown>[] {
  return running
    .process!.stderr.filter((line) => line.includes(`"${name}"`))
    .map((line) => JSON.parse(line) as Record<string, unknown>)
}

describe('a password that changes under 500 messages a second', () => {
  it('on the broker and in Secrets Manager: a new producer takes over, nothing is lost, order holds', async () => {
    const running = await underLoad('rotation', '2s')
    await setScramPassword(kafka, 'alice', passwords[1]!)
    await moto.put('rotation', login(passwords[1]!))
    await running.process!.line(/"kafka.rotated"/, 30_000)
    await settle()
    const copies = await expectNothingLostAndInOrder('rotation')
    const [rotated] = events(running, 'kafka.rotated')
    console.log(
      `rotation: gap ${String(rotated!['gapMs'])} ms, sent again ${String(rotated!['sentAgain'])}, copies ${copies}`,
    )
    expect(rotated!['gapMs']).toBeLessThan(1_000)
    expect(copies).toBe(0)
    expect(await running.metrics()).toMatch(/topicrule_kafka_rotations_total 1\n/)
  })

  it('on the broker first, which then drops its connections: the secret is read again at once', async () => {
    const running = await underLoad('refusal', '1h')
    await setScramPassword(kafka, 'alice', passwords[1]!)
    await kafka.kill9()
    await kafka.restart()
    await running.process!.line(/uthentication/, 30_000)
    await moto.put('refusal', login(passwords[1]!))
    await running.process!.line(/"kafka.rotated"/, 60_000)
    await settle()
    const copies = await expectNothingLostAndInOrder('refusal')
    const [rotated] = events(running, 'kafka.rotated')
    console.log(
      `refusal: gap ${String(rotated!['gapMs'])} ms, sent again ${String(rotated!['sentAgain'])}, copies ${copies}`,
    )
    expect(copies).toBeLessThanOrEqual(Number(rotated!['sentAgain']))
    expect(events(running, 'action.failed')).toEqual([])
  })

  it('in Secrets Manager first: the old producer stays at work until the broker takes the new password', async () => {
    const running = await underLoad('early', '2s')
    await moto.put('early', login(passwords[2]!))
    await running.process!.line(/"kafka.properties_changed"/, 30_000)
    const before = publishers.map(({ acknowledged }) => acknowledged.size)
    await Promise.all(publishers.map((publisher, index) => publisher.atLeast(before[index]! + RATE)))
    expect(events(running, 'kafka.rotated')).toEqual([])
    await setScramPassword(kafka, 'alice', passwords[2]!)
    await running.process!.line(/"kafka.rotated"/, 60_000)
    await settle()
    expect(await expectNothingLostAndInOrder('early')).toBe(0)
  })
})

it('a wrong password fails the rule within ten seconds, and works once the secret is right', async () => {
  await kafka.createTopic('wrong')
  await kafka.createTopic('errors')
  await setScramPassword(kafka, 'alice', passwords[0]!)
  await moto.create('wrong', login(passwords[3]!))
  const plaintext = { 'bootstrap.servers': kafka.bootstrap.plaintext, 'security.protocol': 'PLAINTEXT' }
  const rule = {
    ...payload("SELECT * FROM 'wrong'", kafkaAction({ topic: 'wrong', properties: scram('wrong') })),
    errorAction: kafkaAction({ topic: 'errors', properties: plaintext }),
  }
  const running = await start({ wrong: rule }, '1h')
  const client = await mqtt.connectAsync(running.url)
  const began = performance.now()
  await client.publishAsync('wrong', '1', { qos: 1 })
  expect(performance.now() - began).toBeLessThan(10_000)
  const [failed] = await kcat(access(kafka, 'PLAINTEXT'), 'errors')
  expect(failed!.value).toContain('uthentication')
  await moto.put('wrong', login(passwords[0]!))
  await expect
    .poll(
      async () => {
        await client.publishAsync('wrong', '2', { qos: 1 })
        return (await kcat(access(kafka, 'PLAINTEXT'), 'wrong')).length
      },
      { timeout: 60_000, interval: 1_000 },
    )
    .toBeGreaterThan(0)
  await client.endAsync()
})

it('no secret is shown anywhere: log, errors, metrics, HTTP, configuration, arguments', async () => {
  const values = ['in-a-statement-9b31', 'in-a-key-0c5d', 'in-a-property-5e77', passwords[3]!]
  await kafka.createTopic('shown')
  await kafka.createTopic('shown-errors')
  await moto.create('shown/statement', values[0]!)
  await moto.create('shown/key', values[1]!)
  await moto.create('shown/login', JSON.stringify({ user: values[2], password: values[3] }))
  const plaintext = { 'bootstrap.servers': kafka.bootstrap.plaintext, 'security.protocol': 'PLAINTEXT' }
  const secret = (name: string): string => `get_secret('shown/${name}', 'SecretString')`
  const errorAction = kafkaAction({ topic: 'shown-errors', properties: plaintext })
  const missing = "${get_secret('shown/nothing', 'SecretString')}"
  const running = await start(
    {
      compares: payload(
        `SELECT * FROM 'shown/ok' WHERE ${secret('statement')} <> 'x'`,
        kafkaAction({ topic: 'shown', properties: plaintext, more: { key: `\${${secret('key')}}` } }),
      ),
      refused: {
        ...payload(
          "SELECT * FROM 'shown/refused'",
          kafkaAction({ topic: 'shown', properties: scram('shown/login') }),
        ),
        errorAction,
      },
      absent: {
        ...payload("SELECT * FROM 'shown/absent'", kafkaAction({ topic: missing, properties: plaintext })),
        errorAction,
      },
    },
    '1h',
  )
  const client = await mqtt.connectAsync(running.url)
  for (const topic of ['ok', 'refused', 'absent'])
    await client.publishAsync(`shown/${topic}`, '{}', { qos: 1 })
  await client.endAsync()
  const [record] = await kcat(access(kafka, 'PLAINTEXT'), 'shown')
  expect(record!.key).toBe(values[1])
  const errors = await kcat(access(kafka, 'PLAINTEXT'), 'shown-errors')
  expect(errors).toHaveLength(2)
  const control = `http://127.0.0.1:${running.metricsPort}`
  const pages = ['/metrics', '/health/ready', '/health/live', '/'].map((path) =>
    fetch(control + path).then((response) => response.text()),
  )
  const config = join(running.directory, 'topicrule.yaml')
  const dump = await runProcess(process.execPath, [MAIN, 'config', '--config', config])
  const shown = [
    ...running.process!.stderr,
    ...running.process!.stdout,
    ...errors.map(({ value }) => value),
    ...(await Promise.all(pages)),
    ...dump.stdout,
    ...dump.stderr,
    readFileSync(`/proc/${running.process!.pid}/cmdline`, 'utf8'),
  ].join('\n')
  expect(shown).toContain('topicrule_secret_requests_total')
  expect(shown).toContain('SECRET_NOT_FOUND')
  expect(shown).toContain('KAFKA_AUTHENTICATION')
  const secrets = [...values, awsVariables['AWS_SECRET_ACCESS_KEY']!]
  const forms = secrets.flatMap((value) => [value, Buffer.from(value).toString('base64').replace(/=+$/, '')])
  expect(forms.filter((form) => shown.includes(form))).toEqual([])
})
