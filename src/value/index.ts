export { add, compare, divide, multiply, negate, remainder, subtract } from './arithmetic.ts'
export { isArray, isInt, isObject, toBoolean, toDecimal, toInt, toText, typeOf } from './conversions.ts'
export { Decimal, isNumeric, numberText, type Numeric } from './decimal.ts'
export { equals } from './equals.ts'
export { encodeJson, encodeKey, encodeMembers } from './json-encode.ts'
export { type JsonResult, readJson, type WholeDecimals } from './json-read.ts'
export { jsonFault, MAX_DEPTH } from './json-scan.ts'
export { quoted, writeJson } from './json-write.ts'
export { Payload, type PayloadView } from './payload.ts'
export {
  ceil,
  floor,
  fromBigInt,
  fromDouble,
  roundHalfAwayFromZero,
  toBigInt,
  toDouble,
  truncate,
} from './rounding.ts'
export { type SqlObject, type TypeName, type Value } from './value.ts'
export { wholeToInt } from './whole.ts'
export { endWork, exceed, type ExceededLimit, isExceeded, spend, spendText, startWork } from './work.ts'
