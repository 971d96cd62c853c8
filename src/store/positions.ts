import { type Document, isMap, isSeq, type LineCounter } from 'yaml'

/** Lines and columns count from 1. */
export interface Position {
  readonly line: number
  readonly column: number
}

/** `actions[0].kafka["a.b"]` → ['actions', 0, 'kafka', 'a.b'] */
export function fieldSteps(path: string): (string | number)[] {
  const found: (string | number)[] = []
  for (const [, index, quoted, name] of path.matchAll(/\[(\d+)\]|\["((?:[^"\\]|\\.)*)"\]|([^.[\]]+)/g)) {
    if (index !== undefined) found.push(Number(index))
    else found.push(quoted ?? name ?? '')
  }
  return found
}

/** What a document has at a path; undefined where it has nothing. */
export function fieldOf(document: unknown, path: string): unknown {
  return fieldSteps(path).reduce<unknown>((value, step) => {
    if (typeof value !== 'object' || value === null || !Object.hasOwn(value, step)) return undefined
    return (value as Record<string | number, unknown>)[step]
  }, document)
}

/** Where a field stands, or its nearest parent when it is absent; `above` lines precede the document's text. */
export function locateField(
  document: Document,
  lines: LineCounter,
  steps: readonly (string | number)[],
  above: number,
): Position | undefined {
  let node: unknown = document.contents
  let offset = (node as { range?: [number] } | null)?.range?.[0]
  for (let index = 0; index < steps.length;) {
    if (isMap(node)) {
      // Keys may hold dots, such as bootstrap.servers: the longest run of steps that is a key wins.
      const { pair, length } = pairAt(node.items, steps.slice(index))
      if (pair === undefined) break
      offset = (pair.key as { range?: [number] }).range?.[0] ?? offset
      node = pair.value
      index += length
    } else if (isSeq(node)) {
      node = node.items[Number(steps[index])]
      offset = (node as { range?: [number] } | undefined)?.range?.[0] ?? offset
      index += 1
    } else break
  }
  if (offset === undefined) return undefined
  const { line, col } = lines.linePos(offset)
  return { line: line + above, column: col }
}

interface KeyedPair {
  readonly key: unknown
  readonly value: unknown
}

function pairAt(
  pairs: readonly KeyedPair[],
  steps: readonly (string | number)[],
): { pair: KeyedPair | undefined; length: number } {
  for (let length = Math.min(steps.length, 8); length > 0; length -= 1) {
    const key = steps.slice(0, length).join('.')
    // JSON may name a key twice; the last one counts.
    const pair = pairs.findLast(
      (candidate) => String((candidate.key as { value?: unknown } | null)?.value) === key,
    )
    if (pair !== undefined) return { pair, length }
  }
  return { pair: undefined, length: 0 }
}

/** The position of an offset in UTF-16 units. */
export function positionAt(text: string, offset: number, above: number): Position {
  const before = text.slice(0, offset)
  const lineStart = before.lastIndexOf('\n') + 1
  return { line: above + before.split('\n').length, column: offset - lineStart + 1 }
}
