import { z } from 'zod'
import { type ErrorName, errorStatus } from './errors.ts'
import { type MemberPlace, type Operation, type Resource } from './operation.ts'

type Json = Record<string, unknown>

/** The OpenAPI 3.1 description of the operations, made of the schemas that they are checked with. */
export function openApi(resources: readonly Resource[]): Json {
  const paths: Record<string, Json> = {}
  for (const { name, operations } of resources)
    for (const operation of operations)
      (paths[operation.path.replace('+}', '}')] ??= {})[operation.method.toLowerCase()] = describe(
        operation,
        name,
      )
  return {
    openapi: '3.1.0',
    info: {
      title: 'topicrule control API',
      version: '2015-05-28',
      description:
        'The operations of AWS IoT for topic rules, destinations and tags. Errors have their name in the header x-amzn-errortype and a message in the body.',
    },
    paths,
    components: {
      schemas: {
        Error: {
          type: 'object',
          properties: { message: { type: 'string' } },
          required: ['message'],
        },
      },
    },
  }
}

function describe(operation: Operation, tag: string): Json {
  const { name, summary, input, places, output, errors } = operation
  const { properties = {}, required = [] } = schemaOf(input, 'input') as {
    properties?: Record<string, Json>
    required?: readonly string[]
  }
  const parameters = Object.entries(places).flatMap(([member, place]) =>
    place === 'payload'
      ? []
      : [parameterOf(member, place, properties[member] ?? {}, required.includes(member))],
  )
  const body = bodyOf(operation, properties, required)
  return {
    operationId: name,
    summary,
    tags: [tag],
    parameters,
    ...(body !== undefined && {
      requestBody: { required: true, content: { 'application/json': { schema: body } } },
    }),
    responses: {
      200: {
        description: 'Done.',
        ...(output !== undefined && {
          content: { 'application/json': { schema: schemaOf(output, 'output') } },
        }),
      },
      ...refusals(errors),
    },
  }
}

function parameterOf(
  member: string,
  place: Exclude<MemberPlace, 'payload'>,
  { description, ...schema }: Json,
  isRequired: boolean,
): Json {
  const [where, name] = typeof place === 'string' ? [place, member] : ['header', place.header]
  return {
    name,
    in: where,
    required: place === 'path' || isRequired,
    ...(description !== undefined && { description }),
    schema,
  }
}

function bodyOf(
  { method, places }: Operation,
  properties: Readonly<Record<string, Json>>,
  required: readonly string[],
): Json | undefined {
  if (method !== 'POST' && method !== 'PATCH') return undefined
  const whole = Object.entries(places).find(([, place]) => place === 'payload')
  if (whole !== undefined) return properties[whole[0]]
  const own = Object.entries(properties).filter(([name]) => !Object.hasOwn(places, name))
  if (own.length === 0) return undefined
  return {
    type: 'object',
    properties: Object.fromEntries(own),
    required: required.filter((name) => !Object.hasOwn(places, name)),
  }
}

/** Errors of one status share an entry. */
function refusals(errors: Operation['errors']): Json {
  const byStatus = new Map<number, ErrorName[]>()
  for (const name of errors)
    byStatus.set(errorStatus[name], [...(byStatus.get(errorStatus[name]) ?? []), name])
  return Object.fromEntries(
    [...byStatus].map(([status, names]) => [
      status,
      {
        description: names.join(', '),
        content: { 'application/json': { schema: { $ref: '#/components/schemas/Error' } } },
      },
    ]),
  )
}

function schemaOf(schema: z.ZodType, io: 'input' | 'output'): Json {
  const { $schema: _dialect, ...rest } = z.toJSONSchema(schema, { io, unrepresentable: 'any' }) as Json
  return rest
}
