import { type Failure } from '../errors.ts'
import { type CompiledQuery, limitFailure, type RemoteCalls, type Scope } from '../sql/index.ts'
import { endWork, startWork } from '../value/index.ts'

/** What a rule's statement made of a message. */
export type Evaluation = { readonly matched: false } | { readonly matched: true; readonly output: Buffer }

/** An action whose templates may call services. */
export interface AssemblesRecords {
  assemble(scope: Scope, value: Buffer): unknown
}

const UNMATCHED: Evaluation = { matched: false }
const EMPTY = Buffer.alloc(0)
const NO_ACTIONS: readonly AssemblesRecords[] = []

/**
 * Runs SET, WHERE and SELECT. Synchronous unless a service has to be waited for; the promise never rejects.
 * The output is JSON text, or the payload's own bytes where the statement forwards them. A service that fails fails
 * the rule; so does a message that makes it exceed a limit on work or output.
 *
 * The calls of WHERE are made before those of SELECT, so that a message which WHERE drops costs none of the latter.
 * Then `actions` are assembled for the calls of their templates; assembling them again finds the answers, and
 * `takeFailure` tells of those that failed.
 */
export function evaluate(
  query: CompiledQuery,
  scope: Scope,
  actions: readonly AssemblesRecords[] = NO_ACTIONS,
): Evaluation | Failure | Promise<Evaluation | Failure> {
  const { remote } = scope
  if (remote === undefined) return evaluateLocally(query, scope)
  return untilAnswered(remote, () => attempt(query, scope, remote, actions))
}

/**
 * Makes the calls of an error action's templates, in the scope in which its rule has failed.
 * Synchronous when there is none that is not answered yet.
 */
export function evaluateErrorAction(
  query: CompiledQuery,
  scope: Scope,
  action: AssemblesRecords,
): undefined | Promise<void> {
  const { remote } = scope
  if (remote === undefined) return undefined
  const done = untilAnswered(remote, () => {
    remote.begin()
    assignVariables(query, scope)
    return askAll(remote, scope, [action], EMPTY) || undefined
  })
  return done instanceof Promise ? done.then(() => undefined) : undefined
}

/** Runs SET alone, for an error action; what exceeds the limit on work is Undefined. */
export function assignVariables(query: CompiledQuery, scope: Scope): void {
  if (query.assign === undefined) return
  begin(query)
  query.assign(scope)
  endWork()
}

/** The failure of a service that the action just assembled has called; then there is no record. */
export function takeFailure({ remote }: Scope): Failure | undefined {
  if (remote?.failure === undefined) return undefined
  const { failure } = remote
  remote.failure = undefined
  return failure
}

function begin({ limits }: CompiledQuery): void {
  startWork(limits.work - limits.weight, limits.outputSize)
}

/** What the statement gave, unless it took too much. */
function end<Result>(query: CompiledQuery, scope: Scope, result: Result): Result | Failure {
  const exceeded = endWork()
  return exceeded === undefined ? result : limitFailure(exceeded, query.limits, scope.ruleName)
}

function evaluateLocally(query: CompiledQuery, scope: Scope): Evaluation | Failure {
  begin(query)
  return end(query, scope, run(query, scope))
}

function run(query: CompiledQuery, scope: Scope): Evaluation {
  query.assign?.(scope)
  if (query.where !== undefined && !query.where(scope)) return UNMATCHED
  return { matched: true, output: outputOf(query, scope) }
}

function outputOf(query: CompiledQuery, scope: Scope): Buffer {
  if (query.forwardsPayload) return scope.payload.bytes
  // A result that is Undefined as a whole is an empty payload (iot-sql-data-types, row Undefined).
  return query.selectJson(scope) ?? EMPTY
}

/** Undefined when the pass met a call without an answer. */
function attempt(
  query: CompiledQuery,
  scope: Scope,
  remote: RemoteCalls,
  actions: readonly AssemblesRecords[],
): Evaluation | Failure | undefined {
  remote.begin()
  begin(query)
  const evaluation = end(query, scope, runAsking(query, scope, remote))
  if (evaluation === undefined || 'class' in evaluation || !evaluation.matched) return evaluation
  return askAll(remote, scope, actions, evaluation.output) ? evaluation : undefined
}

function runAsking(
  query: CompiledQuery,
  scope: Scope,
  remote: RemoteCalls,
): Evaluation | Failure | undefined {
  query.assign?.(scope)
  if (isHeldUp(remote)) return remote.failure
  const matches = query.where === undefined || query.where(scope)
  if (isHeldUp(remote)) return remote.failure
  if (!matches) return UNMATCHED
  const output = outputOf(query, scope)
  return isHeldUp(remote) ? remote.failure : { matched: true, output }
}

function isHeldUp({ failure, pending }: RemoteCalls): boolean {
  return failure !== undefined || pending.length > 0
}

/** True when every call of the actions has its answer. */
function askAll(
  remote: RemoteCalls,
  scope: Scope,
  actions: readonly AssemblesRecords[],
  output: Buffer,
): boolean {
  const { position } = remote
  for (const action of actions) {
    remote.failure = undefined
    remote.separate()
    action.assemble(scope, output)
  }
  remote.failure = undefined
  if (remote.pending.length > 0) return false
  remote.seal(position)
  return true
}

/** Each round waits for at least one new call, and their number is bounded. */
function untilAnswered<Result>(
  remote: RemoteCalls,
  pass: () => Result | undefined,
): Result | Promise<Result> {
  const first = pass()
  if (first !== undefined) return first
  return (async () => {
    for (;;) {
      await Promise.all(remote.pending.splice(0))
      const result = pass()
      if (result !== undefined) return result
    }
  })()
}
