import { Decimal, type Value, wholeToInt } from '../../value/index.ts'
import { type ArrayExpression, type LiteralExpression, type ObjectExpression } from '../ast.ts'
import { type Compiled, constantOf, folded } from '../compiled.ts'
import { type Compiling } from '../context.ts'
import { preview } from '../diagnostics.ts'
import { versionTraits } from '../versions.ts'

export function compileLiteral(literal: LiteralExpression, compiling: Compiling): Compiled {
  if (literal.type !== 'number') return constantOf(literal.value)
  const value = Decimal.parse(literal.text)
  if (value instanceof Decimal && !value.isBounded) {
    const message = `The number ${preview(literal.text)} is out of range: from 1E-999 to 9.99E999, or zero.`
    compiling.findings.error('SQL_NUMBER_RANGE', literal.span, message)
  }
  return constantOf(versionTraits[compiling.version].wholeDecimals === 'int' ? wholeToInt(value) : value)
}

export function compileArray(array: ArrayExpression, compiling: Compiling): Compiled {
  requireLiterals(array, 'Array', compiling)
  const elements = array.elements.map((element) => compiling.compile(element))
  const getters = elements.map(({ evaluate }) => evaluate)
  return folded((scope) => getters.map((get) => get(scope)), elements)
}

/** A member that is Undefined is left out. */
export function compileObject(object: ObjectExpression, compiling: Compiling): Compiled {
  requireLiterals(object, 'Object', compiling)
  const values = object.entries.map(({ value }) => compiling.compile(value))
  const keys = object.entries.map(({ key }) => key)
  const getters = values.map(({ evaluate }) => evaluate)
  return folded((scope) => {
    const result = new Map<string, Value>()
    for (let index = 0; index < keys.length; index++) {
      const value = getters[index]!(scope)
      if (value !== undefined) result.set(keys[index]!, value)
    }
    return result
  }, values)
}

function requireLiterals(
  expression: ArrayExpression | ObjectExpression,
  what: string,
  compiling: Compiling,
): void {
  if (versionTraits[compiling.version].literals) return
  const message = `${what} literals exist from version 2016-03-23 on; this statement is read in ${compiling.version}.`
  compiling.findings.error(
    'SQL_NEEDS_VERSION',
    expression.span,
    message,
    'set awsIotSqlVersion to "2016-03-23"',
  )
}
