import { abs } from './abs.ts'
import { accountid } from './accountid.ts'
import { acos } from './acos.ts'
import { asin } from './asin.ts'
import { atan } from './atan.ts'
import { atan2 } from './atan2.ts'
import { awsLambda } from './aws-lambda.ts'
import { bitand } from './bitand.ts'
import { bitnot } from './bitnot.ts'
import { bitor } from './bitor.ts'
import { bitxor } from './bitxor.ts'
import { ceil } from './ceil.ts'
import { chr } from './chr.ts'
import { clientid } from './clientid.ts'
import { concat } from './concat.ts'
import { cos } from './cos.ts'
import { cosh } from './cosh.ts'
import { decode } from './decode.ts'
import { encode } from './encode.ts'
import { endswith } from './endswith.ts'
import { exp } from './exp.ts'
import { floor } from './floor.ts'
import { getDynamodb } from './get-dynamodb.ts'
import { getMqttProperty } from './get-mqtt-property.ts'
import { getOrDefault } from './get-or-default.ts'
import { getRegistryData } from './get-registry-data.ts'
import { getSecret } from './get-secret.ts'
import { getThingShadow } from './get-thing-shadow.ts'
import { getUserProperties } from './get-user-properties.ts'
import { get } from './get.ts'
import { indexof } from './indexof.ts'
import { isNull } from './is-null.ts'
import { isUndefined } from './is-undefined.ts'
import { length } from './length.ts'
import { ln } from './ln.ts'
import { log } from './log.ts'
import { lower } from './lower.ts'
import { lpad } from './lpad.ts'
import { ltrim } from './ltrim.ts'
import { machinelearningPredict } from './machinelearning-predict.ts'
import { md2 } from './md2.ts'
import { md5 } from './md5.ts'
import { mod } from './mod.ts'
import { nanvl } from './nanvl.ts'
import { newuuid } from './newuuid.ts'
import { numbytes } from './numbytes.ts'
import { parseTime } from './parse-time.ts'
import { power } from './power.ts'
import { principal } from './principal.ts'
import { rand } from './rand.ts'
import { regexpMatches } from './regexp-matches.ts'
import { regexpReplace } from './regexp-replace.ts'
import { regexpSubstr } from './regexp-substr.ts'
import { remainder } from './remainder.ts'
import { replace } from './replace.ts'
import { round } from './round.ts'
import { rpad } from './rpad.ts'
import { rtrim } from './rtrim.ts'
import { sha1 } from './sha1.ts'
import { sha224 } from './sha224.ts'
import { sha256 } from './sha256.ts'
import { sha384 } from './sha384.ts'
import { sha512 } from './sha512.ts'
import { sign } from './sign.ts'
import { sin } from './sin.ts'
import { sinh } from './sinh.ts'
import { sourceip } from './sourceip.ts'
import { sqlVersion } from './sql-version.ts'
import { sqrt } from './sqrt.ts'
import { startswith } from './startswith.ts'
import { substring } from './substring.ts'
import { tan } from './tan.ts'
import { tanh } from './tanh.ts'
import { timeToEpoch } from './time-to-epoch.ts'
import { timestamp } from './timestamp.ts'
import { topic } from './topic.ts'
import { traceid } from './traceid.ts'
import { transform } from './transform.ts'
import { trim } from './trim.ts'
import { trunc } from './trunc.ts'
import { upper } from './upper.ts'
import { type FunctionSpec } from './spec.ts'

export { isProtobuf } from './decode.ts'
export { bindFunction, checkCall, parameterAt } from './bind.ts'
export { converterOf } from './convert.ts'
export { defineFunction, optional, param, rest } from './define.ts'
export {
  type Available,
  type CallArgument,
  type CallProblem,
  type Conversion,
  type DeclaredType,
  type Effect,
  type Example,
  type FunctionSpec,
  type Param,
  type ProtobufMessage,
  type ProtobufSource,
} from './spec.ts'

/** Every function of the language that this release knows, in alphabetical order. */
export const functionSpecs: readonly FunctionSpec[] = [
  abs,
  accountid,
  acos,
  asin,
  atan,
  atan2,
  awsLambda,
  bitand,
  bitnot,
  bitor,
  bitxor,
  ceil,
  chr,
  clientid,
  concat,
  cos,
  cosh,
  decode,
  encode,
  endswith,
  exp,
  floor,
  get,
  getDynamodb,
  getMqttProperty,
  getOrDefault,
  getRegistryData,
  getSecret,
  getThingShadow,
  getUserProperties,
  indexof,
  isNull,
  isUndefined,
  length,
  ln,
  log,
  lower,
  lpad,
  ltrim,
  machinelearningPredict,
  md2,
  md5,
  mod,
  nanvl,
  newuuid,
  numbytes,
  parseTime,
  power,
  principal,
  rand,
  regexpMatches,
  regexpReplace,
  regexpSubstr,
  remainder,
  replace,
  round,
  rpad,
  rtrim,
  sha1,
  sha224,
  sha256,
  sha384,
  sha512,
  sign,
  sin,
  sinh,
  sourceip,
  sqlVersion,
  sqrt,
  startswith,
  substring,
  tan,
  tanh,
  timestamp,
  timeToEpoch,
  topic,
  traceid,
  transform,
  trim,
  trunc,
  upper,
]

const byName = new Map(functionSpecs.map((spec) => [spec.name.toLowerCase(), spec]))

/** Finds a function by its name in any case. */
export function findFunction(name: string): FunctionSpec | undefined {
  return byName.get(name.toLowerCase())
}
