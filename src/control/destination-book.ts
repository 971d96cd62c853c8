import { randomBytes, randomUUID } from 'node:crypto'
import { isDeepStrictEqual } from 'node:util'
import { type Failure } from '../errors.ts'
import { type RuleStore } from '../store/index.ts'
import { type Account } from './arn.ts'

export type DestinationStatus = 'ENABLED' | 'IN_PROGRESS' | 'DISABLED' | 'ERROR' | 'DELETING'
export type DestinationKind = 'http' | 'vpc' | 'influxdb'

/** A destination that was created through the API. */
export interface Destination {
  readonly arn: string
  readonly kind: DestinationKind
  /** As it was given, without the name of its kind. */
  readonly configuration: Readonly<Record<string, unknown>>
  readonly status: DestinationStatus
  readonly statusReason: string | undefined
  /** Milliseconds since 1970. */
  readonly createdAt: number
  readonly lastUpdatedAt: number
  /** What confirms it while it is in progress. */
  readonly token: string | undefined
}

/** Whether records may go to a destination now; asked for each record. */
export interface DestinationGate {
  failure: Failure | undefined
}

export interface DestinationBookOptions {
  readonly account: Account
  readonly store: RuleStore
  /**
   * Whether the configuration lets rules use an ARN: `any` where it binds none at all, `bound` by name, `created`
   * where a pattern covers it, so that it must have been created, `disabled`, or `unknown`.
   */
  readonly binding: (arn: string) => 'any' | 'bound' | 'created' | 'disabled' | 'unknown'
}

const GONE: Pick<Destination, 'status'> & { readonly status: 'DELETING' } = { status: 'DELETING' }
const TOKEN_BYTES = 48

/** The destinations of the API: what is stored of them, and what that means for rules and records. */
export class DestinationBook {
  readonly #options: DestinationBookOptions
  readonly #known = new Map<string, Destination>()
  /** ARNs of deleted ones, so that rules that still name them are told. */
  readonly #gone = new Set<string>()
  readonly #gates = new Map<string, DestinationGate>()
  readonly #busy = new Set<string>()
  /** Those that are being created. */
  readonly #coming: Destination[] = []
  #sorted: readonly string[] | undefined

  constructor(options: DestinationBookOptions) {
    this.#options = options
  }

  /** Takes what the store has; to be called when it has been loaded. */
  load(): void {
    for (const { key, value } of this.#options.store.records()) this.#keep(key, value as Destination)
  }

  get(arn: string): Destination | undefined {
    return this.#known.get(arn)
  }

  arns(): readonly string[] {
    return (this.#sorted ??= [...this.#known.keys()].sort())
  }

  /** One that was created of an equal configuration. */
  like(kind: DestinationKind, configuration: Destination['configuration']): Destination | undefined {
    return [...this.#known.values()].find(
      (each) => each.kind === kind && isDeepStrictEqual(each.configuration, configuration),
    )
  }

  byToken(token: string): Destination | undefined {
    return [...this.#known.values()].find((each) => each.token === token)
  }

  /** Why a new rule cannot use a destination, or undefined when it can. */
  faultOf(arn: string): string | undefined {
    const known = this.#known.get(arn)
    if (known !== undefined)
      return known.status === 'ENABLED' ? undefined : `Destination ${arn} has the status ${known.status}.`
    const binding = this.#gone.has(arn) ? 'unknown' : this.#options.binding(arn)
    return binding === 'any' || binding === 'bound' ? undefined : `There is no destination ${arn}.`
  }

  /** The gate of a destination; stays the same one. */
  gateOf(arn: string): DestinationGate {
    let gate = this.#gates.get(arn)
    if (gate === undefined) this.#gates.set(arn, (gate = { failure: this.#failureOf(arn) }))
    return gate
  }

  /**
   * Resolves when it is on the disk; with undefined where an equal one is being created.
   * @throws an error of node:fs
   */
  async create(
    kind: DestinationKind,
    configuration: Destination['configuration'],
  ): Promise<Destination | undefined> {
    if (
      this.#coming.some((each) => each.kind === kind && isDeepStrictEqual(each.configuration, configuration))
    )
      return undefined
    const { id, region } = this.#options.account
    const arn = `arn:aws:iot:${region}:${id}:ruledestination/${kind}/${randomUUID()}`
    const now = Date.now()
    const base = { arn, kind, configuration, createdAt: now, lastUpdatedAt: now }
    const destination: Destination =
      kind === 'http' ? { ...base, ...asked(now) } : { ...base, ...this.#first(arn), token: undefined }
    this.#coming.push(destination)
    try {
      await this.#write(arn, destination)
    } finally {
      this.#coming.splice(this.#coming.indexOf(destination), 1)
    }
    return destination
  }

  /** The same; a destination that is being changed is left alone, and `undefined` is returned. */
  async change(
    { arn }: Destination,
    status: DestinationStatus,
    reason?: string,
  ): Promise<Destination | undefined> {
    const destination = this.#known.get(arn)
    if (destination === undefined || this.#busy.has(arn)) return undefined
    const now = Date.now()
    const next: Destination = {
      ...destination,
      ...(status === 'IN_PROGRESS' ? asked(now) : { status, statusReason: reason, token: undefined }),
      lastUpdatedAt: now,
    }
    this.#busy.add(arn)
    try {
      await this.#write(arn, next)
    } finally {
      this.#busy.delete(arn)
    }
    return next
  }

  async remove({ arn }: Destination): Promise<boolean> {
    if (this.#busy.has(arn)) return false
    this.#busy.add(arn)
    try {
      await this.#write(arn, GONE)
    } finally {
      this.#busy.delete(arn)
    }
    return true
  }

  async #write(arn: string, value: Destination | typeof GONE): Promise<void> {
    await this.#options.store.putRecord(arn, value)
    this.#keep(arn, value)
  }

  #keep(arn: string, value: Destination | typeof GONE): void {
    this.#sorted = undefined
    if ('arn' in value) this.#known.set(arn, value)
    else {
      this.#known.delete(arn)
      this.#gone.add(arn)
    }
    const gate = this.#gates.get(arn)
    if (gate !== undefined) gate.failure = this.#failureOf(arn)
  }

  #failureOf(arn: string): Failure | undefined {
    const known = this.#known.get(arn)
    if (known !== undefined && known.status !== 'ENABLED') {
      const message = `The destination has the status ${known.status}.`
      return { code: 'KAFKA_DESTINATION_DISABLED', class: 'rule', resource: arn, message }
    }
    if (!this.#gone.has(arn)) return undefined
    const message = 'The destination was deleted.'
    return { code: 'KAFKA_DESTINATION_UNKNOWN', class: 'rule', resource: arn, message }
  }

  /** Nothing has to be set up here as in a VPC of AWS: what can be used can be used at once. */
  #first(arn: string): Pick<Destination, 'status' | 'statusReason'> {
    const binding = this.#options.binding(arn)
    if (binding === 'any' || binding === 'bound' || binding === 'created')
      return { status: 'ENABLED', statusReason: undefined }
    const statusReason =
      binding === 'disabled'
        ? 'The policy that destinations in the configuration binds to it is disabled.'
        : 'No policy of destinations in the configuration covers this ARN; a key that ends in * covers those to come.'
    return { status: 'ERROR', statusReason }
  }
}

/** Requests to URLs of callers' choice are not sent from here; whoever may change rules hands the token on. */
function asked(now: number): Pick<Destination, 'status' | 'statusReason' | 'token'> {
  const token = randomBytes(TOKEN_BYTES).toString('base64url')
  const statusReason = `Awaiting confirmation since ${new Date(now).toISOString()}. This server sends no confirmation message; confirm with the token ${token}`
  return { status: 'IN_PROGRESS', statusReason, token }
}
