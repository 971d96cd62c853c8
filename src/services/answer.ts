import { isUtf8 } from 'node:buffer'
import { type ErrorCode, errorCatalogue, type Failure } from '../errors.ts'
import { type ServiceAnswer } from '../sql/index.ts'
import { isObject, readJson, type SqlObject, type Value } from '../value/index.ts'
import { type Reply } from './exchange.ts'

/** Text of a service that a failure repeats, at most. */
const MAX_REASON = 300

/** Names what failed: the function, and the service's origin as the resource. */
export interface Blame {
  readonly name: string
  readonly origin: string
}

/** A failure of a service; its class is the code's. */
export function failed(
  code: ErrorCode & `SERVICE_${string}`,
  { name, origin }: Blame,
  what: string,
): ServiceAnswer & { readonly ok: false } {
  const failure: Failure = {
    code,
    class: errorCatalogue[code].class,
    resource: origin,
    action: name,
    message: `${name}() failed: ${what}.`,
  }
  return { ok: false, failure }
}

/** What a reply means: `{"result": …}` or `{"error": {"message": …, "retryable": …}}`, or a status that says enough. */
export function answerOf(reply: Reply, blame: Blame): ServiceAnswer {
  if (reply.kind === 'broken')
    return failed('SERVICE_UNAVAILABLE', blame, `the service cannot be reached (${brief(reply.reason)})`)
  if (reply.kind === 'too large')
    return failed('SERVICE_ANSWER_INVALID', blame, 'the answer is larger than the configuration allows')
  const { status, body } = reply
  const json = isUtf8(body) ? readJson(body.toString()) : undefined
  const members = json?.ok === true && isObject(json.value) ? json.value : undefined
  if (status >= 200 && status < 300) return answerIn(members, blame)
  const reason = members === undefined ? undefined : errorIn(members)
  const said = `the service answered with status ${status}${reason?.message ?? ''}`
  if (status >= 300 && status < 400)
    return failed('SERVICE_ANSWER_INVALID', blame, `${said}; redirects are not followed`)
  const passing = status >= 500 || status === 429 || status === 408 || reason?.retryable === true
  return failed(passing ? 'SERVICE_UNAVAILABLE' : 'SERVICE_FAILED', blame, said)
}

function answerIn(members: SqlObject | undefined, blame: Blame): ServiceAnswer {
  const value = members?.get('result')
  if (value !== undefined) return { ok: true, value }
  const error = members === undefined ? undefined : errorIn(members)
  if (error === undefined)
    return failed('SERVICE_ANSWER_INVALID', blame, 'the answer is no JSON object with "result" or "error"')
  const what = `the service answered with an error${error.message}`
  return failed(error.retryable ? 'SERVICE_UNAVAILABLE' : 'SERVICE_FAILED', blame, what)
}

function errorIn(members: SqlObject): { readonly message: string; readonly retryable: boolean } | undefined {
  const error: Value = members.get('error')
  if (!isObject(error)) return undefined
  const message = error.get('message')
  return {
    message: typeof message === 'string' ? ` (${brief(message)})` : '',
    retryable: error.get('retryable') === true,
  }
}

function brief(text: string): string {
  const line = text.replace(/[\u0000-\u001f\u007f]+/g, ' ')
  return line.length > MAX_REASON ? `${line.slice(0, MAX_REASON)}…` : line
}
