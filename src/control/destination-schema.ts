import { z } from 'zod'

export const arn = z.string().min(1).max(2_048).describe('ARN of the destination.')
const url = z
  .string()
  .min(1)
  .max(2_000)
  .regex(/^https:\/\//, 'must begin with https://')
  .refine((given) => URL.canParse(given) && !/[\s\p{Cc}]/u.test(given), 'must be a URL')
const text = z.string().min(1).max(2_048)
export const configuration = z.strictObject({
  httpUrlConfiguration: z.strictObject({ confirmationUrl: url }).optional(),
  vpcConfiguration: z
    .strictObject({
      subnetIds: z.array(text).min(1).max(100),
      securityGroups: z.array(text).max(100).optional(),
      vpcId: text,
      roleArn: text,
    })
    .optional(),
  influxDBConfiguration: z
    .strictObject({
      endpoint: z.string().min(1).max(2_000),
      influxDBVersion: z.enum(['V2', 'V3']),
      secretId: z.string().min(1).max(512),
      secretType: z.enum(['SecretString', 'SecretBinary']).optional(),
      secretKey: z.string().min(1).max(128).optional(),
    })
    .optional(),
})
/** What `CreateTopicRuleDestination` takes: exactly one kind. */
export type DestinationConfiguration = z.output<typeof configuration>

export const status = z.enum(['ENABLED', 'IN_PROGRESS', 'DISABLED', 'ERROR', 'DELETING'])
export const destination = z.looseObject({
  arn,
  status,
  statusReason: z.string().optional(),
  createdAt: z.number().describe('Seconds since 1970.'),
  lastUpdatedAt: z.number().describe('Seconds since 1970.'),
})
/** A destination in an answer. */
export type ShownDestination = z.input<typeof destination>
