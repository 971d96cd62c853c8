import { type Document, isMap, isSeq, type LineCounter } from 'yaml'
import { type Diagnostic } from '../errors.ts'
import { readYaml } from './yaml.ts'

export interface Position {
  readonly line: number
  readonly column: number
}

/** A parsed configuration file that knows where its keys stand. */
export interface ConfigSource {
  /** An empty object for an empty file; sections left empty are left out. */
  readonly value: unknown
  /** Where a key stands, or its nearest parent when it is absent; lines and columns from 1. */
  locate(path: readonly PropertyKey[]): Position | undefined
}

export type SourceResult =
  | { readonly ok: true; readonly source: ConfigSource }
  | { readonly ok: false; readonly diagnostics: readonly Diagnostic[] }

const MAX_ALIASES = 100

/** Reads YAML (of which JSON is a part). */
export function readSource(text: string): SourceResult {
  const read = readYaml(text)
  if (read === undefined) return refused([fault('nested too deeply')])
  const { documents, lines } = read
  const errors = documents.flatMap((document) => document.errors)
  if (errors.length > 0) return refused(errors.map(({ message, pos }) => fault(message, at(lines, pos[0]))))
  if (documents.length > 1)
    return refused([fault('more than one document', at(lines, documents[1]!.range?.[0] ?? 0))])
  const document = documents[0]
  try {
    const value = withoutEmpty(document?.toJS({ maxAliasCount: MAX_ALIASES }) as unknown) ?? {}
    return { ok: true, source: { value, locate: (path) => locate(document, lines, path) } }
  } catch {
    return refused([fault('an alias refers to nothing or to itself, or aliases multiply')])
  }
}

function refused(diagnostics: readonly Diagnostic[]): SourceResult {
  return { ok: false, diagnostics }
}

function fault(message: string, position?: Position): Diagnostic {
  // What the parser quotes may be a secret.
  const reason = message.split('\n')[0]!.replace(/:? ?".*$/, '')
  const text = `The configuration cannot be read as YAML: ${reason}.`
  return { code: 'CONFIG_SYNTAX', severity: 'error', message: text, ...position }
}

/** A section whose keys are all commented out reads as null: it stands for its defaults. */
function withoutEmpty(value: unknown): unknown {
  if (value === null) return undefined
  if (Array.isArray(value)) return value.map((item) => withoutEmpty(item) ?? {})
  if (typeof value !== 'object') return value
  const entries = Object.entries(value).map(([key, part]) => [key, withoutEmpty(part)] as const)
  return Object.fromEntries(entries.filter(([, part]) => part !== undefined))
}

function locate(
  document: Document | undefined,
  lines: LineCounter,
  path: readonly PropertyKey[],
): Position | undefined {
  let node: unknown = document?.contents
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
  return offset === undefined ? undefined : at(lines, offset)
}

function at(lines: LineCounter, offset: number): Position {
  const { line, col } = lines.linePos(offset)
  return { line, column: col }
}
