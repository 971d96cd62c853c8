import { type Failure } from '../errors.ts'
import { type Expression, type SqlVersion } from '../sql/index.ts'
import { type TypeName, type Value } from '../value/index.ts'

/** A place in the statement or template: UTF-16 offsets, `end` exclusive; line and column count from 1. */
export interface Place {
  readonly start: number
  readonly end: number
  readonly line: number
  readonly column: number
}

/** Where an Undefined was born, and why. */
export interface Cause {
  readonly text: string
  readonly span: Place
  readonly reason: string
}

/** One sub-expression with what it came to. */
export interface ExplainedNode {
  /** `element` is one element that a nested SELECT looked at. */
  readonly kind: Expression['kind'] | 'element'
  /** What it is to the node above: `WHEN`, `argument text`, `key a`, `FROM`, …; absent where the order tells. */
  readonly role?: string
  /** As written, shortened when long. */
  readonly text: string
  readonly span: Place
  /** Absent when it was not evaluated. */
  readonly type?: TypeName
  readonly value?: Value
  /** The value as JSON text, `Undefined` for Undefined; shortened when long. */
  readonly preview?: string
  /** `preview` is not all of the value. */
  readonly cut?: true
  /** Known without the message. */
  readonly constant?: true
  /** Why it was not evaluated. */
  readonly skipped?: string
  /** Why it is Undefined. */
  readonly reason?: string
  /** The deepest cause of the Undefined, when that is another sub-expression. */
  readonly because?: Cause
  /** How the value came about: the branch taken, the operand that decided, how many elements passed. */
  readonly note?: string
  /** Indices in `children` of what decided a Boolean. */
  readonly decidedBy?: readonly number[]
  readonly children: readonly ExplainedNode[]
  /** Sub-expressions or elements that are not shown. */
  readonly more?: number
}

export interface TopicExplanation {
  /** Absent when the statement has no FROM. */
  readonly filter?: string
  readonly topic: string
  /** The topic as the rule sees it, without the Basic Ingest prefix. */
  readonly seen?: string
  readonly matched: boolean
  /** In words, why it matched or not. */
  readonly reason: string
}

export interface PayloadExplanation {
  readonly bytes: number
  readonly json: boolean
  /** In words, why it is not JSON. */
  readonly fault?: string
}

export interface SetExplanation {
  readonly name: string
  readonly node: ExplainedNode
}

export interface WhereExplanation {
  /** What WHERE came to; the message is selected for `true` alone. */
  readonly verdict: boolean | 'Undefined' | 'not a Boolean'
  /** Why it was not true. */
  readonly reason?: string
  readonly node: ExplainedNode
}

export interface SelectedItem {
  /** Keys in the output; absent where the members go into the output themselves, as those of `*` do. */
  readonly path?: readonly string[]
  /** What became of a value that is not in the output. */
  readonly note?: string
  readonly node: ExplainedNode
}

export interface SelectExplanation {
  /** True when the payload is passed on, byte for byte, without being read. */
  readonly forwards: boolean
  /** One item without a path for SELECT VALUE and SELECT *. */
  readonly items: readonly SelectedItem[]
  /** Items that are not shown. */
  readonly more?: number
  /** Absent when a service failed. */
  readonly output?: { readonly bytes: number; readonly preview: string; readonly cut?: true }
}

export interface TagExplanation {
  /** Delimiters included. */
  readonly source: string
  /** Absent when the tag has no text form; it is rendered as empty text then. */
  readonly rendered?: string
  readonly node: ExplainedNode
}

export interface TemplateExplanation {
  /** `topic`, `key`, `partition`, `headers[0].value`, … */
  readonly field: string
  readonly template: string
  readonly rendered: string
  readonly cut?: true
  /** The first tag without a text form. */
  readonly undefinedAt?: string
  readonly tooLong?: true
  readonly tags: readonly TagExplanation[]
  /** Tags that are not shown. */
  readonly more?: number
}

export interface ActionExplanation {
  readonly kind: 'kafka' | 'republish'
  readonly index: number
  readonly templates: readonly TemplateExplanation[]
  /** Why it has nothing to send; the error action would be told. */
  readonly failure?: Failure
}

/**
 * What one rule made of one message, with every step. Plain data but for the values, which `explanationJson` writes
 * with their exact numbers. Bounded in size whatever rule and message are.
 */
export interface Explanation {
  readonly rule: string
  readonly version: SqlVersion
  readonly sql: string
  readonly disabled?: true
  readonly topic: TopicExplanation
  readonly payload: PayloadExplanation
  /** Whether WHERE selected the message; false, too, when the topic did not match. */
  readonly selected: boolean
  /** This and what follows are absent when the topic did not match. */
  readonly set?: readonly SetExplanation[]
  /** Absent without a WHERE. */
  readonly where?: WhereExplanation
  /** This and the actions are absent when the message was not selected. */
  readonly select?: SelectExplanation
  readonly actions?: readonly ActionExplanation[]
  /** A service that failed the rule. */
  readonly failure?: Failure
  /**
   * Its templates as they are rendered when an action fails. Absent, as long as none fails, when they would call a
   * service.
   */
  readonly errorAction?: ActionExplanation
  /** Present when parts were left out: what, in words. */
  readonly cut?: string
}
