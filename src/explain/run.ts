import { type CompiledRule } from '../rule/index.ts'
import { type Scope } from '../sql/index.ts'
import { type Allowance } from './bounds.ts'
import { type ExplainedNode } from './explanation.ts'
import { type Recorder } from './recorder.ts'

/** What explaining one message shares. */
export interface Run {
  /** The rule, compiled to be watched. */
  readonly traced: CompiledRule
  readonly scope: Scope
  readonly recorder: Recorder
  readonly allowance: Allowance
  /** Assignments of SET by name, as they are explained. */
  readonly variables: Map<string, ExplainedNode>
}
