import { type Failure } from '../errors.ts'
import { type Value, writeJson } from '../value/index.ts'
import { type Environment, type Scope, type ServiceAnswer, type Services } from './scope.ts'

/** Calls of services that one rule may make for one message; each pass over a statement makes at least one. */
const MAX_CALLS = 32

/**
 * The calls of services that one rule makes for one message.
 *
 * Expressions are synchronous: a call without an answer starts, yields Undefined and marks the pass as waiting; the
 * stage discards the pass, waits and evaluates again with the answer known. Within one segment (a SELECT item, an
 * action) nothing is asked behind a call that waits, because what it would be asked with is not known yet; segments
 * ask side by side. Equal arguments are asked once.
 */
export class RemoteCalls {
  /** Calls that have no answer yet. */
  readonly pending: Promise<void>[] = []
  /** The failure that this pass met and no `get_or_default` took. */
  failure: Failure | undefined
  /** Clock and chance that repeat themselves in each pass, so that arguments do not change between passes. */
  readonly environment: Environment
  readonly #replayed: ReplayedEnvironment
  readonly #answers = new Map<string, ServiceAnswer | undefined>()
  #waiting = false
  #sealed = false

  constructor(environment: Environment) {
    this.#replayed = new ReplayedEnvironment(environment)
    this.environment = this.#replayed
  }

  /** Begins a pass. */
  begin(): void {
    this.failure = undefined
    this.#waiting = false
    this.#sealed = false
    this.#replayed.position = 0
  }

  /** Begins a segment: what it asks does not depend on calls that wait in the segments before. */
  separate(): void {
    this.#waiting = false
  }

  /** True when a call of this segment waits, so that values read from it mean nothing yet. */
  get waiting(): boolean {
    return this.#waiting
  }

  /** How many random values the pass has drawn; `seal` goes back there. */
  get position(): number {
    return this.#replayed.position
  }

  /** Ends the calls: from here on answers are only looked up. */
  seal(position: number): void {
    this.#sealed = true
    this.#replayed.position = position
  }

  /** The answer to a call; Undefined while it is on its way and when it failed. */
  ask(name: string, args: readonly Value[], scope: Scope): Value {
    if (this.failure !== undefined || this.#waiting) return undefined
    const key = keyOf(name, args)
    const known = this.#answers.get(key)
    if (known !== undefined) return known.ok ? known.value : this.#fail({ action: name, ...known.failure })
    if (!this.#answers.has(key) && !this.#start(name, args, key, scope)) return undefined
    this.#waiting = true
    return undefined
  }

  /** Why a call has no value, for explaining. */
  whyUndefined(name: string, args: readonly Value[]): string {
    const known = this.#answers.get(keyOf(name, args))
    if (known !== undefined) return known.ok ? 'the service answered nothing' : known.failure.message
    return this.failure === undefined ? 'it was not asked' : `it was not asked: ${this.failure.message}`
  }

  #start(name: string, args: readonly Value[], key: string, scope: Scope): boolean {
    const { services } = this.environment
    if (services === undefined || this.#sealed || this.#answers.size >= MAX_CALLS) {
      this.#fail(services === undefined ? notConfigured(name) : tooMany(name))
      return false
    }
    this.#answers.set(key, undefined)
    const { ruleName, topic, message } = scope
    const caller = { ruleName, topic, clientId: message.client.clientId, traceId: message.traceId }
    this.pending.push(
      services.call(name, args, caller).then(
        (answer) => void this.#answers.set(key, answer),
        (error: unknown) => void this.#answers.set(key, { ok: false, failure: faultOf(name, error) }),
      ),
    )
    return true
  }

  #fail(failure: Failure): undefined {
    this.failure = failure
  }
}

/** Clock and chance of one rule and message: what was drawn once is drawn again in the next pass. */
class ReplayedEnvironment implements Environment {
  readonly accountId: string
  readonly services: Services | undefined
  /** Numbers and identifiers drawn in this pass. */
  position = 0
  readonly #environment: Environment
  readonly #randoms: number[] = []
  readonly #uuids: string[] = []
  #now: number | undefined

  constructor(environment: Environment) {
    this.#environment = environment
    this.accountId = environment.accountId
    this.services = environment.services
  }

  readonly now = (): number => (this.#now ??= this.#environment.now())

  readonly random = (): number => (this.#randoms[this.position++] ??= this.#environment.random())

  readonly newUuid = (): string => (this.#uuids[this.position++] ??= this.#environment.newUuid())
}

function keyOf(name: string, args: readonly Value[]): string {
  return `${name} ${writeJson(args)!}`
}

function notConfigured(name: string): Failure {
  const message = `${name}() was called where no services are configured.`
  return { code: 'SERVICE_FAILED', class: 'message', resource: name, action: name, message }
}

function tooMany(name: string): Failure {
  const message = `${name}() is called too often for one message: at most ${MAX_CALLS} calls of services are made, and their arguments must not change between evaluations.`
  return { code: 'SERVICE_CALLS_EXCEEDED', class: 'rule', resource: name, action: name, message }
}

function faultOf(name: string, error: unknown): Failure {
  const message = `${name}() failed: ${error instanceof Error ? error.message : String(error)}`
  return { code: 'SERVICE_FAILED', class: 'message', resource: name, action: name, message }
}
