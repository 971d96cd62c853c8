import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { createDelivery, type KafkaDelivery, type KafkaRecord } from '../../src/deliver/index.ts'
import { awsPolicy, resolveTarget } from '../../src/deliver/specs.ts'
import { type ErrorCode, type Failure } from '../../src/errors.ts'
import { access, javaConsoleAll, type Kafka } from '../helpers/kafka/index.ts'
import { killAllProcesses } from '../helpers/process.ts'
import { saslNames, type SecuredKafka, startSecuredKafka } from '../helpers/secured-kafka.ts'
import {
  keytoolKeystore,
  keytoolTruststore,
  opensslKeystore,
  opensslTruststore,
  type StoreIdentity,
} from '../helpers/stores.ts'
import { type Certificate, makeAuthority } from '../helpers/tls.ts'

const policy = {
  ...awsPolicy,
  extensions: ['SSL_WITHOUT_KEYSTORE', 'PLAINTEXT', 'SCRAM-SHA-256', 'OAUTHBEARER'],
}
const PASSWORD = 'store-secret-5561'

let secured: SecuredKafka
let kafka: Kafka
let directory: string
/** A client certificate of an authority that the broker does not know. */
let foreigner: Certificate
let delivery: KafkaDelivery | undefined
beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'topicrule-kafka-security-'))
  secured = await startSecuredKafka()
  kafka = secured.kafka
  await kafka.createTopic('matrix', 3)
  const foreign = await makeAuthority(join(directory, 'foreign'))
  foreigner = await foreign.issue('foreigner', 'foreigner')
}, 300_000)
afterEach(async () => {
  await delivery?.close()
  delivery = undefined
})
afterAll(async () => {
  await secured.stop()
  await rm(directory, { recursive: true, force: true })
  await killAllProcesses()
})

/** Sends one record; resolves with its failure, or undefined when Kafka has it. */
async function send(
  properties: Readonly<Record<string, string>>,
  topic: string,
  value: Buffer,
  more: Partial<KafkaRecord> = {},
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
    sender.send({ topic, partition: null, key: 'k', headers: [], value, ...more }, { settled })
  })
  return { failure, faults }
}

const formats = ['PEM', 'JKS', 'PKCS12 by keytool', 'PKCS12 by openssl'] as const
type Format = (typeof formats)[number]

/** A truststore of these authorities. */
async function trust(format: Format, ...authorities: string[]): Promise<Record<string, string>> {
  const store = {
    PEM: () => Promise.resolve(authorities.join('')),
    JKS: () => keytoolTruststore(directory, authorities, 'JKS', PASSWORD),
    'PKCS12 by keytool': () => keytoolTruststore(directory, authorities, 'PKCS12', PASSWORD),
    'PKCS12 by openssl': () =>
      opensslTruststore(directory, authorities, { password: PASSWORD, legacy: true }),
  }
  return {
    'ssl.truststore': await store[format](),
    ...(format !== 'PEM' && { 'ssl.truststore.password': PASSWORD }),
  }
}

/** A keystore of this identity; in JKS the key has a password of its own. */
async function identity(format: Format, of: StoreIdentity): Promise<Record<string, string>> {
  const key = { keyPassword: 'key-secret' }
  const store = {
    PEM: () => Promise.resolve(of.chain.slice(0, 2).join('') + of.key),
    JKS: () => keytoolKeystore(directory, of, 'JKS', PASSWORD, key),
    'PKCS12 by keytool': () => keytoolKeystore(directory, of, 'PKCS12', PASSWORD),
    'PKCS12 by openssl': () => opensslKeystore(directory, of, { password: PASSWORD, legacy: true }),
  }
  return {
    'ssl.keystore': await store[format](),
    'ssl.keystore.password': format === 'PEM' ? '' : PASSWORD,
    ...(format === 'JKS' && { 'ssl.key.password': key.keyPassword }),
  }
}

type Properties = Readonly<Record<string, string>>
/** Way of connecting, and what makes it work; with a wrong credential, and the code that names it. */
type Row = readonly [
  name: string,
  right: () => Promise<Properties>,
  wrong: () => Promise<Properties>,
  code: ErrorCode,
]

const rows: readonly Row[] = [
  [
    'PLAINTEXT',
    () =>
      Promise.resolve({ 'bootstrap.servers': kafka.bootstrap.plaintext, 'security.protocol': 'PLAINTEXT' }),
    () => Promise.resolve({ 'bootstrap.servers': kafka.bootstrap.ssl, 'security.protocol': 'PLAINTEXT' }),
    'KAFKA_TLS_NEEDED',
  ],
  ...formats.map((format): Row => {
    const ssl = async (...authorities: string[]): Promise<Properties> => ({
      ...(await trust(format, ...authorities)),
      'bootstrap.servers': kafka.bootstrap.ssl,
    })
    const right = (): Promise<Properties> => ssl(kafka.foreignCa, kafka.ca)
    return [`SSL with ${format}`, right, () => ssl(kafka.foreignCa), 'KAFKA_TLS_UNKNOWN_CA']
  }),
  ...formats.map((format): Row => {
    const mtls = async (of: StoreIdentity): Promise<Properties> => ({
      ...(await identity(format, of)),
      ...{ 'ssl.truststore': kafka.ca, 'bootstrap.servers': kafka.bootstrap.mtls },
    })
    const wrong = (): Promise<Properties> => mtls({ key: foreigner.key, chain: [foreigner.cert] })
    return [`mTLS with ${format}`, () => mtls(kafka.chained), wrong, 'KAFKA_TLS_CLIENT_CERTIFICATE']
  }),
  ...saslNames.map((name): Row => {
    const right = (): Promise<Properties> => Promise.resolve(secured.sasl[name])
    const wrong = (): Promise<Properties> =>
      Promise.resolve({ ...secured.sasl[name], ...secured.wrong[name] })
    return [name, right, wrong, name === 'GSSAPI' ? 'KAFKA_KERBEROS_KEYTAB' : 'KAFKA_AUTHENTICATION']
  }),
]

/** Every byte there is, and what is no UTF-8 in any order. */
const BYTES = Buffer.from([...Array.from({ length: 256 }, (_, byte) => byte), 0xc3, 0x28, 0, 0xff, 0xfe])
const HEADERS = [
  ...[
    ['h', 'first'],
    ['other', 'Grüße'],
    ['h', 'second'],
    ['empty', ''],
  ],
  ...[['h', 'first']],
] as const satisfies readonly (readonly [string, string])[]

describe('every way of connecting', () => {
  it.each(rows)('%s delivers', async (name, right) => {
    const record = { key: `ключ of ${name}`, headers: HEADERS, value: BYTES }
    expect((await send(await right(), 'matrix', BYTES, record)).failure).toBeUndefined()
  })

  it('brings to a Java consumer the same bytes, keys and headers in order', async () => {
    const read = await javaConsoleAll(kafka, access(kafka, 'PLAINTEXT'), 'matrix', rows.length)
    expect(read.map(({ key }) => key).sort()).toEqual(rows.map(([name]) => `ключ of ${name}`).sort())
    for (const { value, headers } of read) {
      expect(value).toEqual(BYTES)
      expect(headers).toEqual(HEADERS)
    }
  })

  it.each(rows)(
    '%s with a wrong credential ends with a code within ten seconds',
    async (_name, _right, wrong, code) => {
      const properties = await wrong()
      const begun = performance.now()
      const { failure, faults } = await send(properties, 'matrix', BYTES)
      expect(failure).toMatchObject({ code, class: 'rule' })
      expect(performance.now() - begun).toBeLessThan(10_000)
      for (const secret of [...secured.secrets, PASSWORD])
        expect(JSON.stringify([failure, faults, delivery!.health()])).not.toContain(secret)
    },
  )
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
