/** Stands for a secret in what is shown; a document that holds it is refused. */
export const MASK = '********'

/** Whether a field holds a secret, by its name; undefined: not known. */
export type SecretField = (name: string) => boolean | undefined

const SUSPECT =
  /password|passwd|passphrase|secret|token|credential|authorization|keytab|keystore|jaas|(?:private|api|access)[._-]?key/i
/** Nothing but one look-up: it names a secret and is none. */
const LOOK_UP = /^\$\{\s*get_secret\([^()]*\)\s*\}$/
/** Deeper parts are masked as a whole. */
const MAX_DEPTH = 64

/**
 * A copy of a document without its secrets: the texts of fields that hold one, by `isSecret` or, where it does not
 * know, by the sound of their name. A text that only looks one up with `get_secret` stays.
 */
export function maskSecrets(document: unknown, isSecret: SecretField = () => undefined): unknown {
  return maskField('', document, isSecret)
}

/** The same for the value of a field. */
export function maskField(name: string, value: unknown, isSecret: SecretField, depth = 0): unknown {
  if (typeof value === 'string') return hides(name, value, isSecret) ? MASK : value
  if (typeof value !== 'object' || value === null) return value
  if (depth >= MAX_DEPTH) return MASK
  if (Array.isArray(value)) return value.map((item) => maskField(name, item, isSecret, depth + 1))
  return Object.fromEntries(
    Object.entries(value).map(([field, inner]): [string, unknown] => [
      field,
      maskField(fieldName(value, field), inner, isSecret, depth + 1),
    ]),
  )
}

/** What a field is called: of a header, which has a key and a value, the value is called by the key. */
export function fieldName(owner: object, field: string): string {
  const key = field === 'value' && 'key' in owner ? owner.key : undefined
  return typeof key === 'string' ? key : field
}

function hides(name: string, text: string, isSecret: SecretField): boolean {
  return text !== '' && (isSecret(name) ?? SUSPECT.test(name)) && !LOOK_UP.test(text)
}

/** Path of the first text that is the mask, as `actions[0].kafka.topic`; undefined: there is none. */
export function findMask(document: unknown, path = '', depth = 0): string | undefined {
  if (document === MASK) return path
  if (typeof document !== 'object' || document === null || depth >= MAX_DEPTH) return undefined
  for (const [name, value] of Object.entries(document)) {
    const found = findMask(value, stepInto(document, path, name), depth + 1)
    if (found !== undefined) return found
  }
  return undefined
}

/** `actions[0].kafka` and `topic` → `actions[0].kafka.topic` */
export function stepInto(owner: object, path: string, name: string): string {
  if (Array.isArray(owner)) return `${path}[${name}]`
  return path === '' ? name : `${path}.${name}`
}
