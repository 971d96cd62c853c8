import { type CompiledQuery, type Scope } from '../sql/index.ts'

/** What a rule's statement made of a message. */
export type Evaluation = { readonly matched: false } | { readonly matched: true; readonly output: Buffer }

const UNMATCHED: Evaluation = { matched: false }
const EMPTY = Buffer.alloc(0)
/** Remote functions may feed each other; a statement has no more of them in a chain than this. */
const MAX_PASSES = 32

/**
 * Runs SET, WHERE and SELECT. Synchronous unless a remote function has to be waited for; the promise never rejects.
 * The output is JSON text, or the payload's own bytes where the statement forwards them.
 */
export function evaluate(query: CompiledQuery, scope: Scope): Evaluation | Promise<Evaluation> {
  const evaluation = evaluateOnce(query, scope)
  return scope.remote !== undefined && scope.remote.pending.length > 0
    ? evaluateAgain(query, scope)
    : evaluation
}

function evaluateOnce(query: CompiledQuery, scope: Scope): Evaluation {
  query.assign?.(scope)
  if (query.where !== undefined && !query.where(scope)) return UNMATCHED
  if (query.forwardsPayload) return { matched: true, output: scope.payload.bytes }
  // A result that is Undefined as a whole is an empty payload (iot-sql-data-types, row Undefined).
  return { matched: true, output: query.selectJson(scope) ?? EMPTY }
}

async function evaluateAgain(query: CompiledQuery, scope: Scope): Promise<Evaluation> {
  const { pending } = scope.remote!
  for (let pass = 0; pass < MAX_PASSES; pass += 1) {
    await Promise.allSettled(pending.splice(0))
    const evaluation = evaluateOnce(query, scope)
    if (pending.length === 0) return evaluation
  }
  return UNMATCHED
}
