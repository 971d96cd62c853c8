import { readFileSync, statSync } from 'node:fs'
import { dirname, resolve } from 'node:path'
import { type z } from 'zod'
import { type Diagnostic } from '../errors.ts'
import { crossCheck } from './cross-check.ts'
import { applyEnvironment } from './environment.ts'
import { inWords } from './in-words.ts'
import { nearest } from '../nearest.ts'
import { resolvePaths } from './paths.ts'
import { configSchemaNode } from './print.ts'
import { type Config, configSchema } from './schema.ts'
import { schemaAt } from './schema-node.ts'
import { type ConfigSource, readSource } from './source.ts'

export type ConfigResult =
  | { readonly ok: true; readonly config: Config; readonly warnings: readonly Diagnostic[] }
  | { readonly ok: false; readonly diagnostics: readonly Diagnostic[] }

const MAX_CONFIG_BYTES = 1024 * 1024

/**
 * Reads the configuration file (YAML, of which JSON is a part), lays the environment's overrides over it, and
 * checks everything. All faults are returned at once. Relative paths become absolute, from the file's directory.
 */
export function loadConfig(file: string | undefined, environment: NodeJS.ProcessEnv): ConfigResult {
  if (file === undefined) return parseConfig('', process.cwd(), environment)
  try {
    if (statSync(file).size > MAX_CONFIG_BYTES) return unreadable(`${file} is larger than 1 MiB.`)
    return parseConfig(readFileSync(file, 'utf8'), dirname(resolve(file)), environment)
  } catch (error) {
    return unreadable(`Cannot read ${file}: ${(error as Error).message}.`)
  }
}

/** The same for text: paths are relative to `directory`. */
export function parseConfig(text: string, directory: string, environment: NodeJS.ProcessEnv): ConfigResult {
  const read = readSource(text)
  if (!read.ok) return read
  const diagnostics: Diagnostic[] = []
  const { document, origins } = applyEnvironment(
    read.source.value,
    environment,
    configSchemaNode(),
    diagnostics,
  )
  const locate = locator(read.source, origins)
  const parsed = configSchema.safeParse(document, { error: inWords })
  if (!parsed.success) diagnostics.push(...parsed.error.issues.flatMap((issue) => describe(issue, locate)))
  else diagnostics.push(...crossCheck(parsed.data).map(({ at, ...found }) => ({ ...found, ...locate(at) })))
  const isFault = ({ severity }: Diagnostic): boolean => severity === 'error'
  if (!parsed.success || diagnostics.some(isFault))
    return { ok: false, diagnostics: diagnostics.filter(isFault) }
  return { ok: true, config: freeze(resolvePaths(parsed.data, directory)), warnings: diagnostics }
}

function unreadable(message: string): ConfigResult {
  return { ok: false, diagnostics: [{ code: 'CONFIG_UNREADABLE', severity: 'error', message }] }
}

type Located = Pick<Diagnostic, 'path' | 'line' | 'column' | 'hint'>
type Locate = (path: readonly PropertyKey[]) => Located

/** Says where a value comes from: the variable that set it, else its place in the file. */
function locator(source: ConfigSource, origins: ReadonlyMap<string, string>): Locate {
  return (path) => {
    const named = path.length === 0 ? {} : { path: pathText(path) }
    for (let length = path.length; length > 0; length -= 1) {
      const variable = origins.get(JSON.stringify(path.slice(0, length)))
      if (variable !== undefined) return { ...named, hint: `The environment variable ${variable} sets it.` }
    }
    return { ...named, ...source.locate(path) }
  }
}

function describe(issue: z.core.$ZodIssue, locate: Locate): Diagnostic[] {
  if (issue.code === 'unrecognized_keys') return issue.keys.map((key) => unknownKey(issue.path, key, locate))
  const path = pathText(issue.path)
  const message = `${path === '' ? 'The configuration' : path}: ${issue.message}.`
  return [{ code: 'CONFIG_INVALID', severity: 'error', message, ...locate(issue.path) }]
}

function unknownKey(parent: readonly PropertyKey[], key: string, locate: Locate): Diagnostic {
  const path = [...parent, key]
  const guess = nearest(key, Object.keys(schemaAt(configSchemaNode(), parent)?.properties ?? {}))
  return {
    code: 'CONFIG_UNKNOWN_KEY',
    severity: 'error',
    message: `${pathText(path)} is not a configuration key.`,
    ...locate(path),
    ...(guess === undefined ? {} : { hint: `Did you mean "${guess}"?` }),
  }
}

/** `mqtt.listeners[0].port` */
export function pathText(path: readonly PropertyKey[]): string {
  return path
    .map((step, index) => (typeof step === 'number' ? `[${step}]` : `${index > 0 ? '.' : ''}${String(step)}`))
    .join('')
}

function freeze<T>(value: T): T {
  if (typeof value === 'object' && value !== null) {
    for (const part of Object.values(value)) freeze(part)
    Object.freeze(value)
  }
  return value
}
