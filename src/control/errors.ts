/**
 * Error names with their status as the service model of AWS IoT (2015-05-28) has them, beside those of the protocol
 * itself.
 */
export const errorStatus = {
  ConflictingResourceUpdateException: 409,
  InternalException: 500,
  InternalFailureException: 500,
  InvalidRequestException: 400,
  LimitExceededException: 410,
  MethodNotAllowedException: 405,
  RequestEntityTooLargeException: 413,
  RequestTimeoutException: 408,
  ResourceAlreadyExistsException: 409,
  ResourceNotFoundException: 404,
  ServiceUnavailableException: 503,
  SqlParseException: 400,
  ThrottlingException: 400,
  UnauthorizedException: 401,
  UnknownOperationException: 404,
  UnsupportedOperation: 400,
} as const satisfies Readonly<Record<string, number>>

export type ErrorName = keyof typeof errorStatus

/** What the operations answer that read rules or destinations, and those that change them. */
export const readErrors = [
  'InternalException',
  'InvalidRequestException',
  'ServiceUnavailableException',
  'UnauthorizedException',
] as const satisfies readonly ErrorName[]
export const writeErrors = [...readErrors, 'ConflictingResourceUpdateException'] as const

/** Why a request is refused, as its sender is told. Never says a secret. */
export class ControlError extends Error {
  readonly error: string
  readonly status: number
  /** Members of the error beside its message. */
  readonly members: Readonly<Record<string, string>>

  constructor(error: ErrorName, message: string, members: Readonly<Record<string, string>> = {}) {
    super(message)
    this.error = error
    this.status = errorStatus[error]
    this.members = members
  }
}

export function invalid(message: string): ControlError {
  return new ControlError('InvalidRequestException', message)
}
