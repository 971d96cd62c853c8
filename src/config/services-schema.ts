import { z } from 'zod'
import { count, duration, size } from './units.ts'

const header = z.strictObject({
  name: z
    .string()
    .regex(/^[!#$%&'*+\-.^_`|~0-9A-Za-z]+$/, 'must be the name of a header')
    .describe('Name of the header.'),
  value: z.string().meta({ secret: true }).optional().describe('Its value.'),
  valueFile: z.string().min(1).optional().describe('A file that holds the value instead; read at the start.'),
})

const httpService = (what: string) =>
  z
    .strictObject({
      url: z
        .url({ protocol: /^https?$/, error: 'must be an http or https URL' })
        .refine((url) => !/^https?:\/\/[^/]*@/i.test(url), 'must not hold credentials: use headers')
        .describe('Where calls are posted to; several functions may share one URL.'),
      timeout: duration('5s', 'How long a call may take, waiting and a second attempt included.', {
        min: '1ms',
        max: '5m',
      }),
      headers: z
        .array(header)
        .max(32)
        .default([])
        .describe('Headers of every request, such as authorization.'),
      ca: z
        .string()
        .min(1)
        .optional()
        .describe('Certificates (PEM) to trust instead of the well-known authorities; https only.'),
      concurrency: count(64, 'Requests at a time.', 1),
      queue: count(1000, 'Calls that may wait for their turn; more than that fail.'),
      maxAnswer: size('128KiB', 'Largest answer.', { min: '1KiB', max: '16MiB' }),
    })
    .optional()
    .describe(what)

/** What the functions that call a service ask; rules cannot use one whose key is missing. */
export const servicesSchema = z
  .strictObject({
    aws_lambda: httpService('Answers `aws_lambda(functionArn, inputJson)`.'),
    get_dynamodb: httpService('Answers `get_dynamodb(tableName, keyName, keyValue, …, roleArn)`.'),
    get_thing_shadow: httpService('Answers `get_thing_shadow(thingName, …, roleArn)`.'),
    get_registry_data: httpService('Answers `get_registry_data(registryAPI, thingName, roleArn)`.'),
    protobuf: z
      .strictObject({
        directory: z
          .string()
          .min(1)
          .describe(
            'Directory of descriptors: `<directory>/<bucket>/<object key>`, read when a rule is created.',
          ),
      })
      .optional()
      .describe("Protobuf descriptors for `decode(…, 'proto', …)`."),
    machinelearning_predict: httpService('Answers `machinelearning_predict(modelId, roleArn, record)`.'),
  })
  .optional()
  .describe('HTTP services behind functions; see docs/services.md. A rule that calls another one is refused.')
