import { isExceeded, startWork, type Value } from '../value/index.ts'
import { type Expression, type LogicalExpression, type NestedSelect } from './ast.ts'
import { type Compiled } from './compiled.ts'
import { type Compiling, type FrameName, type Variable } from './context.ts'
import { type Findings } from './diagnostics.ts'
import { compileCall } from './forms/call.ts'
import { compileCase } from './forms/case.ts'
import { compileCast } from './forms/cast.ts'
import { compileArray, compileLiteral, compileObject } from './forms/literal.ts'
import { compileExists, compileNestedSelect } from './forms/nested.ts'
import { compileField, compileMember, compilePayload, compileVariable } from './forms/path.ts'
import { type Available, type ProtobufSource } from './functions/index.ts'
import { arithmetic, negation } from './operators/arithmetic.ts'
import { comparison } from './operators/comparison.ts'
import { logical, not } from './operators/logic.ts'
import { membership } from './operators/membership.ts'
import { limitInWords, limitsWith, type SqlLimits } from './limits.ts'
import { type TraceNode } from './trace.ts'
import { traced, watchedLogical } from './tracing.ts'
import { type SqlVersion } from './versions.ts'

export interface CompileSqlOptions {
  /** Compiles closures that report every sub-expression to `scope.tracer`; slower, for explaining only. */
  readonly tracing?: boolean
  /** Names of the functions that have a service, in lower case; a call of any other such function is refused. */
  readonly services?: ReadonlySet<string>
  /** Bounds in place of the usual ones. */
  readonly limits?: Partial<SqlLimits>
  /** Descriptors for `decode(…, 'proto', …)`, which is refused without. */
  readonly protobuf?: ProtobufSource | undefined
}

const NONE: ReadonlySet<string> = new Set()

/** Turns expressions into closures, bottom up; one object per statement or template tag. */
export class Compiler implements Compiling {
  readonly version: SqlVersion
  readonly available: Available
  readonly calls = new Map<string, number>()
  readonly findings: Findings
  readonly variables: ReadonlyMap<string, Variable>
  readonly frames: FrameName[] = []
  /** Values of the expressions that do not depend on the message. */
  readonly constants = new Map<Expression, Value>()
  /** Present when every sub-expression tells the scope's tracer its value. */
  readonly nodes: Map<Expression, TraceNode> | undefined
  /** The AND at the top of WHERE, which stops at the first operand that is not true. */
  conjunction: Expression | undefined
  readonly #work: number

  constructor(
    version: SqlVersion,
    findings: Findings,
    variables: ReadonlyMap<string, Variable>,
    { tracing = false, services = NONE, protobuf, limits: given }: CompileSqlOptions,
  ) {
    this.version = version
    this.available = { services, protobuf }
    this.#work = limitsWith(given).work
    startWork(this.#work, this.#work)
    this.findings = findings
    this.variables = variables
    this.nodes = tracing ? new Map() : undefined
  }

  compile(expression: Expression): Compiled {
    const compiled = this.#compile(expression)
    if (isExceeded()) this.#reportWork(expression)
    if (compiled.constant) this.constants.set(expression, compiled.value)
    if (this.nodes === undefined) return compiled
    const [watched, node] = traced(compiled, expression)
    this.nodes.set(expression, node)
    return watched
  }

  /** Constant expressions are evaluated while they are compiled. */
  #reportWork({ span }: Expression): void {
    startWork(this.#work, this.#work)
    const message = `Computing this constant expression takes too much work: ${limitInWords('work', this.#work)} units.`
    this.findings.error('SQL_WORK_LIMIT', span, message)
  }

  within<Result>({ alias }: NestedSelect, compile: () => Result): Result {
    this.frames.push({ alias })
    const result = compile()
    this.frames.pop()
    return result
  }

  #compile(expression: Expression): Compiled {
    switch (expression.kind) {
      case 'literal':
        return compileLiteral(expression, this)
      case 'field':
        return compileField(expression, this)
      case 'member':
        return compileMember(expression, this)
      case 'payload':
        return compilePayload(this)
      case 'variable':
        return compileVariable(expression, this)
      case 'negate':
        return negation(this.compile(expression.operand), this.version)
      case 'not':
        return not(this.compile(expression.operand))
      case 'arithmetic':
        return arithmetic(
          expression.operator,
          this.compile(expression.left),
          this.compile(expression.right),
          this.version,
        )
      case 'comparison':
        return comparison(expression.operator, this.compile(expression.left), this.compile(expression.right))
      case 'logical':
        return this.#logical(expression)
      case 'in':
        return membership(this.compile(expression.element), this.compile(expression.list))
      case 'exists':
        return compileExists(expression, this)
      case 'case':
        return compileCase(expression, this)
      case 'cast':
        return compileCast(expression, this)
      case 'call':
        return compileCall(expression, this)
      case 'array':
        return compileArray(expression, this)
      case 'object':
        return compileObject(expression, this)
      case 'select':
        return compileNestedSelect(expression, this)
    }
  }
  #logical(expression: LogicalExpression): Compiled {
    const { operator } = expression
    const operands = expression.operands.map((operand) => this.compile(operand))
    if (this.nodes === undefined) return logical(operator, operands)
    return watchedLogical(operator, operands, expression === this.conjunction)
  }
}
