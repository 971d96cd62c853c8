import { z } from 'zod'

const text = z.string()
const flag = z.boolean()
const headers = z.strictObject({ key: z.string().min(1).max(256), value: text })
const openMs = (most: number): z.ZodType => z.number().int().min(5).max(most)
const batchBytes = z.number().int().min(100).max(131_072)
const moment = (unit: z.ZodType): z.ZodType => z.strictObject({ value: text, unit })
const searchIndex = {
  roleArn: text,
  endpoint: text.regex(/^https?:\/\//, 'must begin with https://'),
  index: text,
  type: text,
  id: text,
}

const cannedAcls = [
  'private',
  'public-read',
  'public-read-write',
  'aws-exec-read',
  'authenticated-read',
  'bucket-owner-read',
  'bucket-owner-full-control',
  'log-delivery-write',
]

/** A value that IoT SiteWise takes, and when it was measured. */
const propertyValue = z.strictObject({
  value: z.strictObject({
    stringValue: text.optional(),
    integerValue: text.optional(),
    doubleValue: text.optional(),
    booleanValue: text.optional(),
  }),
  timestamp: z.strictObject({ timeInSeconds: text, offsetInNanos: text.optional() }),
  quality: text.optional(),
})

/**
 * AWS action kinds that are accepted as documents but not run here: the members that AWS requires and allows, of which
 * type, and how many. What a text holds is not looked at where it may be a template.
 * Source: https://docs.aws.amazon.com/iot/latest/apireference/API_Action.html and the service model 2015-05-28
 */
export const foreignSchemas: Readonly<Record<string, z.ZodType>> = {
  cloudwatchAlarm: z.strictObject({ roleArn: text, alarmName: text, stateReason: text, stateValue: text }),
  cloudwatchLogs: z.strictObject({ roleArn: text, logGroupName: text, batchMode: flag.optional() }),
  cloudwatchMetric: z.strictObject({
    roleArn: text,
    metricNamespace: text,
    metricName: text,
    metricValue: text,
    metricUnit: text,
    metricTimestamp: text.optional(),
  }),
  dynamoDB: z.strictObject({
    tableName: text,
    roleArn: text,
    operation: text.optional(),
    hashKeyField: text,
    hashKeyValue: text,
    hashKeyType: z.enum(['STRING', 'NUMBER']).optional(),
    rangeKeyField: text.optional(),
    rangeKeyValue: text.optional(),
    rangeKeyType: z.enum(['STRING', 'NUMBER']).optional(),
    payloadField: text.optional(),
  }),
  dynamoDBv2: z.strictObject({ roleArn: text, putItem: z.strictObject({ tableName: text }) }),
  elasticsearch: z.strictObject(searchIndex),
  firehose: z.strictObject({
    roleArn: text,
    deliveryStreamName: text,
    separator: text.regex(/^(?:[\n\t,]|\r\n)$/, 'must be a line feed, a tab, CR LF or a comma').optional(),
    batchMode: flag.optional(),
  }),
  http: z.strictObject({
    url: text.max(2_000),
    confirmationUrl: text.max(2_000).optional(),
    headers: z.array(headers).max(100).optional(),
    auth: z
      .strictObject({
        sigv4: z.strictObject({ signingRegion: text, serviceName: text, roleArn: text }).optional(),
      })
      .optional(),
    enableBatching: flag.optional(),
    batchConfig: z
      .strictObject({
        maxBatchOpenMs: openMs(200).optional(),
        maxBatchSize: z.number().int().min(2).max(10).optional(),
        maxBatchSizeBytes: batchBytes.optional(),
        batchAcrossTopics: flag.optional(),
      })
      .optional(),
  }),
  influxDB: z.strictObject({
    destinationArn: text,
    roleArn: text,
    databaseName: text,
    tableName: text,
    organization: text.optional(),
    tags: z.record(z.string(), text).optional(),
    timestampUnit: text.optional(),
    batchConfig: z
      .strictObject({
        maxBatchSize: z.number().int().min(1).max(500).optional(),
        maxBatchOpenMs: openMs(1_000).optional(),
        maxBatchSizeBytes: batchBytes.optional(),
        batchAcrossTopics: flag.optional(),
      })
      .optional(),
  }),
  iotAnalytics: z.strictObject({
    channelArn: text.optional(),
    channelName: text.optional(),
    batchMode: flag.optional(),
    roleArn: text.optional(),
  }),
  iotEvents: z.strictObject({
    inputName: text.min(1).max(128),
    messageId: text.max(128).optional(),
    batchMode: flag.optional(),
    roleArn: text,
  }),
  iotSiteWise: z.strictObject({
    putAssetPropertyValueEntries: z
      .array(
        z.strictObject({
          entryId: text.optional(),
          assetId: text.optional(),
          propertyId: text.optional(),
          propertyAlias: text.optional(),
          propertyValues: z.array(propertyValue).min(1),
        }),
      )
      .min(1),
    roleArn: text,
  }),
  kinesis: z.strictObject({ roleArn: text, streamName: text, partitionKey: text.optional() }),
  lambda: z.strictObject({ functionArn: text }),
  location: z.strictObject({
    roleArn: text,
    trackerName: text,
    deviceId: text,
    timestamp: moment(text.optional()).optional(),
    latitude: text,
    longitude: text,
  }),
  openSearch: z.strictObject(searchIndex),
  s3: z.strictObject({
    roleArn: text,
    bucketName: text,
    key: text,
    cannedAcl: z.enum(cannedAcls).optional(),
  }),
  salesforce: z.strictObject({ token: text.min(40), url: text.max(2_000) }),
  sns: z.strictObject({ targetArn: text, roleArn: text, messageFormat: z.enum(['RAW', 'JSON']).optional() }),
  sqs: z.strictObject({ roleArn: text, queueUrl: text, useBase64: flag.optional() }),
  stepFunctions: z.strictObject({
    executionNamePrefix: text.optional(),
    stateMachineName: text,
    roleArn: text,
  }),
  timestream: z.strictObject({
    roleArn: text,
    databaseName: text,
    tableName: text,
    dimensions: z
      .array(z.strictObject({ name: text, value: text }))
      .min(1)
      .max(128),
    timestamp: moment(text).optional(),
  }),
}

/** Names of the action kinds that AWS has and this product does not run. */
export const foreignKindNames: readonly string[] = Object.keys(foreignSchemas)
