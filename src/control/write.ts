import { type WriteRefusal } from '../store/index.ts'
import { ControlError, type ErrorName } from './errors.ts'

const names: Readonly<Record<WriteRefusal['reason'], ErrorName>> = {
  exists: 'ResourceAlreadyExistsException',
  missing: 'UnauthorizedException',
  busy: 'ConflictingResourceUpdateException',
  stale: 'ConflictingResourceUpdateException',
  edited: 'ConflictingResourceUpdateException',
  failed: 'ServiceUnavailableException',
}

/** What a client is told of a write that did not happen. */
export function refusedWrite(
  { reason, message }: WriteRefusal,
  members?: Readonly<Record<string, string>>,
): ControlError {
  return new ControlError(names[reason], message, members)
}
