import { createPrivateKey } from 'node:crypto'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { inspect } from 'node:util'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import {
  actionSpecs,
  awsPolicy,
  type DeliverPolicy,
  type KafkaTarget,
  resolveTarget,
  Secret,
} from '../../src/deliver/specs.ts'
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
      expect.objectContaining({ hint: 'sasl.plain.password' }),
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

  it('refuses GSSAPI by name', () => {
    const kerberos = Object.fromEntries(
      ['keytab', 'service.name', 'krb5.kdc', 'krb5.realm', 'principal'].map((name) => [
        `sasl.kerberos.${name}`,
        'x',
      ]),
    )
    expect(
      codes({ ...servers, 'security.protocol': 'SASL_SSL', 'sasl.mechanism': 'GSSAPI', ...kerberos }),
    ).toEqual(['KAFKA_NOT_DELIVERABLE clientProperties["sasl.mechanism"]'])
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
        { ...servers, 'ssl.truststore': encode(ca), 'ssl.keystore': encode(keystore) },
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
