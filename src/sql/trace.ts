import { type Value } from '../value/index.ts'

/** Receives every sub-expression's value while explaining; absent in normal operation. */
export interface Tracer {
  /** `node` is the index of the sub-expression in the compiled statement; `reason` says why a value is Undefined. */
  visit(node: number, value: Value, reason?: string): void
}
