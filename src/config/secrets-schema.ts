import { z } from 'zod'
import { duration } from './units.ts'

const prefix = z
  .string()
  .max(256)
  .regex(/^(?!arn:)/, 'must not begin with arn:, which is always Secrets Manager')
  .default('')
  .describe(
    'Names that begin with this are looked up here, without it; of several prefixes the longest counts.',
  )

const url = z.url({ protocol: /^https?$/ }).optional()

const aws = z
  .strictObject({
    prefix,
    region: z
      .string()
      .min(1)
      .optional()
      .describe('Region; by default as the AWS SDK finds it (AWS_REGION, profile).'),
    endpoint: url.describe('URL of Secrets Manager, where it is not that of AWS.'),
    stsEndpoint: url.describe('URL of STS, which roles are assumed through; where it is not that of AWS.'),
  })
  .optional()
  .describe(
    'AWS Secrets Manager, by name, ARN or partial ARN, with the credentials that the AWS SDK finds. ARNs are always looked up here.',
  )

const directory = z
  .strictObject({
    prefix,
    path: z
      .string()
      .min(1)
      .describe('Directory of files named as the secrets, as Docker and Kubernetes mount them.'),
  })
  .optional()
  .describe(
    'Secrets in files. A key is a member of a file that is JSON, or a file where the name is a directory.',
  )

const environment = z
  .strictObject({
    prefix,
    variables: z
      .string()
      .regex(/^[A-Z_][A-Z0-9_]*$/, 'must be capitals, digits and underscores')
      .default('SECRET_')
      .describe(
        'Beginning of the variables: secret `kafka/orders` is `SECRET_KAFKA_ORDERS`, every character but letters and digits an underscore.',
      ),
  })
  .optional()
  .describe('Secrets in environment variables; a SecretBinary in base64.')

/** Where `get_secret` finds secrets; rules cannot use it without. */
export const secretsSchema = z
  .strictObject({
    cacheTime: duration('15m', 'How long a value is used before it is fetched again; AWS has 15 minutes.', {
      min: '1s',
    }),
    aws,
    directory,
    environment,
  })
  .optional()
  .describe('Stores of secrets for `get_secret`; without this key rules cannot use it.')
