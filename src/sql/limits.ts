import { type Failure } from '../errors.ts'
import { type ExceededLimit } from '../value/index.ts'

/** Bounds on a statement or expression; the configuration has them under `sql.limits`, by the same names. */
export interface SqlLimits {
  /** UTF-16 code units of a statement, expression or template. */
  readonly length: number
  /** Words, numbers, strings and signs. */
  readonly tokens: number
  /** Numbers, strings, TRUE, FALSE and NULL, and the keys of object literals. */
  readonly literals: number
  /** Open brackets and CASE at one time. */
  readonly nesting: number
  /** Depth of the syntax tree, chains of one operator included. */
  readonly depth: number
  /** Units of work that the evaluation of a statement, or of the templates of an action, may take (value/work.ts). */
  readonly work: number
  /** Bytes that a statement may write. */
  readonly outputSize: number
}

/** Each is far above what AWS itself takes: it bounds the whole rule at 256 KB (CreateTopicRule), a message at 128 KB. */
export const limits: SqlLimits = {
  length: 256 * 1024,
  tokens: 50_000,
  literals: 10_000,
  nesting: 128,
  depth: 1000,
  work: 2_000_000,
  outputSize: 4 * 1024 * 1024,
}

/** The limits with those that are given in place of the usual ones. */
export function limitsWith(given: Partial<SqlLimits> | undefined): SqlLimits {
  return given === undefined ? limits : { ...limits, ...given }
}

/** What bounds one evaluation; `weight` units are taken by the expressions themselves, whatever the message. */
export interface RunLimits {
  readonly work: number
  readonly outputSize: number
  readonly weight: number
}

/** Why a message that made a rule exceed a limit failed. `resource` is the rule's or the action's. */
export function limitFailure(
  exceeded: ExceededLimit,
  { work, outputSize }: Pick<SqlLimits, ExceededLimit>,
  resource: string,
): Failure {
  const [code, message] =
    exceeded === 'work'
      ? ([
          'SQL_WORK_LIMIT',
          `The message makes the rule do too much work: ${limitInWords('work', work)} units.`,
        ] as const)
      : ([
          'SQL_OUTPUT_TOO_LARGE',
          `The output for the message is too large: ${limitInWords('outputSize', outputSize)} bytes.`,
        ] as const)
  return { code, class: 'message', resource, message }
}

/** How a message names a limit: its key in the configuration and its value. */
export function limitInWords(name: keyof SqlLimits, value: number): string {
  return `sql.limits.${name} allows ${value}`
}

/** Findings reported for one text. */
export const maxFindings = 20

/** Tokens of a faulty text up to which its sound parts are looked at too. */
export const maxRecovered = 2000
