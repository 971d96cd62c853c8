import { isMap, isSeq, LineCounter, parseDocument, type Document } from 'yaml'
import { type Diagnostic } from '../errors.ts'

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
  const lines = new LineCounter()
  try {
    const document = parseDocument(text, { lineCounter: lines })
    if (document.errors.length > 0)
      return {
        ok: false,
        diagnostics: document.errors.map((error) => fault(error.message, at(lines, error.pos[0]))),
      }
    const value = withoutEmpty(document.toJS({ maxAliasCount: MAX_ALIASES }) as unknown) ?? {}
    return {
      ok: true,
      source: {
        value,
        locate: (path) => {
          const offset = offsetOf(document, path)
          return offset === undefined ? undefined : at(lines, offset)
        },
      },
    }
  } catch (error) {
    // Aliases that refer to nothing or multiply, and nesting beyond the stack.
    return { ok: false, diagnostics: [fault((error as Error).message, undefined)] }
  }
}

function fault(message: string, position: Position | undefined): Diagnostic {
  const text = `The configuration is not valid YAML: ${message.split('\n')[0]!.replace(/:$/, '')}`
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

function at(lines: LineCounter, offset: number): Position {
  const { line, col } = lines.linePos(offset)
  return { line, column: col }
}
