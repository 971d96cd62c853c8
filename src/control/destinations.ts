import { z } from 'zod'
import { MASK, seesSecrets } from '../access/index.ts'
import {
  type Destination,
  type DestinationBook,
  type DestinationKind,
  type DestinationStatus,
} from './destination-book.ts'
import { ControlError, invalid } from './errors.ts'
import { type Call, defineOperation, type Resource } from './operation.ts'
import { pageOf } from './paging.ts'

const PAGE = 100
const MOST_PAGE = 1_000

const DESTINATION = /^arn:[^:]+:iot:[^:]*:[^:]*:ruledestination\/./
const arn = z.string().min(1).max(2_048).describe('ARN of the destination.')
const url = z
  .string()
  .min(1)
  .max(2_000)
  .regex(/^https:\/\//, 'must begin with https://')
const text = z.string().min(1).max(2_048)
const configuration = z.strictObject({
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
type Configuration = z.output<typeof configuration>

const status = z.enum(['ENABLED', 'IN_PROGRESS', 'DISABLED', 'ERROR', 'DELETING'])
const destination = z.looseObject({
  arn,
  status,
  statusReason: z.string().optional(),
  createdAt: z.number().describe('Seconds since 1970.'),
  lastUpdatedAt: z.number().describe('Seconds since 1970.'),
})
const readErrors = [
  'InternalException',
  'InvalidRequestException',
  'ServiceUnavailableException',
  'UnauthorizedException',
] as const
const writeErrors = [...readErrors, 'ConflictingResourceUpdateException'] as const

/** Names of the members of each kind: as it is created, got, and listed. */
const members: Readonly<
  Record<
    DestinationKind,
    { readonly given: keyof Configuration; readonly got: string; readonly listed: string }
  >
> = {
  http: { given: 'httpUrlConfiguration', got: 'httpUrlProperties', listed: 'httpUrlSummary' },
  vpc: { given: 'vpcConfiguration', got: 'vpcProperties', listed: 'vpcDestinationSummary' },
  influxdb: { given: 'influxDBConfiguration', got: 'influxDBProperties', listed: 'influxDBSummary' },
}

/** Rule destinations. Source: https://docs.aws.amazon.com/iot/latest/apireference/API_CreateTopicRuleDestination.html */
export function destinations(book: DestinationBook): Resource {
  const desk = new DestinationDesk(book)
  return {
    name: 'Rule destinations',
    operations: [
      defineOperation({
        name: 'CreateTopicRuleDestination',
        summary:
          'Creates a destination; what producers may reach through it is for the configuration to say.',
        method: 'POST',
        path: '/destinations',
        permission: 'change',
        input: z.strictObject({ destinationConfiguration: configuration }),
        places: {},
        output: z.object({ topicRuleDestination: destination }),
        errors: [...writeErrors, 'ResourceAlreadyExistsException'],
        handle: (input, call) => desk.create(input.destinationConfiguration, call),
      }),
      defineOperation({
        name: 'GetTopicRuleDestination',
        summary: 'A destination with its status.',
        method: 'GET',
        path: '/destinations/{arn+}',
        permission: 'read',
        input: z.strictObject({ arn }),
        places: { arn: 'path' },
        output: z.object({ topicRuleDestination: destination }),
        errors: readErrors,
        handle: (input, call) => ({ topicRuleDestination: shown(desk.find(input.arn), 'got', call) }),
      }),
      defineOperation({
        name: 'ListTopicRuleDestinations',
        summary: 'The destinations, by ARN, page by page.',
        method: 'GET',
        path: '/destinations',
        permission: 'read',
        input: z.strictObject({
          maxResults: z.coerce.number().int().min(1).max(MOST_PAGE).default(PAGE),
          nextToken: z.string().optional(),
        }),
        places: { maxResults: 'query', nextToken: 'query' },
        output: z.object({ destinationSummaries: z.array(destination), nextToken: z.string().optional() }),
        errors: readErrors,
        handle: ({ maxResults, nextToken }, call) => {
          const page = pageOf(book.arns(), nextToken, maxResults, (key) =>
            shown(book.get(key)!, 'listed', call),
          )
          const next = page.nextToken === undefined ? {} : { nextToken: page.nextToken }
          return { destinationSummaries: [...page.items], ...next }
        },
      }),
      defineOperation({
        name: 'UpdateTopicRuleDestination',
        summary: 'Enables or disables a destination, in force at once; or asks for its confirmation again.',
        method: 'PATCH',
        path: '/destinations',
        permission: 'change',
        input: z.strictObject({ arn, status }),
        places: {},
        output: z.object({}),
        errors: writeErrors,
        handle: (input, call) => desk.update(input.arn, input.status, call),
      }),
      defineOperation({
        name: 'DeleteTopicRuleDestination',
        summary: 'Deletes a destination; rules that name it deliver nothing from then on.',
        method: 'DELETE',
        path: '/destinations/{arn+}',
        permission: 'change',
        input: z.strictObject({ arn }),
        places: { arn: 'path' },
        output: z.object({}),
        errors: writeErrors,
        handle: (input, call) => desk.remove(input.arn, call),
      }),
      defineOperation({
        name: 'ConfirmTopicRuleDestination',
        summary: 'Confirms a destination with its token.',
        method: 'GET',
        path: '/confirmdestination/{confirmationToken+}',
        permission: 'change',
        input: z.strictObject({ confirmationToken: z.string().min(1).max(2_048) }),
        places: { confirmationToken: 'path' },
        output: z.object({}),
        errors: writeErrors,
        handle: (input, call) => desk.confirm(input.confirmationToken, call),
      }),
    ],
  }
}

type Shown = z.input<typeof destination>

class DestinationDesk {
  readonly #book: DestinationBook

  constructor(book: DestinationBook) {
    this.#book = book
  }

  /** @throws ControlError: what is no ARN is invalid; AWS tells a missing one from a forbidden one by nothing */
  find(wanted: string): Destination {
    const found = this.#book.get(wanted)
    if (found !== undefined) return found
    if (!DESTINATION.test(wanted)) throw invalid('arn is not the ARN of a topic rule destination.')
    const message = `Access to topic rule destination '${wanted.slice(0, 300)}' was denied`
    throw new ControlError('UnauthorizedException', message)
  }

  async create(given: Configuration, call: Call): Promise<{ topicRuleDestination: Shown }> {
    const kinds = (Object.keys(members) as DestinationKind[]).filter(
      (kind) => given[members[kind].given] !== undefined,
    )
    const [kind] = kinds
    if (kind === undefined || kinds.length > 1)
      throw invalid('destinationConfiguration must have exactly one kind of configuration.')
    const own: Readonly<Record<string, unknown>> = { ...given[members[kind].given] }
    const like = this.#book.like(kind, own)
    if (like !== undefined)
      throw new ControlError('ResourceAlreadyExistsException', `${like.arn} has this configuration.`, {
        resourceArn: like.arn,
      })
    const made = await written(this.#book.create(kind, own))
    if (made === undefined) throw busy('a destination with this configuration')
    call.audit(made.arn, undefined, record(made))
    return { topicRuleDestination: shown(made, 'got', call) }
  }

  async update(wanted: string, next: DestinationStatus, call: Call): Promise<Record<string, never>> {
    const found = this.find(wanted)
    const fault = transitionFault(found, next)
    if (fault !== undefined) throw invalid(fault)
    return this.#change(found, next, call)
  }

  async confirm(token: string, call: Call): Promise<Record<string, never>> {
    const found = this.#book.byToken(token)
    if (found === undefined) throw invalid('The confirmation token is not one that awaits confirmation.')
    return this.#change(found, 'ENABLED', call)
  }

  async remove(wanted: string, call: Call): Promise<Record<string, never>> {
    const found = this.find(wanted)
    if (!(await written(this.#book.remove(found)))) throw busy(wanted)
    call.audit(wanted, record(found), undefined)
    return {}
  }

  async #change(found: Destination, next: DestinationStatus, call: Call): Promise<Record<string, never>> {
    const changed = await written(this.#book.change(found, next))
    if (changed === undefined) throw busy(found.arn)
    call.audit(found.arn, record(found), record(changed))
    return {}
  }
}

/** What keeps a destination from taking a status that a caller wants it to have. */
function transitionFault({ kind, status: now }: Destination, next: DestinationStatus): string | undefined {
  if (next === 'ERROR' || next === 'DELETING') return `The status ${next} cannot be set.`
  if (next === 'IN_PROGRESS')
    return kind === 'http' ? undefined : 'Only destinations of HTTP URLs are confirmed.'
  if (now === 'ENABLED' || now === 'DISABLED') return undefined
  return `The destination has the status ${now}; it cannot be ${next} before that has passed.`
}

async function written<T>(write: Promise<T>): Promise<T> {
  try {
    return await write
  } catch (error) {
    const message = `The destination cannot be written: ${(error as Error).message}.`
    throw new ControlError('ServiceUnavailableException', message)
  }
}

function busy(wanted: string): ControlError {
  const message = `Another change of ${wanted} is under way.`
  return new ControlError('ConflictingResourceUpdateException', message)
}

/** Whoever may change destinations sees the token of one, which stands in its status's reason, and its whole URL. */
function shown(found: Destination, as: 'got' | 'listed', { caller }: Call): Shown {
  const { kind, configuration: own, createdAt, lastUpdatedAt, token, statusReason } = found
  const reason = token !== undefined && !seesSecrets(caller.role) ? 'Awaiting confirmation.' : statusReason
  return {
    arn: found.arn,
    status: found.status,
    createdAt: createdAt / 1000,
    lastUpdatedAt: lastUpdatedAt / 1000,
    ...(reason !== undefined && { statusReason: reason }),
    [members[kind][as]]: seesSecrets(caller.role) ? own : withoutQuery(own),
  }
}

/** The query of a URL may hold a secret of the service behind it. */
function withoutQuery(own: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> {
  const { confirmationUrl } = own
  if (typeof confirmationUrl !== 'string') return own
  return { ...own, confirmationUrl: confirmationUrl.replace(/\?.*$/s, `?${MASK}`) }
}

/** For the audit, without secrets. */
function record({ token: _token, statusReason: _reason, configuration: own, ...rest }: Destination): object {
  return { ...rest, configuration: withoutQuery(own) }
}
