import { createPrivateKey } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { inspect } from 'node:util'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import {
  actionSpecs,
  awsPolicy,
  clientProperties,
  type DeliverPolicy,
  type KafkaTarget,
  resolveTarget,
  Secret,
} from '../../src/deliver/specs.ts'
import { createNative } from '../../src/deliver/kafka/native.ts'
import { toLibrdkafka } from '../../src/deliver/kafka/to-librdkafka.ts'
import { type Certificate, makeAuthority } from '../helpers/tls.ts'

let directory: string
let ca: string
let client: Certificate
let other: Certificate
beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'topicrule-properties-'))
  const authority = await makeAuthority(directory)
  ca = authority.ca
  client = await authority.issue('client', 'client')
  other = await authority.issue('other', 'other')
})
afterAll(() => rm(directory, { recursive: true, force: true }))

const servers = { 'bootstrap.servers': 'kafka.example.com:9093' }
const open: DeliverPolicy = {
  ...awsPolicy,
  extensions: ['PLAINTEXT', 'SASL_PLAINTEXT', 'SCRAM-SHA-256', 'SSL_WITHOUT_KEYSTORE'],
}
const plain = {
  'sasl.mechanism': 'PLAIN',
  'sasl.plain.username': 'u',
  'sasl.plain.password': 'hunter2secret',
}

function codes(properties: Record<string, string>, policy = awsPolicy): string[] {
  const result = resolveTarget(properties, policy)
  return (result.ok ? result.warnings : result.diagnostics).map(({ code, path }) => `${code} ${path}`)
}

function resolved(properties: Record<string, string>, policy = open): KafkaTarget {
  const result = resolveTarget(properties, policy)
  if (!result.ok) throw new Error(JSON.stringify(result.diagnostics))
  return result.target
}

describe('client properties', () => {
  it('reports every fault at once, with its path', () => {
    expect(
      codes({
        acks: '2',
        'compression.typ': 'gzip',
        'security.protocol': 'SASL_SSL',
        'sasl.mechanism': 'SCRAM-SHA-512',
      }),
    ).toEqual([
      'KAFKA_PROPERTY_VALUE clientProperties["acks"]',
      'KAFKA_PROPERTY_UNKNOWN clientProperties["compression.typ"]',
      'KAFKA_PROPERTY_REQUIRED clientProperties["bootstrap.servers"]',
      'KAFKA_PROPERTY_REQUIRED clientProperties["sasl.scram.username"]',
      'KAFKA_PROPERTY_REQUIRED clientProperties["sasl.scram.password"]',
    ])
  })

  it('suggests the nearest name for an unknown property', () => {
    const result = resolveTarget({ 'sasl.plain.pasword': 'x' }, awsPolicy)
    expect(result.ok ? [] : result.diagnostics).toContainEqual(
      expect.objectContaining({ hint: 'Did you mean "sasl.plain.password"?' }),
    )
  })

  it.each([
    ['host:0', false],
    ['host:65536', false],
    ['host', false],
    ['http://host:9092', false],
    ['a:1,', false],
    ['a:1,b:2', true],
    ['a:1, b:2', true],
    ['[::1]:9092', true],
    ['10.0.0.1:65535', true],
  ])('reads bootstrap.servers "%s": %s', (value, valid) => {
    expect(resolveTarget({ 'bootstrap.servers': value, 'security.protocol': 'PLAINTEXT' }, open).ok).toBe(
      valid,
    )
  })

  it('refuses plain listeners and SCRAM-SHA-256 unless the operator allows them', () => {
    const clear = { ...servers, 'security.protocol': 'PLAINTEXT' }
    expect(codes(clear)).toEqual(['KAFKA_EXTENSION_NOT_ALLOWED clientProperties["security.protocol"]'])
    expect(codes(clear, open)).toEqual([])
    const scram = {
      ...servers,
      'security.protocol': 'SASL_SSL',
      'sasl.mechanism': 'SCRAM-SHA-256',
      'sasl.scram.username': 'u',
      'sasl.scram.password': 'p',
    }
    expect(codes(scram)).toEqual(['KAFKA_EXTENSION_NOT_ALLOWED clientProperties["sasl.mechanism"]'])
    expect(codes(scram, open)).toEqual([])
  })

  it('requires ssl.keystore with SSL as AWS does, and lets the operator lift that', () => {
    expect(codes(servers)).toEqual(['KAFKA_PROPERTY_REQUIRED clientProperties["ssl.keystore"]'])
    expect(codes(servers, open)).toEqual([])
  })

  it('takes GSSAPI with a keytab of its principal, and names that cannot be read as anything else', () => {
    const kerberos = {
      ...{ 'security.protocol': 'SASL_SSL', 'sasl.mechanism': 'GSSAPI' },
      'sasl.kerberos.service.name': 'kafka',
      'sasl.kerberos.krb5.kdc': 'kdc.example',
      'sasl.kerberos.krb5.realm': 'REALM',
      'sasl.kerberos.principal': 'alice@REALM',
      // A key of alice@REALM.
      'sasl.kerberos.keytab': 'BQIAAAAtAAEABVJFQUxNAAVhbGljZQAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA',
    }
    expect(codes({ ...servers, ...kerberos })).toEqual([])
    for (const keytab of ['x', '${x}'])
      expect(codes({ ...servers, ...kerberos, 'sasl.kerberos.keytab': keytab })).toEqual([
        'KAFKA_KEYTAB_INVALID clientProperties["sasl.kerberos.keytab"]',
      ])
    expect(codes({ ...servers, ...kerberos, 'sasl.kerberos.krb5.realm': 'A }' })).toEqual([
      'KAFKA_PROPERTY_VALUE clientProperties["sasl.kerberos.krb5.realm"]',
    ])
  })

  it('requires the password of a keystore, which may be empty, as AWS does', () => {
    const keystore = { ...servers, 'ssl.keystore': client.cert + client.key }
    expect(codes(keystore)).toEqual(['KAFKA_PROPERTY_REQUIRED clientProperties["ssl.keystore.password"]'])
    expect(codes({ ...keystore, 'ssl.keystore.password': '' })).toEqual([])
  })

  it('presents a client certificate with SASL_SSL too, as the Java client does', () => {
    const keystore = { 'ssl.keystore': client.cert + client.key, 'ssl.keystore.password': '' }
    const result = resolveTarget(
      { ...servers, ...plain, ...keystore, 'security.protocol': 'SASL_SSL' },
      awsPolicy,
    )
    expect(result.ok && result.warnings).toEqual([])
    expect(result.ok && toLibrdkafka(result.target).global['ssl.key.pem']).toContain('PRIVATE KEY')
  })

  it.each([
    ['SSL.Truststore', 'ssl.truststore'],
    ['bootstrap.server', 'bootstrap.servers'],
    ['BOOTSTRAP.SERVERS', 'bootstrap.servers'],
    ['sasl.machanism', 'sasl.mechanism'],
    ['ssl.truststore.location', 'give the store itself in ssl.truststore'],
    ['sasl.jaas.config', 'sasl.scram'],
    ['transactional.id', 'transactions are not used'],
  ])('refuses %s by name and says %s', (name, said) => {
    const result = resolveTarget({ ...servers, [name]: 'x' }, open)
    const told = (result.ok ? [] : result.diagnostics)
      .filter(({ code }) => code === 'KAFKA_PROPERTY_UNKNOWN')
      .map(({ message, hint = '' }) => `${message} ${hint}`)
    expect(told).toEqual([expect.stringContaining(said)])
  })

  it('warns of properties without effect', () => {
    const result = resolveTarget({ ...servers, 'security.protocol': 'PLAINTEXT', ...plain }, open)
    expect(result.ok && result.warnings.map(({ code }) => code)).toEqual(
      Array(3).fill('KAFKA_PROPERTY_UNUSED'),
    )
  })

  it('never shows a secret: not in faults, not in a target printed any way', () => {
    const faulty = resolveTarget(
      {
        ...servers,
        ...plain,
        'security.protocol': 'SASL_SSL',
        'sasl.plain.password': 'hunter2secret\0',
        acks: '9',
      },
      awsPolicy,
    )
    expect(faulty.ok).toBe(false)
    expect(JSON.stringify(faulty)).not.toContain('hunter2secret')
    const target = resolved({ ...servers, ...plain, 'security.protocol': 'SASL_SSL' })
    for (const shown of [
      inspect(target, { depth: 9 }),
      JSON.stringify([...target.settings]),
      target.identity,
    ]) {
      expect(shown).not.toContain('hunter2secret')
    }
    expect(String(new Secret('x'))).toBe('[secret]')
  })

  it('gives equal targets one identity and different secrets two', () => {
    const one = { ...servers, 'security.protocol': 'SASL_SSL', ...plain }
    const reordered = Object.fromEntries(Object.entries(one).reverse())
    expect(resolved(one).identity).toBe(resolved({ ...reordered, acks: '1' }).identity)
    expect(resolved(one).identity).not.toBe(resolved({ ...one, 'sasl.plain.password': 'other' }).identity)
  })
})

describe('stores', () => {
  it('takes PEM, and PEM in base64, for both stores', () => {
    const keystore = client.cert + client.key
    for (const encode of [(text: string) => text, (text: string) => Buffer.from(text).toString('base64')]) {
      const target = resolved(
        {
          ...{ ...servers, 'ssl.truststore': encode(ca) },
          ...{ 'ssl.keystore': encode(keystore), 'ssl.keystore.password': '' },
        },
        awsPolicy,
      )
      const { global } = toLibrdkafka(target)
      expect(global['ssl.ca.pem']).toContain('BEGIN CERTIFICATE')
      expect(global['ssl.key.pem']).toContain('BEGIN PRIVATE KEY')
      expect(global['ssl.certificate.pem']).not.toContain('PRIVATE KEY')
    }
  })

  it('names the property that is to blame for a store, each with its own code', () => {
    expect(
      codes({
        ...servers,
        'ssl.truststore': 'no store at all',
        'ssl.keystore': client.cert + other.key,
        'ssl.keystore.password': '',
      }),
    ).toEqual([
      'KAFKA_STORE_FORMAT clientProperties["ssl.truststore"]',
      'KAFKA_STORE_KEY_MISMATCH clientProperties["ssl.keystore"]',
    ])
    const encrypted = createPrivateKey(client.key).export({
      ...{ type: 'pkcs8', format: 'pem', cipher: 'aes-256-cbc', passphrase: 'right' },
    })
    const keystore = { ...servers, 'ssl.keystore': `${client.cert}${encrypted.toString()}` }
    expect(codes({ ...keystore, 'ssl.keystore.password': 'wrong' })).toEqual([
      'KAFKA_STORE_PASSWORD clientProperties["ssl.keystore.password"]',
    ])
    expect(codes({ ...keystore, 'ssl.keystore.password': '', 'ssl.key.password': 'wrong' })).toEqual([
      'KAFKA_STORE_PASSWORD clientProperties["ssl.key.password"]',
    ])
    expect(codes({ ...keystore, 'ssl.keystore.password': '', 'ssl.key.password': 'right' })).toEqual([])
  })

  it('drops the passwords of stores once the stores are open', () => {
    const keystore = client.cert + client.key
    const target = resolved(
      { ...servers, 'ssl.keystore': keystore, 'ssl.keystore.password': 'spent' },
      awsPolicy,
    )
    expect([...target.settings.keys()].filter((name) => name.includes('password'))).toEqual([])
  })

  it('refuses a store over 65 KB', () => {
    expect(codes({ ...servers, 'ssl.truststore': ca + ' '.repeat(65 * 1024) }, open)).toEqual([
      'KAFKA_STORE_TOO_LARGE clientProperties["ssl.truststore"]',
    ])
  })
})

describe('translation to librdkafka', () => {
  it('keeps certificate and host name checks on, retries for ever and partitions as the Java client', () => {
    const { global, topic } = toLibrdkafka(resolved({ ...servers, acks: 'all', 'compression.type': 'zstd' }))
    expect(global).toMatchObject({
      'bootstrap.servers': 'kafka.example.com:9093',
      'security.protocol': 'SSL',
      'compression.codec': 'zstd',
      'enable.ssl.certificate.verification': true,
      'ssl.endpoint.identification.algorithm': 'https',
      'enable.idempotence': true,
      'broker.address.family': 'any',
    })
    expect(topic).toEqual({ acks: -1, 'message.timeout.ms': 0, partitioner: 'murmur2_random' })
  })

  it('turns idempotence off where acks do not allow it, and takes the operator’s acks where none are given', () => {
    expect(toLibrdkafka(resolved(servers)).global).toMatchObject({ 'enable.idempotence': false })
    const strict = resolved(servers, { ...open, acksWhenOmitted: 'all' })
    expect(toLibrdkafka(strict).topic).toMatchObject({ acks: -1 })
  })
})

describe('client properties beyond AWS', () => {
  const clear = { ...servers, 'security.protocol': 'PLAINTEXT' }
  const tuned: DeliverPolicy = { ...open, extensions: [...open.extensions, 'CLIENT_TUNING'] }
  const ranges = clientProperties.filter(({ range }) => range !== undefined)

  it('work only where the operator allows them', () => {
    for (const { name, extension } of clientProperties.filter((spec) => spec.extension !== undefined)) {
      expect(codes({ ...clear, [name]: '5000' }, open), name).toContain(
        `KAFKA_EXTENSION_NOT_ALLOWED clientProperties["${name}"]`,
      )
      const allowed = { ...open, extensions: [...open.extensions, extension!] }
      expect(codes({ ...clear, [name]: '5000' }, allowed).join(), name).not.toContain('NOT_ALLOWED')
    }
  })

  it('are taken by librdkafka at both of their bounds, and refused beyond', () => {
    expect(ranges.length).toBeGreaterThan(4)
    for (const { name, range } of ranges) {
      for (const value of range!) {
        const timeout: Record<string, string> =
          name === 'delivery.timeout.ms' ? { 'request.timeout.ms': '1000' } : {}
        const { global, topic } = toLibrdkafka(resolved({ ...clear, ...timeout, [name]: `${value}` }, tuned))
        expect(() => createNative(global, topic), `${name} ${value}`).not.toThrow()
      }
      for (const value of [`${range![0] - 1}`, `${range![1] + 1}`, '1.5', 'x', '', '1e3']) {
        const result = resolveTarget({ ...clear, [name]: value }, tuned)
        expect(result.ok ? '' : result.diagnostics[0]!.message, name).toContain(
          `${name} is ${JSON.stringify(value)}; it must be a whole number from ${range![0]} to ${range![1]}`,
        )
      }
    }
  })

  it('reach librdkafka in the configuration that reads them', () => {
    const { global, topic } = toLibrdkafka(
      resolved(
        {
          ...{ ...clear, 'linger.ms': '20', 'batch.size': '1000000', 'client.id': 'gate 7' },
          ...{ 'request.timeout.ms': '5000', 'delivery.timeout.ms': '6000', 'max.request.size': '2000' },
          ...{ acks: 'all', 'enable.idempotence': 'false' },
        },
        tuned,
      ),
    )
    expect(global).toMatchObject({
      ...{ 'linger.ms': '20', 'batch.size': '1000000', 'client.id': 'gate 7', 'socket.timeout.ms': '5000' },
      ...{ 'message.max.bytes': '2000', 'enable.idempotence': 'false' },
    })
    expect(topic).toMatchObject({ 'message.timeout.ms': '6000', 'request.timeout.ms': '5000', acks: -1 })
  })

  it('are refused where they contradict each other', () => {
    const conflicts = (properties: Record<string, string>): string[] =>
      codes({ ...clear, ...properties }, tuned)
    expect(conflicts({ 'delivery.timeout.ms': '5000' })).toEqual([
      'KAFKA_PROPERTY_CONFLICT clientProperties["delivery.timeout.ms"]',
    ])
    expect(
      conflicts({ 'delivery.timeout.ms': '5000', 'request.timeout.ms': '4000', 'linger.ms': '1000' }),
    ).toEqual([])
    expect(conflicts({ 'enable.idempotence': 'true' })).toEqual([
      'KAFKA_PROPERTY_CONFLICT clientProperties["enable.idempotence"]',
    ])
    expect(conflicts({ 'enable.idempotence': 'true', acks: '-1' })).toEqual([])
    expect(conflicts({ 'client.id': 'line\nbreak' })).toEqual([
      'KAFKA_PROPERTY_VALUE clientProperties["client.id"]',
    ])
  })
})

describe('OAUTHBEARER', () => {
  const bearer: DeliverPolicy = { ...awsPolicy, extensions: ['OAUTHBEARER'] }
  const properties = {
    ...{ ...servers, 'security.protocol': 'SASL_SSL', 'sasl.mechanism': 'OAUTHBEARER' },
    'sasl.oauthbearer.token.endpoint.url': 'https://login.example.com/token',
    'sasl.oauthbearer.client.id': 'gateway',
    'sasl.oauthbearer.client.secret': 'hunter2secret',
  }

  it('needs its extension, and then its endpoint, client and secret', () => {
    expect(codes(properties)).toContain('KAFKA_EXTENSION_NOT_ALLOWED clientProperties["sasl.mechanism"]')
    expect(codes(properties, bearer)).toEqual([])
    expect(
      codes({ ...servers, 'security.protocol': 'SASL_SSL', 'sasl.mechanism': 'OAUTHBEARER' }, bearer),
    ).toEqual([
      'KAFKA_PROPERTY_REQUIRED clientProperties["sasl.oauthbearer.token.endpoint.url"]',
      'KAFKA_PROPERTY_REQUIRED clientProperties["sasl.oauthbearer.client.id"]',
      'KAFKA_PROPERTY_REQUIRED clientProperties["sasl.oauthbearer.client.secret"]',
    ])
  })

  it.each([
    'http://login.example.com/token',
    'login.example.com',
    'https://user:pw@login.example.com/',
    'file:///x',
  ])('takes no token endpoint %s', (url) => {
    expect(codes({ ...properties, 'sasl.oauthbearer.token.endpoint.url': url }, bearer)).toEqual([
      'KAFKA_PROPERTY_VALUE clientProperties["sasl.oauthbearer.token.endpoint.url"]',
    ])
  })

  it('escapes the scope, reads the authorities, and keeps the secret', () => {
    const more = { 'sasl.oauthbearer.scope': 'a b&c', 'sasl.oauthbearer.token.endpoint.truststore': ca }
    const target = resolved({ ...properties, ...more }, bearer)
    const { global } = toLibrdkafka(target)
    expect(global).toMatchObject({ 'sasl.oauthbearer.scope': 'a%20b%26c', 'sasl.oauthbearer.method': 'oidc' })
    expect(global['https.ca.pem']).toContain('BEGIN CERTIFICATE')
    expect(inspect(target, { depth: 9 })).not.toContain('hunter2secret')
    expect(
      codes({ ...properties, 'sasl.oauthbearer.token.endpoint.truststore': 'no store!' }, bearer),
    ).toEqual(['KAFKA_STORE_FORMAT clientProperties["sasl.oauthbearer.token.endpoint.truststore"]'])
  })
})

describe('the table of client properties', () => {
  it('names librdkafka properties that librdkafka takes', () => {
    const names = clientProperties.flatMap(({ librdkafka, becomes = [] }) =>
      [...becomes, librdkafka ?? []].flat(),
    )
    const accepted = new Set(['ssl.ca.pem', 'ssl.certificate.pem', 'ssl.key.pem'])
    const text = readFileSync(new URL('../../node_modules/node-rdkafka/config.d.ts', import.meta.url), 'utf8')
    for (const name of names) if (text.includes(`"${name}"`)) accepted.add(name)
    expect(names.filter((name) => !accepted.has(name))).toEqual([])
  })
})

describe('the Kafka action document', () => {
  const document = {
    topic: 'readings',
    clientProperties: { ...servers, acks: 'all' },
    destinationArn: 'arn:aws:iot:eu-west-1:1:ruledestination/vpc/x',
  }

  it('lists its templated fields, and which are rendered once per producer', () => {
    const full = {
      ...document,
      key: '${clientid()}',
      partition: '3',
      headers: [{ key: 'k', value: '${v}' }],
      clientProperties: { ...servers, 'ssl.keystore': "${get_secret('s', 'SecretBinary', 'r')}" },
    }
    expect(
      actionSpecs.kafka.templatedFields(full).map(({ path, renderedPer }) => `${path} ${renderedPer}`),
    ).toEqual([
      'topic message',
      'partition message',
      'key message',
      'headers[0].key message',
      'headers[0].value message',
      'clientProperties["ssl.keystore"] sender',
    ])
  })

  it('refuses constant fields that could never be produced, and templates where AWS has none', () => {
    const found = actionSpecs.kafka.check(
      { ...document, topic: 'a/b', partition: '-1', clientProperties: { ...servers, acks: '${acks}' } },
      open,
    )
    expect(found.map(({ code, path }) => `${code} ${path}`)).toEqual([
      'KAFKA_PROPERTY_TEMPLATED clientProperties["acks"]',
      'KAFKA_FIELD_INVALID topic',
      'KAFKA_FIELD_INVALID partition',
    ])
  })

  it('warns when acks is left out or a destination is missing', () => {
    const found = actionSpecs.kafka.check({ topic: 't', clientProperties: servers }, open)
    expect(found.map(({ code, severity }) => `${code} ${severity}`)).toEqual([
      'KAFKA_ACKS_OMITTED warning',
      'KAFKA_DESTINATION_OMITTED warning',
    ])
  })

  it('refuses fields that AWS does not have', () => {
    expect(actionSpecs.kafka.schema.safeParse({ ...document, topics: 'x' }).success).toBe(false)
    expect(actionSpecs.kafka.schema.safeParse({ ...document, headers: [] }).success).toBe(false)
    expect(actionSpecs.kafka.schema.safeParse(document).success).toBe(true)
  })
})
