import {
  compare,
  Decimal,
  floor,
  isNumeric,
  type Numeric,
  toBoolean,
  toDecimal,
  toText,
  type Value,
  wholeToInt,
} from '../../value/index.ts'
import { type CastExpression } from '../ast.ts'
import { type Compiled, constantOf, folded } from '../compiled.ts'
import { type Compiling } from '../context.ts'
import { preview } from '../diagnostics.ts'
import { isAvailable, type SqlVersion, versionTraits } from '../versions.ts'

interface CastType {
  readonly since: SqlVersion
  readonly cast: (value: Value) => Value
}

const one = Decimal.parse('1.0')
const zero = Decimal.parse('0.0')

/** Numbers as they are, Booleans as `whole`, numeric strings by their value. */
function toNumber(
  value: Value,
  ifTrue: Numeric | undefined,
  ifFalse: Numeric | undefined,
): Numeric | undefined {
  if (typeof value === 'boolean') return value ? ifTrue : ifFalse
  return toDecimal(value)
}

/** Rounds down. */
function castToInt(value: Value): Value {
  const number = toNumber(value, 1, 0)
  return number === undefined ? undefined : floor(number)
}

function castToDecimal(value: Value): Value {
  return toNumber(value, one, zero)
}

/** A number is true unless it is zero. */
function castToBoolean(value: Value): Value {
  return isNumeric(value) ? compare(value, 0) !== 0 : toBoolean(value)
}

const toString: CastType = { since: '2015-10-08', cast: toText }
const toInteger: CastType = { since: '2015-10-08', cast: castToInt }

/** Source: https://docs.aws.amazon.com/iot/latest/developerguide/iot-sql-functions.html#iot-sql-function-cast */
const types: ReadonlyMap<string, CastType> = new Map([
  ['string', toString],
  ['nvarchar', toString],
  ['text', toString],
  ['ntext', toString],
  ['varchar', toString],
  ['int', toInteger],
  ['integer', toInteger],
  ['double', { since: '2015-10-08', cast: castToDecimal }],
  ['decimal', { since: '2016-03-23', cast: castToDecimal }],
  ['bool', { since: '2016-03-23', cast: castToBoolean }],
  ['boolean', { since: '2016-03-23', cast: castToBoolean }],
])

export function compileCast(expression: CastExpression, compiling: Compiling): Compiled {
  const operand = compiling.compile(expression.operand)
  const type = typeOf(expression, compiling)
  if (type === undefined) return constantOf(undefined)
  const { evaluate } = operand
  const { cast } = type
  if (versionTraits[compiling.version].wholeDecimals === 'keep')
    return folded((scope) => cast(evaluate(scope)), [operand])
  return folded((scope) => wholeToInt(cast(evaluate(scope))), [operand])
}

function typeOf({ type, typeSpan }: CastExpression, { version, findings }: Compiling): CastType | undefined {
  const found = types.get(type.toLowerCase())
  if (found === undefined) {
    const message = `cast knows no type ${preview(type)}.`
    findings.error('SQL_CAST_TYPE', typeSpan, message, 'use String, Int, Decimal or Boolean')
  } else if (!isAvailable(found.since, version)) {
    const message = `cast has the type ${type} from version ${found.since} on; this statement is read in ${version}.`
    findings.error(
      'SQL_NEEDS_VERSION',
      typeSpan,
      message,
      `set awsIotSqlVersion to "${found.since}", or use Double`,
    )
  }
  return found
}
