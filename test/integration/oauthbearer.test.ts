import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { createDelivery, type KafkaDelivery, type KafkaSender } from '../../src/deliver/index.ts'
import { awsPolicy, resolveTarget } from '../../src/deliver/specs.ts'
import { type Failure } from '../../src/errors.ts'
import { access, javaConsole, startKafka, type Kafka } from '../helpers/kafka/index.ts'
import { type Oidc, startOidc } from '../helpers/oidc.ts'
import { killAllProcesses } from '../helpers/process.ts'
import { makeAuthority } from '../helpers/tls.ts'

/** Seconds; short, so that a test sees tokens end. */
const LIFETIME = 6

let directory: string
let endpointCa: string
let oidc: Oidc
let kafka: Kafka
let delivery: KafkaDelivery | undefined
const faults: (readonly [code: string | undefined, message: string])[] = []
beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'topicrule-oidc-'))
  const authority = await makeAuthority(directory, 'token endpoint CA')
  endpointCa = authority.ca
  const { key, cert } = await authority.issue('endpoint', 'localhost', ['DNS:localhost'])
  oidc = await startOidc({ key, cert, clients: { gateway: 'token-secret' }, lifetime: LIFETIME })
  const keysFile = join(directory, 'keys.json')
  await writeFile(keysFile, oidc.keys)
  kafka = await startKafka({ oidc: { keysFile, issuer: oidc.issuer, audience: oidc.audience } })
  await kafka.createTopic('tokens')
}, 300_000)
afterEach(async () => {
  await delivery?.close()
  delivery = undefined
  faults.length = 0
})
afterAll(async () => {
  await kafka.stop()
  await oidc.stop()
  await rm(directory, { recursive: true, force: true })
  await killAllProcesses()
})

function open(changes: Record<string, string> = {}): KafkaSender {
  const result = resolveTarget(
    {
      ...{ acks: 'all', 'bootstrap.servers': kafka.bootstrap.oidc, 'security.protocol': 'SASL_SSL' },
      ...{ 'ssl.truststore': kafka.ca, 'sasl.mechanism': 'OAUTHBEARER' },
      'sasl.oauthbearer.token.endpoint.url': oidc.tokenUrl,
      'sasl.oauthbearer.client.id': 'gateway',
      'sasl.oauthbearer.client.secret': 'token-secret',
      'sasl.oauthbearer.scope': 'write:kafka a&b',
      'sasl.oauthbearer.token.endpoint.truststore': endpointCa,
      ...changes,
    },
    { ...awsPolicy, extensions: ['OAUTHBEARER'] },
  )
  if (!result.ok) throw new Error(JSON.stringify(result.diagnostics))
  delivery = createDelivery({
    maxProducers: 1,
    idleTimeout: 60_000,
    onFault: (_servers, message, code) => faults.push([code, message]),
  })
  return delivery.open(result.target)
}

function send(sender: KafkaSender, value: string): Promise<Failure | undefined> {
  return new Promise((settled) => {
    const record = { topic: 'tokens', partition: null, key: 'k', headers: [], value: Buffer.from(value) }
    sender.send(record, { settled })
  })
}

describe('OAUTHBEARER with client credentials', () => {
  it('delivers while tokens end and new ones are fetched', async () => {
    const sender = open()
    const values: string[] = []
    const end = performance.now() + 2.5 * LIFETIME * 1000
    while (performance.now() < end) {
      const value = `{ "n" : ${values.length} }`
      expect(await send(sender, value)).toBeUndefined()
      values.push(value)
      await new Promise((resolve) => setTimeout(resolve, 200))
    }
    expect(oidc.issued.length).toBeGreaterThanOrEqual(3)
    expect(new Set(oidc.issued)).toEqual(new Set(['write:kafka a&b']))
    const read = await javaConsole(kafka, access(kafka, 'PLAINTEXT'), 'tokens', values.length)
    expect(read.map(({ value }) => value)).toEqual(values)
  })

  it('refuses a wrong client secret within ten seconds, and shows it nowhere', async () => {
    const failure = await send(open({ 'sasl.oauthbearer.client.secret': 'wrong-secret' }), 'x')
    expect(failure).toMatchObject({ code: 'KAFKA_AUTHENTICATION', class: 'rule' })
    expect(failure!.message).toContain('401')
    expect(JSON.stringify([failure, faults])).not.toContain('wrong-secret')
  }, 10_000)

  it.each([
    ['does not answer', () => ({ 'sasl.oauthbearer.token.endpoint.url': 'https://localhost:9/token' })],
    [
      'is signed by an authority that is not trusted',
      () => ({ 'sasl.oauthbearer.token.endpoint.truststore': kafka.ca }),
    ],
  ])(
    'keeps records and names the token endpoint when it %s',
    async (_name, changes) => {
      void send(open(changes()), 'x')
      await expect
        .poll(() => faults.map(([code]) => code), { timeout: 15_000 })
        .toContain('KAFKA_TOKEN_ENDPOINT')
      expect(delivery!.health()[0]).toMatchObject({ outstanding: 1 })
    },
    20_000,
  )
})
