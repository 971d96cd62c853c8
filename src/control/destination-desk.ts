import { MASK, seesSecrets } from '../access/index.ts'
import {
  type Destination,
  type DestinationBook,
  type DestinationKind,
  type DestinationStatus,
} from './destination-book.ts'
import { type DestinationConfiguration, type ShownDestination } from './destination-schema.ts'
import { ControlError, invalid } from './errors.ts'
import { type Call } from './operation.ts'
import { pageOf } from './paging.ts'

const DESTINATION = /^arn:[^:]+:iot:[^:]*:[^:]*:ruledestination\/./

/** Names of the members of each kind: as it is created, got, and listed. */
const members: Readonly<
  Record<
    DestinationKind,
    { readonly given: keyof DestinationConfiguration; readonly got: string; readonly listed: string }
  >
> = {
  http: { given: 'httpUrlConfiguration', got: 'httpUrlProperties', listed: 'httpUrlSummary' },
  vpc: { given: 'vpcConfiguration', got: 'vpcProperties', listed: 'vpcDestinationSummary' },
  influxdb: { given: 'influxDBConfiguration', got: 'influxDBProperties', listed: 'influxDBSummary' },
}

interface ListInput {
  readonly maxResults: number
  readonly nextToken?: string | undefined
}

interface DestinationList {
  destinationSummaries: ShownDestination[]
  nextToken?: string
}

/** What the operations on rule destinations do. */
export class DestinationDesk {
  readonly #book: DestinationBook

  constructor(book: DestinationBook) {
    this.#book = book
  }

  get(wanted: string, call: Call): { topicRuleDestination: ShownDestination } {
    return { topicRuleDestination: shown(this.#find(wanted), 'got', call) }
  }

  list({ maxResults, nextToken }: ListInput, call: Call): DestinationList {
    const page = pageOf('destinations', this.#book.arns(), nextToken, maxResults, (key) =>
      shown(this.#book.get(key)!, 'listed', call),
    )
    return {
      destinationSummaries: [...page.items],
      ...(page.nextToken !== undefined && { nextToken: page.nextToken }),
    }
  }

  async create(
    given: DestinationConfiguration,
    call: Call,
  ): Promise<{ topicRuleDestination: ShownDestination }> {
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
    await call.audit(made.arn, undefined, record(made))
    return { topicRuleDestination: shown(made, 'got', call) }
  }

  async update(wanted: string, next: DestinationStatus, call: Call): Promise<Record<string, never>> {
    const found = this.#find(wanted)
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
    const found = this.#find(wanted)
    if (!(await written(this.#book.remove(found)))) throw busy(wanted)
    await call.audit(wanted, record(found), undefined)
    return {}
  }

  async #change(found: Destination, next: DestinationStatus, call: Call): Promise<Record<string, never>> {
    const changed = await written(this.#book.change(found, next))
    if (changed === undefined) throw busy(found.arn)
    await call.audit(found.arn, record(found), record(changed))
    return {}
  }

  /** @throws ControlError: what is no ARN is invalid; AWS tells a missing one from a forbidden one by nothing */
  #find(wanted: string): Destination {
    const found = this.#book.get(wanted)
    if (found !== undefined) return found
    if (!DESTINATION.test(wanted)) throw invalid('arn is not the ARN of a topic rule destination.')
    const message = `Access to topic rule destination '${wanted.slice(0, 300)}' was denied`
    throw new ControlError('UnauthorizedException', message)
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
function shown(found: Destination, as: 'got' | 'listed', { caller }: Call): ShownDestination {
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
