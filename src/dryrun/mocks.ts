import { type ServiceFunction } from './services.ts'

const ROLE_ARN = /^arn:[\w-]+:iam::\d{12}:role\//

/**
 * A service that answers what a document says. `{answers: [{args, result}, {args, error}], otherwise}` answers by
 * the arguments of a call, compared as JSON; any other document is the answer to every call.
 */
export function cannedService(document: unknown): ServiceFunction {
  if (!isAnswers(document)) return () => document
  const known = new Map(document.answers.map((answer) => [keyOf(answer.args), answer]))
  return (args) => {
    const answer = known.get(keyOf(args))
    if (answer?.error !== undefined) throw new Error(answer.error)
    if (answer !== undefined) return answer.result
    if ('otherwise' in document) return document.otherwise
    throw new Error(`nothing is prepared for the arguments ${JSON.stringify(args).slice(0, 200)}`)
  }
}

/**
 * `get_secret` over secrets by their id. A key reads a member of a secret that is a JSON object; SecretBinary gives the
 * secret in base64.
 */
export function cannedSecrets(secrets: ReadonlyMap<string, string>): ServiceFunction {
  return ([id, type, third, fourth]) => {
    const secret = secrets.get(String(id))
    if (secret === undefined) throw new Error(`no secret ${JSON.stringify(id)} is prepared`)
    const thirdIsRole = fourth === undefined && typeof third === 'string' && ROLE_ARN.test(third)
    if (type === 'SecretBinary') return Buffer.from(secret, 'utf8').toString('base64')
    return typeof third !== 'string' || third === '' || thirdIsRole ? secret : member(secret, third)
  }
}

interface Answers {
  readonly answers: readonly {
    readonly args: unknown
    readonly result?: unknown
    readonly error?: string
  }[]
  readonly otherwise?: unknown
}

function isAnswers(document: unknown): document is Answers {
  if (typeof document !== 'object' || document === null || !('answers' in document)) return false
  const { answers } = document
  return (
    Array.isArray(answers) &&
    answers.every((each) => typeof each === 'object' && each !== null && 'args' in each)
  )
}

/** Members of objects in one order. */
function keyOf(value: unknown): string {
  return JSON.stringify(value, (_key, each: unknown) =>
    typeof each === 'object' && each !== null && !Array.isArray(each)
      ? Object.fromEntries(Object.entries(each).sort(([a], [b]) => (a < b ? -1 : 1)))
      : each,
  )
}

function member(secret: string, key: string): string {
  const parsed = parsedOr(secret)
  if (typeof parsed !== 'object' || parsed === null || Array.isArray(parsed))
    throw new Error('the secret is no JSON object, so it has no keys')
  if (!Object.hasOwn(parsed, key)) throw new Error(`the secret has no key ${JSON.stringify(key)}`)
  const value = (parsed as Record<string, unknown>)[key]
  return typeof value === 'string' ? value : JSON.stringify(value)
}

function parsedOr(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
