import { type Diagnostic } from '../errors.ts'

/** A fault between keys; `at` is the path it is reported at. */
export interface CrossFault extends Pick<Diagnostic, 'code' | 'severity' | 'message'> {
  readonly at: readonly PropertyKey[]
}
