import { z } from 'zod'

/**
 * AWS action kinds that are accepted as documents but not run here, with the fields AWS requires and allows.
 * Source: https://docs.aws.amazon.com/iot/latest/apireference/API_Action.html
 */
const foreignKinds: Readonly<Record<string, { required: readonly string[]; optional: readonly string[] }>> = {
  cloudwatchAlarm: { required: ['roleArn', 'alarmName', 'stateReason', 'stateValue'], optional: [] },
  cloudwatchLogs: { required: ['roleArn', 'logGroupName'], optional: ['batchMode'] },
  cloudwatchMetric: {
    required: ['roleArn', 'metricNamespace', 'metricName', 'metricValue', 'metricUnit'],
    optional: ['metricTimestamp'],
  },
  dynamoDB: {
    required: ['tableName', 'roleArn', 'hashKeyField', 'hashKeyValue'],
    optional: ['operation', 'hashKeyType', 'rangeKeyField', 'rangeKeyValue', 'rangeKeyType', 'payloadField'],
  },
  dynamoDBv2: { required: ['roleArn', 'putItem'], optional: [] },
  elasticsearch: { required: ['roleArn', 'endpoint', 'index', 'type', 'id'], optional: [] },
  firehose: { required: ['roleArn', 'deliveryStreamName'], optional: ['separator', 'batchMode'] },
  http: {
    required: ['url'],
    optional: ['confirmationUrl', 'headers', 'auth', 'enableBatching', 'batchConfig'],
  },
  iotAnalytics: { required: ['roleArn'], optional: ['channelName', 'channelArn', 'batchMode'] },
  iotEvents: { required: ['inputName', 'roleArn'], optional: ['messageId', 'batchMode'] },
  iotSiteWise: { required: ['putAssetPropertyValueEntries', 'roleArn'], optional: [] },
  kinesis: { required: ['roleArn', 'streamName'], optional: ['partitionKey'] },
  lambda: { required: ['functionArn'], optional: [] },
  location: {
    required: ['roleArn', 'trackerName', 'deviceId', 'latitude', 'longitude'],
    optional: ['timestamp'],
  },
  openSearch: { required: ['roleArn', 'endpoint', 'index', 'type', 'id'], optional: [] },
  s3: { required: ['roleArn', 'bucketName', 'key'], optional: ['cannedAcl'] },
  salesforce: { required: ['token', 'url'], optional: [] },
  sns: { required: ['targetArn', 'roleArn'], optional: ['messageFormat'] },
  sqs: { required: ['roleArn', 'queueUrl'], optional: ['useBase64'] },
  stepFunctions: { required: ['stateMachineName', 'roleArn'], optional: ['executionNamePrefix'] },
  timestream: { required: ['roleArn', 'databaseName', 'tableName', 'dimensions'], optional: ['timestamp'] },
}

const present = z.unknown().refine((value) => value !== undefined && value !== null, { error: 'is required' })

/** One schema per kind: required fields present, nothing unknown; what the fields hold is not looked at. */
export const foreignSchemas: Readonly<Record<string, z.ZodType>> = Object.fromEntries(
  Object.entries(foreignKinds).map(([kind, { required, optional }]) => [
    kind,
    z.strictObject({
      ...Object.fromEntries(required.map((field) => [field, present])),
      ...Object.fromEntries(optional.map((field) => [field, z.unknown().optional()])),
    }),
  ]),
)

/** Names of the action kinds that AWS has and this product does not run. */
export const foreignKindNames: readonly string[] = Object.keys(foreignKinds)
