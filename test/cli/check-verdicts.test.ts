import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { run } from './run.ts'

const directory = mkdtempSync(join(tmpdir(), 'topicrule-verdicts-'))
afterAll(() => rmSync(directory, { recursive: true }))

const roleArn = 'arn:aws:iam::123456789012:role/r'
const ARN = 'arn:aws:iot:eu-west-1:123456789012:ruledestination/vpc/one'
const clientProperties = {
  ...{ 'bootstrap.servers': 'kafka.example.com:9092', 'security.protocol': 'SASL_SSL', acks: 'all' },
  ...{ 'sasl.mechanism': 'PLAIN', 'sasl.plain.username': 'u', 'sasl.plain.password': 'p' },
}
const kafka = { destinationArn: ARN, topic: 't', clientProperties }

function file(name: string, content: unknown): string {
  const path = join(directory, name)
  writeFileSync(path, typeof content === 'string' ? content : JSON.stringify(content))
  return path
}

function rule(sql: string, action: unknown = { kafka }): string {
  return file('rule.json', { sql, awsIotSqlVersion: '2016-03-23', actions: [action] })
}

async function verdict(...args: string[]): Promise<unknown[]> {
  const { code, stdout } = await run('check', '--format', 'json', ...args)
  const [entry] = JSON.parse(stdout) as {
    accepted: boolean
    deliverable: boolean
    diagnostics: { code: string; severity: string }[]
  }[]
  const found = entry!.diagnostics.map((each) => `${each.severity} ${each.code}`)
  return [code, entry!.accepted, entry!.deliverable, ...found]
}

describe('check without a configuration', () => {
  it('accepts what AWS takes and this product has no service for, and marks it', async () => {
    const marked = [0, true, false, 'warning SQL_FUNCTION_UNAVAILABLE']
    const call = `get_thing_shadow('t', '${roleArn}').state.reported.on`
    expect(await verdict(rule(`SELECT * FROM 'a' WHERE ${call} = true`))).toEqual(marked)
    expect(await verdict(rule("SELECT * FROM 'a'", { kafka: { ...kafka, key: `\${${call}}` } }))).toEqual(
      marked,
    )
    const sql = "SELECT decode(encode(*, 'base64'), 'proto', 'b', 'k.desc', 'f', 'M') AS d FROM 'a'"
    expect(await verdict(rule(sql))).toEqual(marked)
  })

  it('refuses a destination that AWS would refuse', async () => {
    const { destinationArn: _left, ...without } = kafka
    const omitted = [1, false, true, 'error KAFKA_DESTINATION_OMITTED']
    expect(await verdict(rule("SELECT * FROM 'a'", { kafka: without }))).toEqual(omitted)
    for (const destinationArn of ['cluster', '${arn}', roleArn]) {
      const document = rule("SELECT * FROM 'a'", { kafka: { ...kafka, destinationArn } })
      expect(await verdict(document)).toEqual([1, false, true, 'error KAFKA_DESTINATION_ARN'])
    }
  })
})

describe('check with a configuration', () => {
  it('decides as the server does: it needs the service, and no destination', async () => {
    const config = file('config.json', {})
    const call = `get_thing_shadow('t', '${roleArn}').state.reported.on`
    const refused = [1, false, false, 'error SQL_FUNCTION_UNAVAILABLE']
    expect(await verdict('--config', config, rule(`SELECT * FROM 'a' WHERE ${call} = true`))).toEqual(refused)
    const local = rule("SELECT * FROM 'a'", { kafka: { topic: 't', clientProperties } })
    const taken = [0, true, true, 'warning KAFKA_DESTINATION_OMITTED']
    expect(await verdict('--config', config, local)).toEqual(taken)
  })
})

describe('check of a template', () => {
  it('takes scalars as CloudFormation does, in actions that are not run here too', async () => {
    const template = `Resources:
  R:
    Type: AWS::IoT::TopicRule
    Properties:
      TopicRulePayload:
        Sql: SELECT * FROM 'a'
        AwsIotSqlVersion: '2016-03-23'
        RuleDisabled: 'false'
        Actions:
          - Sqs: {RoleArn: r, QueueUrl: u, UseBase64: 'true'}
          - CloudwatchMetric: {RoleArn: r, MetricNamespace: n, MetricName: m, MetricValue: 1, MetricUnit: Count}
          - Http: {Url: 'https://x', BatchConfig: {MaxBatchSize: '5'}, Auth: {Sigv4: {RoleArn: r, ServiceName: s, SigningRegion: g}}}
          - Timestream: {RoleArn: r, DatabaseName: d, TableName: t, Dimensions: [{Name: n, Value: 7}], Timestamp: {Unit: MILLISECONDS, Value: 1}}
          - DynamoDBv2: {RoleArn: r, PutItem: {TableName: t}}
          - S3: {RoleArn: r, BucketName: !Ref B, Key: '\${topic()}', CannedAcl: !Ref A}
`
    const [code, accepted, deliverable, ...found] = await verdict(file('template.yaml', template))
    expect([code, accepted, deliverable]).toEqual([0, true, false])
    expect(found.filter((each) => String(each).startsWith('error'))).toEqual([])
    const faulty = template.replace("'true'", 'maybe')
    expect(await verdict(file('template.yaml', faulty))).toContain('error RULE_FIELD_INVALID')
  })
})
