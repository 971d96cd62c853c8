import { describe, expect, it } from 'vitest'
import { compileRule } from '../../src/rule/index.ts'

const roleArn = 'arn:aws:iam::123456789012:role/r'

/** A document of each kind that AWS's service model takes. */
const sound: Readonly<Record<string, Readonly<Record<string, unknown>>>> = {
  cloudwatchAlarm: { roleArn, alarmName: 'a', stateReason: 'r', stateValue: '${state}' },
  cloudwatchLogs: { roleArn, logGroupName: 'l', batchMode: true },
  cloudwatchMetric: { roleArn, metricNamespace: 'n', metricName: 'm', metricValue: '1', metricUnit: 'Count' },
  dynamoDB: {
    roleArn,
    tableName: 't',
    hashKeyField: 'k',
    hashKeyValue: '${topic(2)}',
    hashKeyType: 'NUMBER',
  },
  dynamoDBv2: { roleArn, putItem: { tableName: 't' } },
  elasticsearch: { roleArn, endpoint: 'https://e', index: 'i', type: 't', id: '${newuuid()}' },
  firehose: { roleArn, deliveryStreamName: 'd', separator: '\r\n' },
  http: {
    url: 'https://example.com/${topic()}',
    headers: [{ key: 'a', value: '${b}' }],
    auth: { sigv4: { signingRegion: 'eu-west-1', serviceName: 's', roleArn } },
    batchConfig: { maxBatchSize: 10, maxBatchOpenMs: 5, maxBatchSizeBytes: 100 },
  },
  influxDB: { roleArn, destinationArn: 'arn', databaseName: 'd', tableName: 't', tags: { a: '${b}' } },
  iotAnalytics: { roleArn, channelName: 'c' },
  iotEvents: { roleArn, inputName: 'i', messageId: '${id}' },
  iotSiteWise: {
    roleArn,
    putAssetPropertyValueEntries: [
      {
        propertyAlias: '/a',
        propertyValues: [{ value: { doubleValue: '${v}' }, timestamp: { timeInSeconds: '${t}' } }],
      },
    ],
  },
  kinesis: { roleArn, streamName: 's', partitionKey: '${k}' },
  lambda: { functionArn: 'arn:aws:lambda:eu-west-1:123456789012:function:f' },
  location: { roleArn, trackerName: 't', deviceId: 'd', latitude: '${a}', longitude: '${b}' },
  openSearch: { roleArn, endpoint: 'http://e', index: 'i', type: 't', id: 'x' },
  s3: { roleArn, bucketName: 'b', key: '${topic()}', cannedAcl: 'public-read' },
  salesforce: {
    token: 'x'.repeat(40),
    url: 'https://ingestion-a1.b.sfdcnow.com/streams/c/d/event',
  },
  sns: { roleArn, targetArn: 'arn:aws:sns:eu-west-1:123456789012:t', messageFormat: 'RAW' },
  sqs: { roleArn, queueUrl: 'https://sqs', useBase64: false },
  stepFunctions: { roleArn, stateMachineName: 's' },
  timestream: { roleArn, databaseName: 'd', tableName: 't', dimensions: [{ name: 'n', value: '${v}' }] },
}

function errors(kind: string, fields: unknown): string[] {
  const document = {
    sql: "SELECT * FROM 'a'",
    awsIotSqlVersion: '2016-03-23',
    actions: [{ [kind]: fields }],
  }
  const result = compileRule(document, { name: 'r' })
  return (result.ok ? [] : result.diagnostics)
    .filter(({ severity }) => severity === 'error')
    .map(({ code, path }) => `${code} ${path?.slice('actions[0].'.length)}`)
}

describe('Actions that are not run here', () => {
  it.each(Object.entries(sound))(
    'accept a sound document of %s, and nothing unknown in it',
    (kind, fields) => {
      expect(errors(kind, fields)).toEqual([])
      expect(errors(kind, { ...fields, zzz: 1 })).toEqual([`RULE_FIELD_UNKNOWN ${kind}.zzz`])
    },
  )

  it.each(Object.entries(sound))('refuse members of %s of another type', (kind, fields) => {
    for (const [name, value] of Object.entries(fields)) {
      const wrong = typeof value === 'string' ? 5 : 'text'
      const found = errors(kind, { ...fields, [name]: wrong })
      expect(found, name).toEqual([`RULE_FIELD_INVALID ${kind}.${name}`])
    }
  })

  it.each([
    ['s3', 'cannedAcl', 'public'],
    ['sns', 'messageFormat', 'raw'],
    ['dynamoDB', 'hashKeyType', 'BINARY'],
    ['firehose', 'separator', ';'],
    ['elasticsearch', 'endpoint', 'search.example.com'],
    ['iotEvents', 'inputName', ''],
    ['iotEvents', 'messageId', 'x'.repeat(129)],
    ['timestream', 'dimensions', []],
    ['iotSiteWise', 'putAssetPropertyValueEntries', []],
    ['http', 'url', `https://${'x'.repeat(2000)}`],
    ['salesforce', 'token', 'short'],
    ['s3', 'bucketName', null],
  ])('refuse %s with a %s of %j', (kind, name, value) => {
    expect(errors(kind, { ...sound[kind], [name]: value })).toEqual([`RULE_FIELD_INVALID ${kind}.${name}`])
  })

  it('refuse faults inside members, with their place', () => {
    expect(errors('dynamoDBv2', { roleArn, putItem: {} })).toEqual([
      'RULE_FIELD_REQUIRED dynamoDBv2.putItem.tableName',
    ])
    expect(errors('http', { url: 'https://x', headers: [{ key: 'a' }] })).toEqual([
      'RULE_FIELD_REQUIRED http.headers[0].value',
    ])
    expect(errors('http', { url: 'https://x', batchConfig: { maxBatchSize: 1 } })).toEqual([
      'RULE_FIELD_INVALID http.batchConfig.maxBatchSize',
    ])
  })
})
