import { readFileSync } from 'node:fs'
import { dirname, resolve } from 'node:path'
import { isMap, isSeq, LineCounter, parseDocument, type Document } from 'yaml'
import { z } from 'zod'
import { type Diagnostic } from '../errors.ts'
import { applyEnvironment } from './environment.ts'
import { nearest } from './nearest.ts'
import { type Config, configSchema } from './schema.ts'

export type ConfigResult =
  | { readonly ok: true; readonly config: Config }
  | { readonly ok: false; readonly diagnostics: readonly Diagnostic[] }

const MAX_CONFIG_BYTES = 1024 * 1024

/**
 * Reads the configuration file (YAML, of which JSON is a part), lays the environment's overrides over it, and
 * checks everything. All faults are returned at once. Relative paths become absolute, from the file's directory.
 */
export function loadConfig(file: string | undefined, environment: NodeJS.ProcessEnv): ConfigResult {
  if (file === undefined) return parseConfig('', process.cwd(), environment)
  let text: string
  try {
    text = readFileSync(file, 'utf8')
  } catch (error) {
    return fault('CONFIG_UNREADABLE', `Cannot read ${file}: ${(error as Error).message}.`)
  }
  if (text.length > MAX_CONFIG_BYTES) return fault('CONFIG_UNREADABLE', `${file} is larger than 1 MiB.`)
  return parseConfig(text, dirname(resolve(file)), environment)
}

export function parseConfig(text: string, directory: string, environment: NodeJS.ProcessEnv): ConfigResult {
  const lines = new LineCounter()
  const document = parseDocument(text, { lineCounter: lines, maxAliasCount: 50 } as never)
  if (document.errors.length > 0) {
    return {
      ok: false,
      diagnostics: document.errors.map((error) => ({
        code: 'CONFIG_SYNTAX',
        severity: 'error',
        message: `The configuration is not valid YAML: ${error.message.split('\n')[0]}`,
        ...position(lines, error.pos[0]),
      })),
    }
  }
  const raw: unknown = document.toJS({ maxAliasCount: 50 }) ?? {}
  const diagnostics: Diagnostic[] = []
  const merged = applyEnvironment(raw, environment, diagnostics)
  const parsed = configSchema.safeParse(merged)
  if (!parsed.success)
    diagnostics.push(...parsed.error.issues.flatMap((issue) => describe(issue, document, lines)))
  if (diagnostics.length > 0 || !parsed.success) return { ok: false, diagnostics }
  return { ok: true, config: freeze(resolvePaths(parsed.data, directory)) }
}

function fault(code: 'CONFIG_UNREADABLE', message: string): ConfigResult {
  return { ok: false, diagnostics: [{ code, severity: 'error', message }] }
}

function describe(issue: z.core.$ZodIssue, document: Document, lines: LineCounter): Diagnostic[] {
  if (issue.code === 'unrecognized_keys') {
    return issue.keys.map((key) => {
      const path = [...issue.path, key]
      const guess = nearest(key, knownKeys(issue.path))
      const message = `${pathText(path)} is not a configuration key.`
      const hint = guess === undefined ? undefined : `Did you mean "${guess}"?`
      return {
        code: 'CONFIG_UNKNOWN_KEY',
        severity: 'error',
        message,
        path: pathText(path),
        ...located(path),
        ...(hint ? { hint } : {}),
      }
    })
  }
  const path = pathText(issue.path)
  return [
    {
      code: 'CONFIG_INVALID',
      severity: 'error',
      message: `${path}: ${issue.message}`,
      path,
      ...located(issue.path),
    },
  ]

  function located(at: readonly PropertyKey[]): { line?: number; column?: number } {
    const offset = offsetOf(document, at)
    return offset === undefined ? {} : position(lines, offset)
  }
}

function offsetOf(document: Document, path: readonly PropertyKey[]): number | undefined {
  let node: unknown = document.contents
  let offset: number | undefined
  for (const step of path) {
    if (isMap(node)) {
      const pair = node.items.find(
        (item) => String((item.key as { value?: unknown })?.value) === String(step),
      )
      if (pair === undefined) break
      offset = (pair.key as { range?: [number] }).range?.[0] ?? offset
      node = pair.value
    } else if (isSeq(node)) {
      node = node.items[Number(step)]
      offset = (node as { range?: [number] } | undefined)?.range?.[0] ?? offset
    } else break
  }
  return offset
}

function position(lines: LineCounter, offset: number): { line: number; column: number } {
  const { line, col } = lines.linePos(offset)
  return { line, column: col }
}

/** `mqtt.listeners[0].port` */
export function pathText(path: readonly PropertyKey[]): string {
  return path
    .map((step, index) => (typeof step === 'number' ? `[${step}]` : `${index > 0 ? '.' : ''}${String(step)}`))
    .join('')
}

/** Keys that the schema has at a path. */
function knownKeys(path: readonly PropertyKey[]): string[] {
  type Node = { properties?: Record<string, Node>; items?: Node }
  let node = z.toJSONSchema(configSchema, { io: 'input', unrepresentable: 'any' }) as Node | undefined
  for (const step of path) node = typeof step === 'number' ? node?.items : node?.properties?.[String(step)]
  return Object.keys(node?.properties ?? {})
}

function resolvePaths(config: Config, directory: string): Config {
  const absolute = (path: string): string => resolve(directory, path)
  return {
    ...config,
    dataDirectory: absolute(config.dataDirectory),
    rules: { ...config.rules, directory: absolute(config.rules.directory) },
    mqtt: {
      ...config.mqtt,
      ...(config.mqtt.users ? { users: { file: absolute(config.mqtt.users.file) } } : {}),
      listeners: config.mqtt.listeners.map((listener) =>
        listener.tls === undefined
          ? listener
          : {
              ...listener,
              tls: {
                ...listener.tls,
                cert: absolute(listener.tls.cert),
                key: absolute(listener.tls.key),
                ...(listener.tls.clientCa ? { clientCa: absolute(listener.tls.clientCa) } : {}),
              },
            },
      ),
    },
  }
}

function freeze<T>(value: T): T {
  if (typeof value === 'object' && value !== null) {
    for (const part of Object.values(value)) freeze(part)
    Object.freeze(value)
  }
  return value
}
