import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { run } from './run.ts'

const directory = mkdtempSync(join(tmpdir(), 'topicrule-templates-'))
afterAll(() => rmSync(directory, { recursive: true }))

function file(name: string, text: string): string {
  const path = join(directory, name)
  mkdirSync(join(path, '..'), { recursive: true })
  writeFileSync(path, text)
  return path
}

interface Entry {
  readonly rule: string | null
  readonly accepted: boolean
  readonly deliverable: boolean
  readonly diagnostics: readonly {
    code: string
    severity: string
    path: string
    message: string
    line: number
    column: number
  }[]
}

async function checked(path: string): Promise<Entry[]> {
  return JSON.parse((await run('check', '--format', 'json', path)).stdout) as Entry[]
}

const template = `AWSTemplateFormatVersion: '2010-09-09'
Parameters:
  Prefix: {Type: String, Default: plant}
  Brokers: {Type: String}
Resources:
  Good:
    Type: AWS::IoT::TopicRule
    Properties:
      RuleName: !Sub '\${Prefix}_rule'
      TopicRulePayload:
        Sql: !Sub "SELECT *, topic(2) AS d FROM '\${Prefix}/+'"
        AwsIotSqlVersion: '2016-03-23'
        RuleDisabled: 'false'
        Actions:
          - Kafka:
              DestinationArn: !GetAtt Destination.Arn
              Topic: !Join ['-', [!Ref Prefix, readings]]
              Key: !Sub '\${!topic()}'
              Partition: 0
              ClientProperties:
                bootstrap.servers: !Ref Brokers
                security.protocol: SASL_SSL
                sasl.mechanism: SCRAM-SHA-512
                sasl.scram.username: u
                sasl.scram.password: p
                acks: all
              Headers:
                - {Key: k, Value: v}
  Faulty:
    Type: AWS::IoT::TopicRule
    Properties:
      TopicRulePayload:
        Sql: SELECT * FORM 'a'
        AwsIotSqlVersion: '2016-03-23'
        Actions:
          - Republish: {RoleArn: !Ref Role, Topic: 'a/\${b +}', Qos: '1'}
  Bucket:
    Type: AWS::S3::Bucket
`

describe('topicrule check on CloudFormation', () => {
  it('checks what is known, and says which fields are not', async () => {
    const [good] = await checked(file('good.yaml', template))
    expect(good).toMatchObject({ rule: 'plant_rule', accepted: true, deliverable: true })
    expect(good!.diagnostics.map(({ code, path, line }) => [code, path, line])).toEqual([
      [
        'RULE_FIELD_DEFERRED',
        'Resources.Good.Properties.TopicRulePayload.Actions[0].Kafka.DestinationArn',
        16,
      ],
      [
        'RULE_FIELD_DEFERRED',
        'Resources.Good.Properties.TopicRulePayload.Actions[0].Kafka.ClientProperties["bootstrap.servers"]',
        21,
      ],
    ])
  })

  it('places faults in the template', async () => {
    const [, faulty] = await checked(file('faulty.yaml', template))
    expect(faulty).toMatchObject({ rule: 'Faulty', accepted: false, deliverable: false })
    expect(faulty!.diagnostics).toMatchObject([
      {
        code: 'SQL_SYNTAX',
        path: 'Resources.Faulty.Properties.TopicRulePayload.Sql',
        line: 33,
        column: 9,
        sqlColumn: 10,
      },
      { code: 'RULE_FIELD_DEFERRED', path: expect.stringMatching(/RoleArn$/) as string, line: 36 },
      {
        code: expect.stringMatching(/^SQL_/) as string,
        path: expect.stringMatching(/Republish\.Topic$/) as string,
        line: 36,
      },
    ])
    const { stdout } = await run('check', join(directory, 'faulty.yaml'))
    expect(stdout).toContain("1:10 | SELECT * FORM 'a'\n")
  })

  it('takes flags, counts and texts of actions that are not run here as templates write them', async () => {
    const actions = `
          - Sqs: {RoleArn: r, QueueUrl: q, UseBase64: 'true'}
          - Firehose: {RoleArn: r, DeliveryStreamName: s, BatchMode: !Ref Batch}
          - CloudwatchMetric: {RoleArn: r, MetricName: m, MetricNamespace: n, MetricUnit: None, MetricValue: 1}
          - Http: {Url: 'https://example.com', BatchConfig: {MaxBatchSize: '5'}}
          - Sqs: {RoleArn: r, QueueUrl: q, UseBase64: perhaps}`
    const block = `Resources:
  R:
    Type: AWS::IoT::TopicRule
    Properties:
      TopicRulePayload:
        Sql: SELECT * FROM 'a'
        AwsIotSqlVersion: '2016-03-23'
        Actions:${actions}
`
    const [entry] = await checked(file('others.yaml', block))
    const errors = entry!.diagnostics.filter(({ severity }) => severity === 'error')
    expect(errors.map(({ path }) => path)).toEqual([
      'Resources.R.Properties.TopicRulePayload.Actions[4].Sqs.UseBase64',
    ])
  })

  it('reads templates in JSON, with the long names of functions', async () => {
    const json = {
      Resources: {
        R: {
          Type: 'AWS::IoT::TopicRule',
          Properties: {
            TopicRulePayload: {
              Sql: { 'Fn::Sub': ["SELECT * FROM '\${T}/\${AWS::Region}'", { T: { Ref: 'Absent' } }] },
              Actions: [
                { S3: { BucketName: { Ref: 'B' }, Key: '\${topic()}', RoleArn: 'arn:aws:iam::1:role/r' } },
              ],
              Description: { Ref: 'AWS::NoValue' },
            },
          },
        },
      },
    }
    const [entry] = await checked(file('json.template', JSON.stringify(json, undefined, 2)))
    expect(entry).toMatchObject({ rule: 'R', accepted: true, deliverable: false })
    expect(entry!.diagnostics.map(({ code }) => code)).toEqual([
      'RULE_VERSION_OMITTED',
      'RULE_FIELD_DEFERRED',
      'RULE_ACTION_NOT_DELIVERABLE',
      'RULE_FIELD_DEFERRED',
    ])
    expect(entry!.diagnostics[1]!.message).toContain(
      'is checked with stand-ins: Absent has its value when it is deployed',
    )
  })

  it('names a misspelt property as the template has it', async () => {
    const text = template.replace('AwsIotSqlVersion:', 'AwsIotSqlVersio:')
    const [entry] = await checked(file('typo.yaml', text))
    expect(entry!.diagnostics).toContainEqual(
      expect.objectContaining({
        code: 'RULE_FIELD_UNKNOWN',
        line: 12,
        message: 'There is no field Resources.Good.Properties.TopicRulePayload.AwsIotSqlVersio.',
      }),
    )
  })

  it('reads the events of SAM functions', async () => {
    const sam = `Transform: AWS::Serverless-2016-10-31
Resources:
  Handler:
    Type: AWS::Serverless::Function
    Properties:
      Events:
        Reading: {Type: IoTRule, Properties: {Sql: "SELECT * FROM 'a' WHERE b ==  1", AwsIotSqlVersion: '2016-03-23'}}
        Other: {Type: Api, Properties: {Path: /}}
`
    const [entry, ...others] = await checked(file('sam.yml', sam))
    expect(others).toEqual([])
    expect(entry).toMatchObject({ rule: 'HandlerReading', accepted: false, diagnostics: [{ line: 7 }, {}] })
  })

  it('survives aliases that multiply, and functions that refer to each other without end', async () => {
    const bomb = `a: &a [x, x, x, x, x, x, x, x, x, x]
b: &b [*a, *a, *a, *a, *a, *a, *a, *a, *a, *a]
c: &c [*b, *b, *b, *b, *b, *b, *b, *b, *b, *b]
d: &d [*c, *c, *c, *c, *c, *c, *c, *c, *c, *c]
e: &e [*d, *d, *d, *d, *d, *d, *d, *d, *d, *d]
f: &f [*e, *e, *e, *e, *e, *e, *e, *e, *e, *e]
Resources: {R: {Type: AWS::IoT::TopicRule, Properties: {TopicRulePayload: {Sql: *f}}}}
`
    expect(await checked(file('bomb.yaml', bomb))).toMatchObject([
      { accepted: false, diagnostics: [{ code: 'STORE_UNREADABLE' }] },
    ])
    const loop = 'Resources: {R: &r {Type: AWS::IoT::TopicRule, Properties: *r}}'
    expect(await checked(file('loop.yaml', loop))).toMatchObject([{ accepted: false }])
  })
})

describe('topicrule check on Terraform', () => {
  const values = {
    name: 'tf_rule',
    enabled: true,
    sql: "SELECT * FROM 'a/b'",
    sql_version: '2016-03-23',
    description: '',
    kafka: [
      {
        destination_arn: null,
        topic: 'readings',
        key: null,
        partition: '',
        client_properties: {
          'bootstrap.servers': 'k:9094',
          'security.protocol': 'SSL',
          'compression.type': 'zip',
          acks: 'all',
        },
        header: [{ key: 'a', value: '${b}' }],
      },
    ],
    s3: [],
    dynamodbv2: [{ role_arn: 'arn', put_item: [{ table_name: 't' }] }],
    error_action: [{ republish: [{ role_arn: 'arn', topic: 'x', qos: 1 }], kafka: [] }],
    tags: null,
  }
  const resource = {
    address: 'module.m.aws_iot_topic_rule.r',
    mode: 'managed',
    type: 'aws_iot_topic_rule',
    name: 'r',
    values,
  }
  const plan = {
    format_version: '1.2',
    planned_values: {
      root_module: {
        resources: [{ type: 'aws_s3_bucket', values: {} }],
        child_modules: [{ resources: [resource] }],
      },
    },
    resource_changes: [
      {
        address: resource.address,
        change: { after_unknown: { id: true, kafka: [{ destination_arn: true }] } },
      },
    ],
  }

  it('checks the rules of every module, and says what is known only when the plan is applied', async () => {
    const [entry] = await checked(file('plan.json', JSON.stringify(plan, undefined, 1)))
    expect(entry).toMatchObject({ rule: 'tf_rule', accepted: false, deliverable: false })
    const found = entry!.diagnostics.map(({ code, path }) => [code, path.replace(/^.*\.values\./, '')])
    expect(found).toContainEqual(['RULE_FIELD_DEFERRED', 'kafka[0].destination_arn'])
    expect(found).toContainEqual(['KAFKA_PROPERTY_VALUE', 'kafka[0].client_properties["compression.type"]'])
    expect(found).toContainEqual(['RULE_ACTION_NOT_DELIVERABLE', 'dynamodbv2[0]'])
    const places = entry!.diagnostics.map(({ line, column }) => [typeof line, typeof column])
    expect(new Set(places.flat())).toEqual(new Set(['number']))
  })

  it('reads a state as well', async () => {
    const state = {
      values: { root_module: { resources: [{ ...resource, values: { ...values, kafka: [] } }] } },
    }
    expect(await checked(file('state.json', JSON.stringify(state)))).toMatchObject([
      { rule: 'tf_rule', accepted: true, deliverable: false },
    ])
  })
})

describe('topicrule check on directories', () => {
  it('goes below them and passes over what is no rule', async () => {
    const good = JSON.stringify({
      ruleName: 'g',
      topicRulePayload: { sql: "SELECT * FROM 'a'", awsIotSqlVersion: '2016-03-23', actions: [] },
    })
    file('tree/a/b/rule.json', good)
    file('tree/template.template', template.replace('FORM', 'FROM').replace('b +', 'b'))
    file('tree/package.json', '{"name": "x"}')
    file('tree/node_modules/x/rule.json', '{"sql": 1}')
    file('tree/.hidden/rule.json', '{"sql": 1}')
    file('tree/rule.test.yaml', 'cases: []')
    const { code, stderr } = await run('check', join(directory, 'tree'))
    expect(stderr).toBe('3 rules checked, 0 with errors. 1 file without rules passed over.\n')
    expect(code).toBe(0)
  })
})

describe('topicrule check --format sarif', () => {
  it('prints what code scanning reads', async () => {
    const path = file('sarif.yaml', template)
    const { code, stdout } = await run('check', '--format', 'sarif', path)
    expect(code).toBe(1)
    const log = JSON.parse(stdout) as {
      version: string
      runs: {
        tool: { driver: { name: string; rules: { id: string }[] } }
        results: Record<string, unknown>[]
      }[]
    }
    expect(log.version).toBe('2.1.0')
    const { tool, results } = log.runs[0]!
    expect(tool.driver.name).toBe('topicrule')
    for (const { ruleId, ruleIndex, level, message, locations } of results) {
      expect(tool.driver.rules[ruleIndex as number]!.id).toBe(ruleId)
      expect(['error', 'warning', 'note', 'none']).toContain(level)
      expect(message).toEqual({ text: expect.any(String) as string })
      expect(locations).toHaveLength(1)
    }
    expect(results).toContainEqual(
      expect.objectContaining({
        ruleId: 'SQL_SYNTAX',
        level: 'error',
        locations: [
          expect.objectContaining({
            physicalLocation: {
              artifactLocation: { uri: `file://${path}` },
              region: { startLine: 33, startColumn: 9 },
            },
          }),
        ],
      }),
    )
  })
})
