import { type TestMessage } from '../dryrun/index.ts'
import { type Position } from '../store/index.ts'
import { type Value } from '../value/index.ts'
import { type MockAnswer } from './mocks.ts'
import { type FileFault, type TestedRule } from './rules.ts'
import { type ExpectationData } from './schema.ts'

/** What a case expects: the keys as checked, and the same with exact numbers. */
export interface Expectation {
  readonly data: ExpectationData
  readonly exact: Value
}

/** One message and what a rule is to make of it. */
export interface TestCase {
  readonly name: string
  /** Place in the file, from 0. */
  readonly index: number
  readonly position: Position | undefined
  readonly rule: TestedRule
  readonly message: TestMessage
  readonly seed: number
  readonly accountId: string | undefined
  readonly secrets: ReadonlyMap<string, Value>
  readonly answers: ReadonlyMap<string, readonly MockAnswer[]>
  readonly failing: readonly number[]
  readonly skip: boolean
  /** Absent where none was written yet. */
  readonly expect: Expectation | undefined
  /** Compared character by character, as AWS's validation tool does; no other expectation then. */
  readonly expectText?: string
}

/** A test file as far as it can be used. */
export interface TestFile {
  readonly file: string
  readonly cases: readonly TestCase[]
  readonly rules: readonly TestedRule[]
  readonly faults: readonly FileFault[]
  /** The files that it was made of, itself included: when one changes, it is to be run again. */
  readonly sources: readonly string[]
  /** Whether the whole file is a list of cases, without keys above them. */
  readonly isList: boolean
}
