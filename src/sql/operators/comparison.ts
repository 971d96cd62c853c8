import { compare, equals, toDecimal, type Value } from '../../value/index.ts'
import { type ComparisonOperator } from '../ast.ts'
import { type Compiled, folded } from '../compiled.ts'
import { type Evaluator } from '../scope.ts'

type OrderOperator = Exclude<ComparisonOperator, '=' | '<>'>

/** By the sign of the comparison: less, equal, greater. */
const orders: Readonly<Record<OrderOperator, (sign: number) => boolean>> = {
  '<': (sign) => sign < 0,
  '<=': (sign) => sign <= 0,
  '>': (sign) => sign > 0,
  '>=': (sign) => sign >= 0,
}

/**
 * Source: https://docs.aws.amazon.com/iot/latest/developerguide/iot-sql-operators.html
 *
 * | operator        | operands                       | result                          |
 * |-----------------|--------------------------------|---------------------------------|
 * | `<` `<=` `>` `>=` | numbers and numeric strings  | by exact value                  |
 * | `<` `<=` `>` `>=` | anything else                | Undefined                       |
 * | `=` `<>`        | same type (Int and Decimal are one) | deep equality, or not      |
 * | `=` `<>`        | different types                | false, true: never converted    |
 * | `=` `<>`        | Undefined on a side            | Undefined                       |
 */
export function comparison(operator: ComparisonOperator, left: Compiled, right: Compiled): Compiled {
  return folded(evaluatorOf(operator, left, right), [left, right])
}

function evaluatorOf(operator: ComparisonOperator, left: Compiled, right: Compiled): Evaluator {
  if (operator === '=' || operator === '<>') return equality(operator === '=', left, right)
  if (right.constant && typeof right.value === 'number')
    return orderWithNumber(operator, left.evaluate, right.value)
  const test = orders[operator]
  const [a, b] = [left.evaluate, right.evaluate]
  return (scope) => order(a(scope), b(scope), test)
}

function order(a: Value, b: Value, test: (sign: number) => boolean): Value {
  const left = toDecimal(a)
  if (left === undefined) return undefined
  const right = toDecimal(b)
  return right === undefined ? undefined : test(compare(left, right))
}

/** The usual case by itself: doubles compare as the decimals that they stand for. */
function orderWithNumber(operator: OrderOperator, get: Evaluator, limit: number): Evaluator {
  const test = orders[operator]
  const slow = (value: Value): Value => order(value, limit, test)
  switch (operator) {
    case '<':
      return (scope) => {
        const value = get(scope)
        return typeof value === 'number' ? value < limit : slow(value)
      }
    case '<=':
      return (scope) => {
        const value = get(scope)
        return typeof value === 'number' ? value <= limit : slow(value)
      }
    case '>':
      return (scope) => {
        const value = get(scope)
        return typeof value === 'number' ? value > limit : slow(value)
      }
    case '>=':
      return (scope) => {
        const value = get(scope)
        return typeof value === 'number' ? value >= limit : slow(value)
      }
  }
}

function equality(equal: boolean, left: Compiled, right: Compiled): Evaluator {
  const { value: wanted } = right
  if (right.constant && (typeof wanted === 'string' || typeof wanted === 'boolean' || wanted === null)) {
    return equalityWithScalar(equal, left.evaluate, wanted)
  }
  const [a, b] = [left.evaluate, right.evaluate]
  return (scope) => {
    const valueA = a(scope)
    if (valueA === undefined) return undefined
    const valueB = b(scope)
    return valueB === undefined ? undefined : equals(valueA, valueB) === equal
  }
}

function equalityWithScalar(equal: boolean, get: Evaluator, wanted: string | boolean | null): Evaluator {
  if (equal) {
    return (scope) => {
      const value = get(scope)
      return value === undefined ? undefined : value === wanted
    }
  }
  return (scope) => {
    const value = get(scope)
    return value === undefined ? undefined : value !== wanted
  }
}
