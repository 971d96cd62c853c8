import { type Diagnostic } from '../errors.ts'
import { nearest } from '../nearest.ts'
import { type SchemaNode, schemaAt, takesText } from './schema-node.ts'

const PREFIX = 'TOPICRULE_'
/** Names the configuration file itself (see the option --config). */
export const CONFIG_FILE_VARIABLE = `${PREFIX}CONFIG`

type Path = readonly (string | number)[]

/** A document with the environment laid over it, and which variable gave each of the values it set. */
export interface Overlay {
  readonly document: unknown
  /** Variable by path, written as `JSON.stringify` of the path. */
  readonly origins: ReadonlyMap<string, string>
}

/**
 * Lays `TOPICRULE_` variables over a parsed document: `__` separates levels, a number is a list index, and names
 * match keys whatever their case and underscores (`TOPICRULE_MQTT__LIMITS__MAX_PACKET_SIZE`). A key that takes text
 * gets the value as it stands; for any other key a value that is JSON is taken as such.
 */
export function applyEnvironment(
  document: unknown,
  environment: NodeJS.ProcessEnv,
  schema: SchemaNode,
  faults: Diagnostic[],
): Overlay {
  const origins = new Map<string, string>()
  let result = document
  // Sorted, so that LISTENERS comes before LISTENERS__0 and index 0 before index 1.
  const names = Object.keys(environment).sort((a, b) => a.localeCompare(b, 'en', { numeric: true }))
  for (const name of names) {
    const value = environment[name]
    if (!name.startsWith(PREFIX) || name === CONFIG_FILE_VARIABLE || value === undefined) continue
    const resolved = resolvePath(name.slice(PREFIX.length).split('__'), schema)
    if ('fault' in resolved) faults.push(unknownVariable(name, resolved.fault))
    else {
      const written = assign(result, resolved.path, parse(value, schemaAt(schema, resolved.path)))
      if (written === undefined) faults.push(unknownVariable(name, 'it skips an index of the list.'))
      else {
        result = written.document
        origins.set(JSON.stringify(resolved.path), name)
      }
    }
  }
  return { document: result, origins }
}

function resolvePath(steps: readonly string[], schema: SchemaNode): { path: Path } | { fault: string } {
  const path: (string | number)[] = []
  let node: SchemaNode | undefined = schema
  for (const step of steps) {
    if (node?.items !== undefined) {
      if (!/^\d{1,4}$/.test(step)) return { fault: `a list index is expected where "${step}" is.` }
      path.push(Number(step))
      node = node.items
      continue
    }
    const keys: string[] = Object.keys(node?.properties ?? {})
    const key: string | undefined = keys.find((candidate) => plain(candidate) === plain(step))
    if (key === undefined) {
      const guess = keys.length === 0 ? undefined : nearest(plain(step), keys)
      const hint = guess === undefined ? '.' : `; did you mean ${upperSnake(guess)}?`
      return { fault: `there is no key "${step}"${path.length === 0 ? '' : ` in ${path.join('.')}`}${hint}` }
    }
    path.push(key)
    node = node?.properties?.[key]
  }
  return { path }
}

function plain(name: string): string {
  return name.replaceAll('_', '').toLowerCase()
}

function upperSnake(key: string): string {
  return key.replace(/[A-Z]/g, (letter) => `_${letter}`).toUpperCase()
}

function unknownVariable(name: string, why: string): Diagnostic {
  const message = `The environment variable ${name.slice(0, 200)} names no configuration key: ${why.slice(0, 300)}`
  return { code: 'CONFIG_ENVIRONMENT', severity: 'error', message, path: name.slice(0, 200) }
}

function parse(value: string, schema: SchemaNode | undefined): unknown {
  if (takesText(schema)) return value
  try {
    return JSON.parse(value) as unknown
  } catch {
    return value
  }
}

/** A copy of the document with the value at the path; undefined when a list would get a hole. */
function assign(node: unknown, path: Path, value: unknown): { readonly document: unknown } | undefined {
  const [step, ...rest] = path
  if (step === undefined) return { document: value }
  if (typeof step === 'number') {
    const list: unknown[] = Array.isArray(node) ? [...(node as unknown[])] : []
    if (step > list.length) return undefined
    const inner = assign(list[step], rest, value)
    if (inner === undefined) return undefined
    list[step] = inner.document
    return { document: list }
  }
  const record: Record<string, unknown> = isRecord(node) ? { ...node } : {}
  const inner = assign(Object.hasOwn(record, step) ? record[step] : undefined, rest, value)
  if (inner === undefined) return undefined
  record[step] = inner.document
  return { document: record }
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
