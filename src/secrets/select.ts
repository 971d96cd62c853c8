import { Secret } from '../secret.ts'
import { type Content, secretFailure } from './backend.ts'
import { type SecretAnswer, type SecretRequest } from './request.ts'

/** The value a request asks for, of what its secret holds. */
export function select(content: Content, { id, type, key }: SecretRequest): SecretAnswer {
  const inside = content.keyUsed ? undefined : key
  if (type === 'SecretBinary') {
    if (inside !== undefined)
      return secretFailure('SECRET_TYPE', 'rule', id, 'a key is for SecretString alone; leave it out.')
    const { bytes } = content
    if (bytes === undefined)
      return secretFailure('SECRET_TYPE', 'rule', id, 'it holds a SecretString and no SecretBinary.')
    return { ok: true, value: new Secret(bytes.toString('base64')) }
  }
  const { text } = content
  if (text === undefined)
    return secretFailure('SECRET_TYPE', 'rule', id, 'it holds bytes and no text; ask for SecretBinary.')
  return inside === undefined ? { ok: true, value: new Secret(text) } : member(text, inside, id)
}

function member(text: string, key: string, id: string): SecretAnswer {
  let parsed: unknown
  try {
    parsed = JSON.parse(text)
  } catch {
    return secretFailure('SECRET_NOT_JSON', 'rule', id, 'it is not JSON, so it has no keys.')
  }
  if (typeof parsed !== 'object' || parsed === null || Array.isArray(parsed))
    return secretFailure('SECRET_NOT_JSON', 'rule', id, 'it is JSON but no object, so it has no keys.')
  if (!Object.hasOwn(parsed, key)) {
    const shown = JSON.stringify(key.slice(0, 100))
    return secretFailure('SECRET_KEY_MISSING', 'rule', id, `it has no key ${shown}.`)
  }
  const value = (parsed as Record<string, unknown>)[key]
  return { ok: true, value: new Secret(typeof value === 'string' ? value : JSON.stringify(value)) }
}
