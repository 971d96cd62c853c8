import { isUtf8 } from 'node:buffer'
import { type CallArgument, type CallProblem } from './spec.ts'

/** The bytes behind base64 text, padded or not; undefined when it is no base64. */
export function bytesOfBase64(text: string): Buffer | undefined {
  const unpadded = text.endsWith('==') ? text.length - 2 : text.endsWith('=') ? text.length - 1 : text.length
  if (unpadded % 4 === 1 || (unpadded !== text.length && text.length % 4 !== 0)) return undefined
  if (!/^[A-Za-z0-9+/]*$/.test(text.slice(0, unpadded))) return undefined
  return Buffer.from(text, 'base64')
}

/** The text behind base64 text; undefined when it is no base64 or no UTF-8. */
export function textOfBase64(text: string): string | undefined {
  const bytes = bytesOfBase64(text)
  return bytes !== undefined && isUtf8(bytes) ? bytes.toString() : undefined
}

/** A constant scheme that no call of the function can use. */
export function schemeProblem(name: string, { constant, value }: CallArgument): CallProblem[] {
  if (!constant || value === 'base64') return []
  const message = `${name}() knows the scheme 'base64' alone; the call is always Undefined.`
  return [{ code: 'SQL_ARGUMENT_TYPE', severity: 'warning', message, argument: 1 }]
}
