import {
  add,
  Decimal,
  divide,
  multiply,
  negate,
  type Numeric,
  remainder,
  spend,
  spendText,
  subtract,
  toDecimal,
  toText,
  type Value,
  wholeToInt,
} from '../../value/index.ts'
import { type ArithmeticOperator } from '../ast.ts'
import { type Compiled, folded } from '../compiled.ts'
import { type Evaluator } from '../scope.ts'
import { type SqlVersion, versionTraits } from '../versions.ts'

type Operation = (a: Value, b: Value) => Value
type Exact = (a: Numeric, b: Numeric) => Numeric | undefined

/** Strings that are numbers count as such; every other operand makes the result Undefined. */
function numeric(exact: Exact): Operation {
  return (a, b) => {
    const left = toDecimal(a)
    if (left === undefined) return undefined
    const right = toDecimal(b)
    return right === undefined || !spendDigits(left, right) ? undefined : exact(left, right)
  }
}

const addNumbers = (a: Value, b: Value): Value => {
  if (typeof a === 'string' || typeof b === 'string') return join(a, b)
  const left = toDecimal(a)
  if (left === undefined) return undefined
  const right = toDecimal(b)
  return right === undefined || !spendDigits(left, right) ? undefined : add(left, right)
}

/** Numbers far beyond 34 digits are cut before they are used, which takes its time. */
const MANY_DIGITS = 10n ** 100n

function spendDigits(a: Numeric, b: Numeric): boolean {
  return (!hasManyDigits(a) || spend(400)) && (!hasManyDigits(b) || spend(400))
}

function hasManyDigits(number: Numeric): boolean {
  return number instanceof Decimal && (number.coefficient > MANY_DIGITS || number.coefficient < -MANY_DIGITS)
}

/** One String operand makes + a concatenation, of numeric strings too. */
function join(a: Value, b: Value): Value {
  const left = toText(a)
  if (left === undefined) return undefined
  const right = toText(b)
  return right === undefined || !spendText(left.length + right.length) ? undefined : left + right
}

/**
 * Source: https://docs.aws.amazon.com/iot/latest/developerguide/iot-sql-operators.html
 *
 * | operator | operands           | result                                                        |
 * |----------|--------------------|---------------------------------------------------------------|
 * | `+`      | a String and any   | concatenation of the text forms; Undefined with Null, Undefined |
 * | `+`      | numbers            | sum                                                           |
 * | others   | numbers or numeric strings | difference, product, exact quotient, remainder with the sign of the left |
 * | all      | anything else, division by zero | Undefined                                        |
 */
const operations: Readonly<Record<ArithmeticOperator, Operation>> = {
  '+': addNumbers,
  '-': numeric(subtract),
  '*': numeric(multiply),
  '/': numeric(divide),
  '%': numeric(remainder),
}

export function arithmetic(
  operator: ArithmeticOperator,
  left: Compiled,
  right: Compiled,
  version: SqlVersion,
): Compiled {
  const operate = inVersion(operations[operator], version)
  const a = left.evaluate
  if (right.constant) {
    const b = right.value
    return folded((scope) => operate(a(scope), b), [left, right])
  }
  const b = right.evaluate
  return folded((scope) => operate(a(scope), b(scope)), [left, right])
}

export function negation(operand: Compiled, version: SqlVersion): Compiled {
  const negated = inVersion((value) => {
    const number = toDecimal(value)
    return number === undefined ? undefined : negate(number)
  }, version)
  const { evaluate } = operand
  const evaluator: Evaluator = (scope) => negated(evaluate(scope), undefined)
  return folded(evaluator, [operand])
}

/** Whole results are Ints where the language version has it so. */
function inVersion(operation: Operation, version: SqlVersion): Operation {
  if (versionTraits[version].wholeDecimals === 'keep') return operation
  return (a, b) => {
    const value = operation(a, b)
    return typeof value === 'object' ? wholeToInt(value) : value
  }
}
