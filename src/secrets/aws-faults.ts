import { type ErrorCode } from '../errors.ts'

/** What an error of the AWS SDK says of a secret: code, whose fault, and a sentence without any value. */
export interface AwsFault {
  readonly code: ErrorCode
  readonly class: 'rule' | 'environment'
  readonly sentence: string
}

/** Names of errors by what they mean; both services' and the SDK's own. */
const faults: readonly (readonly [
  names: RegExp,
  code: ErrorCode,
  whose: AwsFault['class'],
  sentence: string,
])[] = [
  [/^ResourceNotFoundException$/, 'SECRET_NOT_FOUND', 'rule', 'Secrets Manager has none of that name.'],
  [
    /^InvalidRequestException$/,
    'SECRET_NOT_FOUND',
    'rule',
    'Secrets Manager does not give it out; it may be marked for deletion.',
  ],
  [
    /^(?:InvalidParameterException|ValidationException)$/,
    'SECRET_NOT_FOUND',
    'rule',
    'Secrets Manager takes this id for no valid one.',
  ],
  [
    /^(?:AccessDenied|AccessDeniedException)$/,
    'SECRET_ACCESS_DENIED',
    'rule',
    'Secrets Manager does not allow to read it.',
  ],
  [
    /^DecryptionFailure$/,
    'SECRET_ACCESS_DENIED',
    'rule',
    'Secrets Manager cannot decrypt it with its KMS key.',
  ],
  [
    /Throttl|TooManyRequests|SlowDown|RequestLimitExceeded|LimitExceeded/,
    'SECRET_THROTTLED',
    'environment',
    'there were too many requests.',
  ],
  [
    /^(?:CredentialsProviderError|TokenProviderError|ExpiredToken\w*|InvalidClientTokenId|UnrecognizedClientException|InvalidSignatureException|SignatureDoesNotMatch|IncompleteSignature|MissingAuthenticationToken\w*|OptInRequired|NotAuthorized)$/,
    'SECRET_CREDENTIALS',
    'environment',
    'the server has no AWS credentials, or they are not valid (any more).',
  ],
]

/** Classifies what `send` of a client threw; what nothing names is taken for an outage. */
export function awsFault(error: unknown): AwsFault {
  const { name, code } = error as { name?: unknown; code?: unknown }
  const known = faults.find(([names]) => typeof name === 'string' && names.test(name))
  if (known !== undefined) return { code: known[1], class: known[2], sentence: known[3] }
  const told = [name, code].filter((text) => typeof text === 'string' && /^\w{1,60}$/.test(text)).join(', ')
  return {
    code: 'SECRET_UNREACHABLE',
    class: 'environment',
    sentence: `the service did not answer (${told === '' ? 'unknown error' : told}).`,
  }
}
