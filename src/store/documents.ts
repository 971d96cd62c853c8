import { basename, extname } from 'node:path'
import { LineCounter, parseAllDocuments, isMap, isSeq, type Document } from 'yaml'
import { type Diagnostic } from '../errors.ts'

/** A rule document at rest. */
export interface StoredDocument {
  /** File and, where it holds several documents, the position in it; stable over edits. */
  readonly source: string
  readonly file: string
  /** Counts from 0. */
  readonly index: number
  /** Name for a document without `ruleName`: the file's name without its ending. */
  readonly name: string | undefined
  readonly document: unknown
  readonly text: string
  /** Line and column, from 1, of a field such as `actions[0].kafka.topic`; of its nearest parent when it is absent. */
  locate(path: string): { line: number; column: number } | undefined
}

export interface ReadResult {
  readonly documents: readonly StoredDocument[]
  readonly diagnostics: readonly Diagnostic[]
}

const RULE_NAME = /^[a-zA-Z0-9_]{1,128}$/

/** Splits a file's text (JSON or YAML; one document, several separated by `---`, or an array) into documents. */
export function readDocuments(file: string, text: string): ReadResult {
  const lines = new LineCounter()
  const parsed = parseAllDocuments(text, { lineCounter: lines, uniqueKeys: true })
  const list = Array.isArray(parsed) ? parsed : []
  const diagnostics = list.flatMap((document) =>
    document.errors.map((error) => syntaxFault(file, error, lines)),
  )
  if (diagnostics.length > 0) return { documents: [], diagnostics }
  const roots = list.flatMap((document) => rootsOf(document))
  if (roots.length === 0) {
    const message = `${file} holds no rule document.`
    return { documents: [], diagnostics: [{ code: 'STORE_UNREADABLE', severity: 'error', message }] }
  }
  const stem = basename(file, extname(file)).replaceAll('-', '_')
  const documents = roots.map(({ document, value, prefix }, index) => ({
    source: `${file}#${index}`,
    file,
    index,
    name: roots.length === 1 && RULE_NAME.test(stem) ? stem : undefined,
    document: value,
    text: JSON.stringify(value) ?? '',
    locate: (path: string) => locate(document, lines, [...prefix, ...steps(path)]),
  }))
  return { documents, diagnostics }
}

interface Root {
  readonly document: Document
  readonly value: unknown
  readonly prefix: readonly (string | number)[]
}

function rootsOf(document: Document): Root[] {
  const value: unknown = document.toJS({ maxAliasCount: 50 })
  if (value === null) return []
  if (!Array.isArray(value)) return [{ document, value, prefix: [] }]
  return (value as unknown[]).map((item, index) => ({ document, value: item, prefix: [index] }))
}

function syntaxFault(
  file: string,
  error: { message: string; pos: [number, number] },
  lines: LineCounter,
): Diagnostic {
  const { line, col } = lines.linePos(error.pos[0])
  const message = `${file} is neither JSON nor YAML: ${error.message.split('\n')[0]}`
  return { code: 'STORE_UNREADABLE', severity: 'error', message, line, column: col }
}

/** `actions[0].kafka["a.b"]` → ['actions', 0, 'kafka', 'a.b'] */
function steps(path: string): (string | number)[] {
  const found: (string | number)[] = []
  for (const [, index, quoted, name] of path.matchAll(/\[(\d+)\]|\["((?:[^"\\]|\\.)*)"\]|([^.[\]]+)/g)) {
    if (index !== undefined) found.push(Number(index))
    else found.push(quoted ?? name ?? '')
  }
  return found
}

function locate(
  document: Document,
  lines: LineCounter,
  path: readonly (string | number)[],
): { line: number; column: number } | undefined {
  let node: unknown = document.contents
  let offset = (node as { range?: [number] } | null)?.range?.[0]
  for (const step of path) {
    if (isMap(node)) {
      const pair = node.items.find((item) => (item.key as { value?: unknown }).value === step)
      if (pair === undefined) break
      offset = (pair.key as { range?: [number] }).range?.[0] ?? offset
      node = pair.value
    } else if (isSeq(node)) {
      node = node.items[Number(step)]
      offset = (node as { range?: [number] } | undefined)?.range?.[0] ?? offset
    } else break
  }
  if (offset === undefined) return undefined
  const { line, col } = lines.linePos(offset)
  return { line, column: col }
}
