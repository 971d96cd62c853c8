import { toBoolean } from '../value/index.ts'
import { type Expression, type Statement } from './ast.ts'
import { childrenOf } from './children.ts'
import { findContradiction, subjectOf } from './contradictions.ts'
import { type Findings, preview } from './diagnostics.ts'
import { findFunction } from './functions/index.ts'
import { type Inference } from './infer.ts'

/** Warns of parts of a sound statement that can be computed for no message, and of a WHERE that never passes. */
export function warnAboutStatement(statement: Statement, inference: Inference, findings: Findings): void {
  const checker = new Checker(inference, findings)
  for (const { name, value } of statement.assignments) {
    checker.check(value)
    inference.assign(name, value)
  }
  const { select, where } = statement
  for (const value of select.kind === 'value' ? [select.value] : select.items.map((item) => item.value))
    checker.check(value)
  if (where === undefined) return
  const constant =
    inference.isConstant(where) ||
    (where.kind === 'logical' && where.operands.every((each) => inference.isConstant(each)))
  const never = constant ? undefined : checker.whyNever(where)
  if (never === undefined) return checker.check(where)
  const message = `WHERE can never be true, so the rule never matches: ${never.reason}.`
  findings.warn('SQL_WHERE_NEVER', never.at.span, message)
}

/** The same for an expression by itself. */
export function warnAboutExpression(expression: Expression, inference: Inference, findings: Findings): void {
  new Checker(inference, findings).check(expression)
}

interface Reason {
  readonly at: Expression
  readonly reason: string
}

const TRUE = 1
const FALSE = 2
const OTHER = 4

class Checker {
  readonly #inference: Inference
  readonly #findings: Findings

  constructor(inference: Inference, findings: Findings) {
    this.#inference = inference
    this.#findings = findings
  }

  /** Reports the innermost operators and calls that are always Undefined. */
  check(expression: Expression): void {
    const open = [expression]
    for (let each = open.pop(); each !== undefined; each = open.pop()) {
      const children = childrenOf(each)
      open.push(...children)
      this.#undefinedName(each, children)
      if (!this.#inference.isAlwaysUndefined(each)) continue
      if (children.some((child) => this.#inference.isAlwaysUndefined(child))) continue
      if (each.kind === 'call') this.#warnAboutCall(each)
      else if (each.kind !== 'literal' && each.kind !== 'case' && each.kind !== 'cast') {
        const message = `${this.#text(each)} is always Undefined: ${this.#whyUndefined(each)}.`
        this.#findings.warn('SQL_ALWAYS_UNDEFINED', each.span, message)
      }
    }
  }

  /** Constant arguments are the compiler's to report. */
  #warnAboutCall({ name, arguments: args }: Expression & { kind: 'call' }): void {
    const spec = findFunction(name)
    if (spec === undefined || args.length < spec.arity.min || args.length > spec.arity.max) return
    args.forEach((argument, index) => {
      const parameter = spec.params[Math.min(index, spec.params.length - 1)]!
      if (this.#inference.isConstant(argument) || this.#inference.canConvert(argument, parameter)) return
      const message = `${spec.name}() needs ${parameter.type} as ${parameter.name}, which ${this.#inference.inWords(argument)} does not become; the call is always Undefined.`
      this.#findings.warn('SQL_ARGUMENT_TYPE', argument.span, message)
    })
  }

  #undefinedName(expression: Expression, children: readonly Expression[]): void {
    if (expression.kind !== 'comparison' && expression.kind !== 'in') return
    const named = children.find((child) => child.kind === 'field' && /^undefined$/i.test(child.name))
    if (named === undefined) return
    const message = `${this.#text(named)} is read as the name of a field: there is no such literal.`
    this.#findings.warn('SQL_UNDEFINED_NAME', named.span, message, 'use isUndefined(value)')
  }

  #text({ span }: Expression): string {
    return preview(this.#findings.text.slice(span.start, span.end))
  }

  // ---- why an operator is Undefined

  #whyUndefined(expression: Expression): string {
    switch (expression.kind) {
      case 'negate':
        return this.#noNumber(expression.operand)
      case 'not':
        return this.#noBoolean(expression.operand)
      case 'logical':
        return this.#noBoolean(expression.operands.find((each) => !this.#inference.canBeBoolean(each)))
      case 'in':
        return this.#isNo(expression.list, 'Array')
      case 'member':
        return this.#isNo(expression.object, 'Object')
      case 'comparison':
      case 'arithmetic':
        return this.#noNumber(
          [expression.left, expression.right].find((each) => !this.#inference.canBeNumber(each)),
        )
      default:
        return 'its value cannot be computed'
    }
  }

  #noNumber(operand: Expression | undefined): string {
    return operand === undefined ? 'the result is no number' : this.#isNo(operand, 'number')
  }

  #noBoolean(operand: Expression | undefined): string {
    return operand === undefined ? 'an operand is no Boolean' : this.#isNo(operand, 'Boolean')
  }

  #isNo(operand: Expression, wanted: string): string {
    if (this.#inference.isAlwaysUndefined(operand)) return `${this.#text(operand)} is always Undefined`
    const noun = wanted === 'number' ? 'not a number' : `not ${/^[AO]/.test(wanted) ? 'an' : 'a'} ${wanted}`
    return `${this.#text(operand)} is ${this.#inference.inWords(operand)}, ${noun}`
  }

  // ---- why WHERE is never true

  /** Undefined when the condition may be true, or nothing is known against it. */
  whyNever(where: Expression): Reason | undefined {
    if (this.#outcomes(where) & TRUE) {
      if (this.#inference.hasBoolean(where)) return undefined
      const reason = `only the Boolean true passes, and ${this.#text(where)} is ${this.#inference.inWords(where)}`
      return { at: where, reason }
    }
    return this.#explain(where)
  }

  #explain(condition: Expression): Reason {
    if (condition.kind === 'logical') return this.#explainLogical(condition)
    if (this.#inference.isAlwaysUndefined(condition)) return this.#explainUndefined(condition)
    if (condition.kind === 'comparison') {
      const { left, right, operator } = condition
      const apart = operator === '=' && this.#inference.areApart(left, right)
      const reason = apart
        ? `${this.#text(left)} is ${this.#inference.inWords(left)} and ${this.#text(right)} is ${this.#inference.inWords(right)}, which are never equal`
        : `${this.#text(condition)} compares a value with itself`
      return { at: condition, reason }
    }
    return { at: condition, reason: `${this.#text(condition)} is never true` }
  }

  #explainUndefined(condition: Expression): Reason {
    const inner = childrenOf(condition).find((child) => this.#inference.isAlwaysUndefined(child))
    if (inner !== undefined) return this.#explainUndefined(inner)
    if (condition.kind === 'call') {
      const reason = `${this.#text(condition)} is always Undefined, because an argument does not convert`
      return { at: condition, reason }
    }
    return {
      at: condition,
      reason: `${this.#text(condition)} is always Undefined: ${this.#whyUndefined(condition)}`,
    }
  }

  #explainLogical(condition: Expression & { kind: 'logical' }): Reason {
    const undefinedOne = condition.operands.find((each) => this.#outcomes(each) === OTHER)
    if (undefinedOne !== undefined) return this.#explain(undefinedOne)
    const never = condition.operands.find((each) => (this.#outcomes(each) & TRUE) === 0)
    if (never !== undefined) return this.#explain(never)
    const [one, other] = findContradiction(flatten(condition), this.#inference)!
    return { at: other, reason: `${this.#text(one)} and ${this.#text(other)} exclude each other` }
  }

  /** What a condition can come to: true, false, or neither. */
  #outcomes(condition: Expression): number {
    const inference = this.#inference
    if (inference.isConstant(condition)) return ofConstant(toBoolean(inference.constantOf(condition)))
    if (!inference.canBeBoolean(condition)) return OTHER
    switch (condition.kind) {
      case 'not': {
        const inner = this.#outcomes(condition.operand)
        return (inner & TRUE ? FALSE : 0) | (inner & FALSE ? TRUE : 0) | (inner & OTHER)
      }
      case 'logical':
        return this.#ofLogical(condition)
      case 'comparison':
        return this.#ofComparison(condition)
      default:
        return TRUE | FALSE | OTHER
    }
  }

  #ofLogical(condition: Expression & { kind: 'logical' }): number {
    const outcomes = condition.operands.map((each) => this.#outcomes(each))
    // One operand that is neither makes the whole Undefined: there is no short circuit.
    if (outcomes.includes(OTHER)) return OTHER
    const [decisive, other] = condition.operator === 'AND' ? [FALSE, TRUE] : [TRUE, FALSE]
    const some = outcomes.some((each) => each & decisive) ? decisive : 0
    const all = outcomes.every((each) => each & other) ? other : 0
    const contradicts =
      condition.operator === 'AND' && findContradiction(flatten(condition), this.#inference) !== undefined
    return some | (contradicts ? FALSE : all) | OTHER
  }

  #ofComparison({ operator, left, right }: Expression & { kind: 'comparison' }): number {
    const subject = subjectOf(left)
    if (subject !== undefined && subject === subjectOf(right))
      return (['=', '<=', '>='].includes(operator) ? TRUE : FALSE) | OTHER
    const equality = operator === '=' || operator === '<>'
    if (equality && this.#inference.areApart(left, right)) return (operator === '=' ? FALSE : TRUE) | OTHER
    return TRUE | FALSE | OTHER
  }
}

function ofConstant(value: boolean | undefined): number {
  return value === undefined ? OTHER : value ? TRUE : FALSE
}

/** The operands of an AND, those of an AND in parentheses included. */
function flatten(condition: Expression): Expression[] {
  return condition.kind === 'logical' && condition.operator === 'AND'
    ? condition.operands.flatMap(flatten)
    : [condition]
}
