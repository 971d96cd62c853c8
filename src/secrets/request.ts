import { type Failure } from '../errors.ts'
import { type Secret } from '../secret.ts'

export type SecretType = 'SecretString' | 'SecretBinary'

/** Which value is wanted. */
export interface SecretRequest {
  /** Name, ARN or partial ARN. */
  readonly id: string
  readonly type: SecretType
  /** Member of a secret that is a JSON object. */
  readonly key?: string
  /** Role to read the secret with; undefined reads it as the server itself. */
  readonly roleArn?: string
}

export type SecretAnswer =
  { readonly ok: true; readonly value: Secret } | { readonly ok: false; readonly failure: Failure }

export interface GetOptions {
  /** Milliseconds that a cached value may be old; the configured cache time unless said. */
  readonly maxAge?: number
}

/** Where secrets come from; never rejects. */
export interface SecretSource {
  /** The value as text; that of SecretBinary is base64 (RFC 4648 section 4). */
  get(request: SecretRequest, options?: GetOptions): Promise<SecretAnswer>
  /** Lets connections go. */
  close(): void
}

/** AWS allows 512 characters in a name; an ARN is longer. */
const MAX_ID = 2_048

const ROLE_ARN = /^arn:[\w-]+:iam::\d{12}:role\/[\w+=,.@/-]{1,512}$/

/** The arguments of `get_secret` as a request, or what is wrong with them as a sentence. */
export type ReadArguments =
  { readonly ok: true; readonly request: SecretRequest } | { readonly ok: false; readonly reason: string }

/**
 * Reads `get_secret(secretId, secretType, key, roleArn)`. Key and role may be left out; with three arguments the
 * third is the role when it is the ARN of one, as AWS's example of the Kafka action has it. An empty key is none.
 * Source: https://docs.aws.amazon.com/iot/latest/developerguide/iot-sql-functions.html#iot-sql-function-get-secret
 */
export function readArguments(given: readonly unknown[]): ReadArguments {
  if (given.length < 2 || given.length > 4) return refuse('takes secretId, secretType, key and roleArn')
  const [id, type, third = '', fourth = ''] = given
  if (typeof id !== 'string' || id === '') return refuse('needs the id of a secret as its first argument')
  if (id.length > MAX_ID) return refuse(`got an id of more than ${MAX_ID} characters`)
  if (type !== 'SecretString' && type !== 'SecretBinary')
    return refuse("needs 'SecretString' or 'SecretBinary' as its second argument")
  if (typeof third !== 'string' || typeof fourth !== 'string') return refuse('needs texts as key and roleArn')
  const thirdIsRole = given.length === 3 && ROLE_ARN.test(third)
  const [key, roleArn] = thirdIsRole ? ['', third] : [third, fourth]
  if (roleArn !== '' && !ROLE_ARN.test(roleArn)) return refuse('needs the ARN of an IAM role as roleArn')
  return { ok: true, request: { id, type, ...(key !== '' && { key }), ...(roleArn !== '' && { roleArn }) } }
}

function refuse(reason: string): ReadArguments {
  return { ok: false, reason: `get_secret ${reason}.` }
}
