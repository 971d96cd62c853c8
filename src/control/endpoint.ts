import { z } from 'zod'
import { ControlError, invalid } from './errors.ts'
import { type Call, defineOperation, type Resource } from './operation.ts'

export interface EndpointOptions {
  /** Where devices publish: host and port, with the host that the caller named where the server listens on all. */
  readonly dataEndpoint: (call: Pick<Call, 'host'>) => string | undefined
}

const DATA = ['iot:Data', 'iot:Data-ATS', 'iot:Data-Beta']

/** Where the data plane is. Source: https://docs.aws.amazon.com/iot/latest/apireference/API_DescribeEndpoint.html */
export function endpoint({ dataEndpoint }: EndpointOptions): Resource {
  return {
    name: 'Endpoint',
    operations: [
      defineOperation({
        name: 'DescribeEndpoint',
        summary:
          'Host and port of the data plane: the address of `publish`, or else of the first MQTT listener.',
        method: 'GET',
        path: '/endpoint',
        permission: 'read',
        input: z.strictObject({
          endpointType: z.string().max(128).default('iot:Data').describe('iot:Data or iot:Data-ATS.'),
        }),
        places: { endpointType: 'query' },
        output: z.object({ endpointAddress: z.string() }),
        errors: [
          'InternalFailureException',
          'InvalidRequestException',
          'UnauthorizedException',
          'ThrottlingException',
        ],
        handle: ({ endpointType }, call) => {
          if (!DATA.includes(endpointType))
            throw invalid(`This server has endpoints of the types ${DATA.slice(0, 2).join(' and ')} alone.`)
          const endpointAddress = dataEndpoint(call)
          if (endpointAddress === undefined)
            throw new ControlError('ServiceUnavailableException', 'The data plane does not listen yet.')
          return { endpointAddress }
        },
      }),
    ],
  }
}
