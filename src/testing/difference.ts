import { equals, isObject, quoted, type SqlObject, type Value, writeJson } from '../value/index.ts'

/** A line of a difference: `-` was expected, `+` came instead. */
export interface DiffLine {
  readonly mark: ' ' | '-' | '+'
  readonly text: string
}

const MAX_LINES = 60
const MAX_TEXT = 300
/** Equal members of one object or array that are shown around those that differ. */
const MAX_EQUAL = 5

/** How two JSON values differ, as lines of JSON; empty when they are equal. Undefined stands for nothing at all. */
export function difference(expected: Value, got: Value): readonly DiffLine[] {
  if (equals(expected, got)) return []
  const lines: DiffLine[] = []
  compare(expected, got, '', '', lines)
  if (lines.length <= MAX_LINES) return lines
  return [...lines.slice(0, MAX_LINES), { mark: ' ', text: `… ${lines.length - MAX_LINES} more lines` }]
}

/** How two texts differ, line by line where they have several. */
export function textDifference(expected: string, got: string): readonly DiffLine[] {
  if (expected === got) return []
  return [
    ...expected.split('\n').map((line) => ({ mark: '-' as const, text: shown(line) })),
    ...got.split('\n').map((line) => ({ mark: '+' as const, text: shown(line) })),
  ].slice(0, MAX_LINES)
}

function compare(expected: Value, got: Value, indent: string, label: string, lines: DiffLine[]): void {
  if (equals(expected, got)) {
    lines.push({ mark: ' ', text: `${indent}${label}${shown(textOf(expected))}` })
  } else if (isObject(expected) && isObject(got)) {
    lines.push({ mark: ' ', text: `${indent}${label}{` })
    compareMembers(membersOf(expected, got), indent, lines)
    lines.push({ mark: ' ', text: `${indent}}` })
  } else if (Array.isArray(expected) && Array.isArray(got)) {
    lines.push({ mark: ' ', text: `${indent}${label}[` })
    compareMembers(elementsOf(expected as Value[], got as Value[]), indent, lines)
    lines.push({ mark: ' ', text: `${indent}]` })
  } else {
    if (expected !== undefined) {
      lines.push({ mark: '-', text: `${indent}${label}${shown(textOf(expected))}` })
    }
    if (got !== undefined) lines.push({ mark: '+', text: `${indent}${label}${shown(textOf(got))}` })
  }
}

type Pair = readonly [label: string, expected: Value, got: Value]

function compareMembers(pairs: readonly Pair[], indent: string, lines: DiffLine[]): void {
  const equal = pairs.filter(([, expected, got]) => equals(expected, got)).length
  let shownEqual = 0
  for (const [label, expected, got] of pairs) {
    const isEqual = equals(expected, got)
    if (isEqual && ++shownEqual > MAX_EQUAL) continue
    compare(expected, got, `${indent}  `, label, lines)
  }
  if (equal > MAX_EQUAL)
    lines.push({ mark: ' ', text: `${indent}  … ${equal - MAX_EQUAL} more that are equal` })
}

function membersOf(expected: SqlObject, got: SqlObject): Pair[] {
  const keys = new Set([...expected.keys(), ...got.keys()])
  return [...keys].map((key) => [`${quoted(key)}: `, expected.get(key), got.get(key)] as const)
}

function elementsOf(expected: readonly Value[], got: readonly Value[]): Pair[] {
  const length = Math.max(expected.length, got.length)
  return Array.from({ length }, (_, index) => ['', expected[index], got[index]] as const)
}

function textOf(value: Value): string {
  return writeJson(value) ?? 'nothing'
}

function shown(text: string): string {
  return text.length > MAX_TEXT ? `${text.slice(0, MAX_TEXT - 1)}…` : text
}
