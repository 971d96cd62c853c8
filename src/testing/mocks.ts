import { type ServiceAnswer, type Services } from '../sql/index.ts'
import { equals, isObject, type Value, writeJson } from '../value/index.ts'

/** What a service answers: to calls with these arguments first, or to all. */
export interface MockAnswer {
  readonly args?: readonly Value[]
  /** Null when a call returns nothing. */
  readonly result?: Value
  /** Why it fails. */
  readonly error?: string
}

/** Services of a test; what it has no answer for is told in `unanswered`. */
export class MockServices implements Services {
  /** Calls without an answer, as they would be written. */
  readonly unanswered: string[] = []
  readonly #secrets: ReadonlyMap<string, Value>
  readonly #answers: ReadonlyMap<string, readonly MockAnswer[]>

  constructor(secrets: ReadonlyMap<string, Value>, answers: ReadonlyMap<string, readonly MockAnswer[]>) {
    this.#secrets = secrets
    this.#answers = answers
  }

  call(name: string, args: readonly Value[]): Promise<ServiceAnswer> {
    const answer = this.#answers.get(name)?.find((each) => fits(each, args))
    if (answer !== undefined) {
      const { result = null, error } = answer
      return Promise.resolve(error === undefined ? { ok: true, value: result } : failed(name, error))
    }
    const secret = name === 'get_secret' ? this.#secretOf(args) : undefined
    if (secret !== undefined) return Promise.resolve(secret)
    const call = `${name}(${args.map((each) => writeJson(each) ?? 'Undefined').join(', ')})`
    this.unanswered.push(call)
    return Promise.resolve(failed(name, `the test has no answer for ${call}`))
  }

  #secretOf([id, type, third, fourth]: readonly Value[]): ServiceAnswer | undefined {
    const secret = this.#secrets.get(String(id))
    if (secret === undefined) return undefined
    const key = fourth === undefined && String(third).startsWith('arn:') ? '' : (third ?? '')
    const text = textOf(secret)
    if (type === 'SecretBinary') return { ok: true, value: Buffer.from(text).toString('base64') }
    if (key === '') return { ok: true, value: text }
    const member = isObject(secret) ? secret.get(String(key)) : undefined
    if (member === undefined)
      return failed('get_secret', `the secret ${String(id)} has no key ${String(key)}`)
    return { ok: true, value: textOf(member) }
  }
}

function textOf(value: Value): string {
  return typeof value === 'string' ? value : (writeJson(value) ?? '')
}

function fits({ args: wanted = [] }: MockAnswer, args: readonly Value[]): boolean {
  return wanted.every((each, index) => index < args.length && equals(each, args[index]))
}

function failed(name: string, reason: string): ServiceAnswer {
  const message = `${name}() failed: ${reason}`
  return { ok: false, failure: { code: 'SERVICE_FAILED', class: 'message', resource: name, message } }
}
