import { type z } from 'zod'
import { type Caller, type Permission } from '../access/index.ts'
import { type ErrorName } from './errors.ts'

/** What an operation may ask about the request that it answers. */
export interface Call {
  readonly caller: Caller
  readonly address: string | undefined
  /** Host that the client named, without its port. */
  readonly host: string
  /** `If-Match`: the revision that the resource must have. */
  readonly revision: string | undefined
  /** Answers `ETag`. */
  tell(revision: string): void
  /** Writes a change down; resolves when that is on the disk. */
  audit(resource: string, before: unknown, after: unknown): Promise<void>
}

/** One operation of AWS IoT's control API: what it takes, what it answers, what it does. */
export interface Operation<Input extends z.ZodType = z.ZodType, Output extends z.ZodType = z.ZodType> {
  readonly name: string
  readonly summary: string
  readonly method: 'GET' | 'POST' | 'PATCH' | 'DELETE'
  /** As in the service model, `/rules/{ruleName}`; `{arn+}` takes the rest of the path. */
  readonly path: string
  readonly permission: Permission
  /** An object of everything that is given: members of path, query, headers and body by AWS's names. */
  readonly input: Input
  /** Where each member of `input` stands; members that are not named stand in the body. */
  readonly places: Readonly<Record<string, MemberPlace>>
  /** Undefined: the answer has no body. */
  readonly output: Output | undefined
  readonly errors: readonly ErrorName[]
  handle(
    input: z.output<Input>,
    call: Call,
  ): Promise<z.input<Output> | undefined> | z.input<Output> | undefined
}

/** `payload`: the whole body is the member. */
export type MemberPlace = 'path' | 'query' | 'payload' | { readonly header: string }

/** Checks an operation's types where it is written. */
export function defineOperation<Input extends z.ZodType, Output extends z.ZodType>(
  operation: Operation<Input, Output>,
): Operation {
  return operation as unknown as Operation
}

/** Operations of one resource. */
export interface Resource {
  readonly name: string
  readonly operations: readonly Operation[]
}
