import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { createDelivery, type KafkaDelivery } from '../../src/deliver/index.ts'
import { awsPolicy, resolveTarget } from '../../src/deliver/specs.ts'
import { type Failure } from '../../src/errors.ts'
import { access, javaConsole, kcat, startKafka, type Kafka } from '../helpers/kafka/index.ts'
import { killAllProcesses } from '../helpers/process.ts'
import { keytoolKeystore, keytoolTruststore, opensslKeystore, opensslTruststore } from '../helpers/stores.ts'
import { type Certificate, makeAuthority } from '../helpers/tls.ts'

const policy = { ...awsPolicy, extensions: ['SSL_WITHOUT_KEYSTORE', 'PLAINTEXT'] }
const PASSWORD = 'store-secret'

let kafka: Kafka
let directory: string
/** A client certificate of an authority that the broker does not know. */
let foreigner: Certificate
let delivery: KafkaDelivery | undefined
beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'topicrule-kafka-tls-'))
  kafka = await startKafka()
  const foreign = await makeAuthority(join(directory, 'foreign'))
  foreigner = await foreign.issue('foreigner', 'foreigner')
}, 300_000)
afterEach(async () => {
  await delivery?.close()
  delivery = undefined
})
afterAll(async () => {
  await kafka.stop()
  await rm(directory, { recursive: true, force: true })
  await killAllProcesses()
})

/** Sends one record; resolves with its failure, or undefined when Kafka has it. */
async function send(
  properties: Record<string, string>,
  topic: string,
  value: Buffer,
): Promise<{ failure: Failure | undefined; faults: (string | undefined)[] }> {
  const result = resolveTarget({ acks: 'all', ...properties }, policy)
  if (!result.ok) throw new Error(JSON.stringify(result.diagnostics))
  const faults: (string | undefined)[] = []
  delivery = createDelivery({
    maxProducers: 4,
    idleTimeout: 60_000,
    onFault: (_servers, _message, code) => faults.push(code),
  })
  const sender = delivery.open(result.target)
  const failure = await new Promise<Failure | undefined>((settled) => {
    sender.send({ topic, partition: null, key: 'k', headers: [], value }, { settled })
  })
  return { failure, faults }
}

const trust: Record<string, () => Promise<Record<string, string>>> = {
  PEM: () => Promise.resolve({ 'ssl.truststore': kafka.ca }),
  JKS: async () => ({
    'ssl.truststore': await keytoolTruststore(directory, [kafka.foreignCa, kafka.ca], 'JKS', PASSWORD),
    'ssl.truststore.password': PASSWORD,
  }),
  'PKCS #12 by keytool': async () => ({
    'ssl.truststore': await keytoolTruststore(directory, [kafka.foreignCa, kafka.ca], 'PKCS12', PASSWORD),
    'ssl.truststore.password': PASSWORD,
  }),
  'PKCS #12 by openssl': async () => ({
    'ssl.truststore': await opensslTruststore(directory, [kafka.ca], { password: PASSWORD, legacy: true }),
    'ssl.truststore.password': PASSWORD,
  }),
}

const identity: Record<string, () => Promise<Record<string, string>>> = {
  PEM: () =>
    Promise.resolve({
      'ssl.keystore': kafka.chained.chain.slice(0, 2).join('') + kafka.chained.key,
      'ssl.keystore.password': '',
    }),
  JKS: async () => ({
    'ssl.keystore': await keytoolKeystore(directory, kafka.chained, 'JKS', PASSWORD, {
      keyPassword: 'key-secret',
    }),
    'ssl.keystore.password': PASSWORD,
    'ssl.key.password': 'key-secret',
  }),
  'PKCS #12 by keytool': async () => ({
    'ssl.keystore': await keytoolKeystore(directory, kafka.chained, 'PKCS12', PASSWORD),
    'ssl.keystore.password': PASSWORD,
  }),
  'PKCS #12 by openssl': async () => ({
    'ssl.keystore': await opensslKeystore(directory, kafka.chained, { password: PASSWORD, legacy: true }),
    'ssl.keystore.password': PASSWORD,
  }),
}

describe.each(Object.keys(trust))('with stores in %s', (format) => {
  it('records travel byte for byte over SSL, and over mutual TLS with a chain', async () => {
    const topic = `tls-${format.replace(/\W+/g, '-')}`
    await kafka.createTopic(topic)
    const truststore = await trust[format]!()
    const text = '{ "x" : 10.0,\t"y": "ü" }'
    const ssl = await send(
      { ...truststore, 'bootstrap.servers': kafka.bootstrap.ssl },
      topic,
      Buffer.from(text),
    )
    expect(ssl.failure).toBeUndefined()
    await delivery!.close()
    const keystore = await identity[format]!()
    const mtls = { ...truststore, ...keystore, 'bootstrap.servers': kafka.bootstrap.mtls }
    expect((await send(mtls, topic, Buffer.from('second'))).failure).toBeUndefined()
    const expected = [text, 'second'].map((value) => expect.objectContaining({ key: 'k', value }) as object)
    expect(await kcat(access(kafka, 'PLAINTEXT'), topic)).toEqual(expected)
    if (format === 'JKS')
      expect(await javaConsole(kafka, access(kafka, 'PLAINTEXT'), topic, 2)).toEqual(expected)
  })
})

describe('within ten seconds a rule is told', () => {
  it.each([
    ['KAFKA_TLS_UNKNOWN_CA', 'ssl', () => ({ 'ssl.truststore': kafka.foreignCa })],
    ['KAFKA_TLS_HOST_MISMATCH', 'badHost', () => ({})],
    ['KAFKA_TLS_EXPIRED', 'expired', () => ({})],
    ['KAFKA_TLS_NOT_YET_VALID', 'early', () => ({})],
    ['KAFKA_TLS_CLIENT_CERTIFICATE', 'mtls', () => ({})],
    [
      'KAFKA_TLS_CLIENT_CERTIFICATE',
      'mtls',
      () => ({ 'ssl.keystore': foreigner.cert + foreigner.key, 'ssl.keystore.password': '' }),
    ],
    ['KAFKA_TLS_NOT_SPOKEN', 'plaintext', () => ({})],
    ['KAFKA_TLS_NEEDED', 'ssl', () => ({ 'security.protocol': 'PLAINTEXT' })],
  ] as const)(
    '%s at the %s listener',
    async (code, listener, properties) => {
      const { failure, faults } = await send(
        { 'ssl.truststore': kafka.ca, 'bootstrap.servers': kafka.bootstrap[listener], ...properties() },
        'nothing',
        Buffer.from('x'),
      )
      expect(failure).toMatchObject({ code, class: 'rule' })
      expect(faults).toContain(code)
      expect(delivery!.health()[0]!.lastFault).toBe(failure!.message)
    },
    10_000,
  )
})
