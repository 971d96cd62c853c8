/** Where a node stands in the text: UTF-16 offsets, `end` exclusive. */
export interface Span {
  readonly start: number
  readonly end: number
}

export interface Statement {
  readonly kind: 'statement'
  readonly text: string
  readonly assignments: readonly Assignment[]
  readonly select: SelectClause
  /** Absent: reachable by Basic Ingest alone. */
  readonly from: TopicFilter | undefined
  readonly where: Expression | undefined
}

/** The body of a substitution template, or any expression by itself. */
export interface StandaloneExpression {
  readonly kind: 'standalone'
  readonly text: string
  readonly expression: Expression
}

/** `SET @name = value`; the name has no `@`. */
export interface Assignment {
  readonly name: string
  readonly nameSpan: Span
  readonly value: Expression
}

export type SelectClause =
  | { readonly kind: 'value'; readonly span: Span; readonly value: Expression }
  | { readonly kind: 'items'; readonly span: Span; readonly items: readonly SelectItem[] }

export interface SelectItem {
  readonly span: Span
  readonly value: Expression
  /** `value.*`: the members of an object. */
  readonly spread: boolean
  /** `AS a.b` is `['a', 'b']`. */
  readonly alias: readonly string[] | undefined
}

export interface TopicFilter {
  readonly filter: string
  readonly span: Span
}

export type ArithmeticOperator = '+' | '-' | '*' | '/' | '%'
export type ComparisonOperator = '=' | '<>' | '<' | '<=' | '>' | '>='

export type Expression =
  | LiteralExpression
  | FieldExpression
  | MemberExpression
  | PayloadExpression
  | VariableExpression
  | NegateExpression
  | NotExpression
  | ArithmeticExpression
  | ComparisonExpression
  | LogicalExpression
  | InExpression
  | ExistsExpression
  | CaseExpression
  | CastExpression
  | CallExpression
  | ArrayExpression
  | ObjectExpression
  | NestedSelect

/** A number keeps its text: its exact value depends on the language version. */
export type LiteralExpression =
  | { readonly kind: 'literal'; readonly span: Span; readonly type: 'number'; readonly text: string }
  | { readonly kind: 'literal'; readonly span: Span; readonly type: 'string'; readonly value: string }
  | {
      readonly kind: 'literal'
      readonly span: Span
      readonly type: 'constant'
      readonly value: boolean | null
    }

/** The first segment of a path. */
export interface FieldExpression {
  readonly kind: 'field'
  readonly span: Span
  readonly name: string
}

export interface MemberExpression {
  readonly kind: 'member'
  readonly span: Span
  readonly object: Expression
  readonly name: string
}

/** `*`: the whole payload, or the element of the nested SELECT around it. */
export interface PayloadExpression {
  readonly kind: 'payload'
  readonly span: Span
}

export interface VariableExpression {
  readonly kind: 'variable'
  readonly span: Span
  readonly name: string
}

export interface NegateExpression {
  readonly kind: 'negate'
  readonly span: Span
  readonly operand: Expression
}

export interface NotExpression {
  readonly kind: 'not'
  readonly span: Span
  readonly operand: Expression
}

export interface ArithmeticExpression {
  readonly kind: 'arithmetic'
  readonly span: Span
  readonly operator: ArithmeticOperator
  readonly left: Expression
  readonly right: Expression
}

export interface ComparisonExpression {
  readonly kind: 'comparison'
  readonly span: Span
  readonly operator: ComparisonOperator
  readonly left: Expression
  readonly right: Expression
}

/** A chain of one operator, left to right: long chains must not nest. */
export interface LogicalExpression {
  readonly kind: 'logical'
  readonly span: Span
  readonly operator: 'AND' | 'OR'
  readonly operands: readonly Expression[]
}

export interface InExpression {
  readonly kind: 'in'
  readonly span: Span
  readonly element: Expression
  readonly list: Expression
}

export interface ExistsExpression {
  readonly kind: 'exists'
  readonly span: Span
  readonly query: NestedSelect
}

export interface CaseExpression {
  readonly kind: 'case'
  readonly span: Span
  readonly subject: Expression
  readonly branches: readonly { readonly when: Expression; readonly then: Expression }[]
  readonly otherwise: Expression | undefined
}

export interface CastExpression {
  readonly kind: 'cast'
  readonly span: Span
  readonly operand: Expression
  readonly type: string
  readonly typeSpan: Span
}

export interface CallExpression {
  readonly kind: 'call'
  readonly span: Span
  /** As written. */
  readonly name: string
  readonly nameSpan: Span
  readonly arguments: readonly Expression[]
}

export interface ArrayExpression {
  readonly kind: 'array'
  readonly span: Span
  readonly elements: readonly Expression[]
}

export interface ObjectExpression {
  readonly kind: 'object'
  readonly span: Span
  readonly entries: readonly { readonly key: string; readonly value: Expression }[]
}

export interface NestedSelect {
  readonly kind: 'select'
  readonly span: Span
  readonly select: SelectClause
  readonly source: Expression
  /** `FROM x AS a`: the name of the element. */
  readonly alias: string | undefined
  readonly where: Expression | undefined
}
