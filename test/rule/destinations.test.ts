import { readFileSync } from 'node:fs'
import { rootCertificates } from 'node:tls'
import { describe, expect, it } from 'vitest'
import { type DestinationRules, EgressPolicy } from '../../src/deliver/specs.ts'
import { type Diagnostic } from '../../src/errors.ts'
import {
  compileRule,
  type CompiledAction,
  type CompileOptions,
  type CompiledRule,
} from '../../src/rule/index.ts'

/** The ARN of the example in the AWS documentation. */
const ARN = 'arn:aws:iot:region:123456789012:ruledestination/vpc/VPCDestinationARN'
const seed: unknown = JSON.parse(readFileSync(new URL('aws-kafka-example.json', import.meta.url), 'utf8'))
type KafkaAction = Extract<CompiledAction, { kind: 'kafka' }>

const services = new Set(['get_secret'])

function binding(rules: DestinationRules, arn = ARN): CompileOptions {
  const destinations = new Map([[arn, new EgressPolicy(rules)]])
  return { name: 'r', services, extensions: ['PLAINTEXT'], destinations }
}

function plain(servers: string, destinationArn: string | undefined = ARN): unknown {
  const clientProperties = { 'bootstrap.servers': servers, 'security.protocol': 'PLAINTEXT', acks: 'all' }
  const kafka = { topic: 't', clientProperties, ...(destinationArn !== '' && { destinationArn }) }
  return { sql: "SELECT * FROM 't'", awsIotSqlVersion: '2016-03-23', actions: [{ kafka }] }
}

function faults(document: unknown, options: CompileOptions): readonly Diagnostic[] {
  const result = compileRule(document, options)
  return result.ok ? [] : result.diagnostics.filter(({ severity }) => severity === 'error')
}

function compiled(document: unknown, options: CompileOptions): CompiledRule {
  const result = compileRule(document, options)
  if (!result.ok) throw new Error(JSON.stringify(result.diagnostics))
  return result.rule
}

function targetOf(document: unknown, options: CompileOptions): KafkaAction['target'] {
  const [action] = compiled(document, options).actions
  if (action?.kind !== 'kafka') throw new Error('no Kafka action')
  return action.target
}

describe('the example of the AWS documentation', () => {
  it('loads, unchanged, where the configuration binds its ARN to a policy', () => {
    const rule = compiled(seed, binding({ hosts: ['kafka.com'], ports: [9092] }))
    expect(rule).toMatchObject({ deliverable: true, actions: [{ destinationArn: ARN }] })
  })

  it('loads where the configuration binds nothing', () => {
    expect(compiled(seed, { name: 'r', services }).deliverable).toBe(true)
  })

  it.each([
    [{ hosts: ['*.kafka.com'] }, 'hosts', 'the host kafka.com is not among *.kafka.com'],
    [{ ports: [9093, '9096-9098'] }, 'ports', 'the port 9092 is not among 9093, 9096-9098'],
  ])('is refused by %j, with what is forbidden by which key', (rules, key, reason) => {
    expect(faults(seed, binding(rules))).toEqual([
      {
        code: 'KAFKA_DESTINATION_FORBIDS',
        severity: 'error',
        path: 'topicRulePayload.actions[0].kafka.clientProperties["bootstrap.servers"]',
        message: `bootstrap.servers names kafka.com:9092, which destinations.${ARN}.${key} in the configuration does not let it reach: ${reason}.`,
      },
    ])
  })

  it('is refused where its destination is disabled', () => {
    expect(faults(seed, binding({ enabled: false }))).toMatchObject([
      { code: 'KAFKA_DESTINATION_DISABLED', path: 'topicRulePayload.actions[0].kafka.destinationArn' },
    ])
  })

  it('is refused where others are bound, with the nearest of them', () => {
    const found = faults(seed, binding({}, ARN.replace('VPCDestinationARN', 'VPCDestinationArm')))
    expect(found).toMatchObject([
      { code: 'KAFKA_DESTINATION_UNKNOWN', path: 'topicRulePayload.actions[0].kafka.destinationArn' },
    ])
    expect(found[0]!.hint).toBe(`Did you mean ${ARN.replace('VPCDestinationARN', 'VPCDestinationArm')}?`)
  })
})

describe('a Kafka action', () => {
  it('must name a destination where the configuration binds some', () => {
    expect(faults(plain('10.0.0.1:9092', ''), binding({}))).toMatchObject([
      { code: 'KAFKA_DESTINATION_UNKNOWN', hint: `It binds ${ARN}.` },
    ])
  })

  it.each(['169.254.169.254:80', '0xa9fea9fe:80', '[fe80::1]:9092', '10.0.0.1:9092,100.100.100.200:80'])(
    'with %s is refused by default',
    (servers) => {
      const found = faults(plain(servers), { name: 'r', extensions: ['PLAINTEXT'] })
      expect(found).toMatchObject([{ code: 'KAFKA_DESTINATION_FORBIDS' }])
      expect(found[0]!.message).toContain('which the default policy does not let it reach')
    },
  )

  it('trusts the authorities of its destination where it has no truststore', () => {
    const document = JSON.parse(JSON.stringify(plain('kafka:9093')).replace('PLAINTEXT', 'SSL')) as unknown
    const options = { ...binding({ ca: rootCertificates[0]! }), extensions: ['SSL_WITHOUT_KEYSTORE'] }
    const target = targetOf(document, options)
    expect('settings' in target && target.settings.get('ssl.truststore')).toContain('BEGIN CERTIFICATE')
  })

  it('of one rule shares its producer with that of another under equal policies alone', () => {
    const identity = (document: unknown, rules: DestinationRules): string =>
      targetOf(document, binding(rules)).identity
    for (const document of [plain('kafka.com:9092'), seed]) {
      expect(identity(document, { ports: [9092] })).toBe(identity(document, { ports: [9092] }))
      expect(identity(document, { ports: [9092] })).not.toBe(identity(document, { ports: ['9092-9093'] }))
      expect(identity(document, {})).not.toBe(identity(document, { ports: [9092] }))
    }
  })
})
