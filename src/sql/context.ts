import { type Expression, type NestedSelect } from './ast.ts'
import { type Compiled } from './compiled.ts'
import { type Findings } from './diagnostics.ts'
import { type Available, type Effect } from './functions/index.ts'
import { type SqlVersion } from './versions.ts'

/** One SET variable: where its value lies in `scope.variables`, and what computing it reads. */
export interface Variable {
  readonly slot: number
  readonly effect: Effect
}

/** SET variables by name, without the `@`; a scope needs as many slots as there are. */
export type VariableTable = ReadonlyMap<string, Variable>

/** A nested SELECT around an expression: the name it gives its element. */
export interface FrameName {
  readonly alias: string | undefined
}

/** What the forms and operators need from the compiler. */
export interface Compiling {
  readonly version: SqlVersion
  readonly available: Available
  /** How often each function that AWS bounds is called in the statement. */
  readonly calls: Map<string, number>
  readonly findings: Findings
  readonly variables: ReadonlyMap<string, Variable>
  /** Outermost first, parallel to `scope.frames`. */
  readonly frames: readonly FrameName[]
  compile(expression: Expression): Compiled
  /** Compiles inside one more nested SELECT. */
  within<Result>(query: NestedSelect, compile: () => Result): Result
}
