import { extname } from 'node:path'
import { isMap, isSeq, type Pair, type YAMLMap } from 'yaml'
import { readYaml } from '../../config/index.ts'
import { type Value } from '../../value/index.ts'
import { blockYaml, flowYaml, prettyJson } from './write.ts'

/** A value to be put into a text of JSON or YAML. */
export interface Edit {
  readonly steps: readonly (string | number)[]
  readonly value: Value
}

interface Splice {
  readonly start: number
  readonly end: number
  readonly text: string
}

/**
 * Puts values into a text and leaves every other character, comments included, as it is. A key that is not there is
 * added at the end of its map. What stands behind an alias, or in an empty map, is left alone.
 */
export function edited(file: string, text: string, edits: readonly Edit[]): string {
  const isJson = extname(file) === '.json'
  const contents = readYaml(text)?.documents[0]?.contents
  const splices = edits
    .map((each) => spliceOf(contents, text, isJson, each))
    .filter((each) => each !== undefined)
    .sort((a, b) => b.start - a.start)
  return splices.reduce(
    (whole, { start, end, text: inner }) => whole.slice(0, start) + inner + whole.slice(end),
    text,
  )
}

function spliceOf(
  contents: unknown,
  text: string,
  isJson: boolean,
  { steps, value }: Edit,
): Splice | undefined {
  const key = String(steps.at(-1))
  const map = nodeAt(contents, steps.slice(0, -1))
  if (!isMap(map) || map.items.length === 0) return undefined
  const pair = pairOf(map, key)
  const indent = indentOf(text, startOf(map.items[0]!))
  const written = isJson
    ? prettyJson(value, isOneLine(text, map) ? undefined : indent)
    : map.flow === true
      ? flowYaml(value)
      : undefined
  if (pair !== undefined) {
    const colon = text.indexOf(':', endOf(pair.key)) + 1
    const start = startOfNode(pair.value) ?? colon
    const end = trimmedEnd(text, Math.max(start, endOf(pair.value)))
    if (written !== undefined)
      return { start, end: Math.max(end, start), text: start === colon ? ` ${written}` : written }
    const comment = /#[^\n]*/.exec(text.slice(colon, start))?.[0]
    return { start: colon, end: Math.max(end, colon), text: blockYaml(value, indent, comment) }
  }
  const last = map.items.at(-1)!
  const end = trimmedEnd(text, Math.max(endOf(last.value), endOf(last.key)))
  if (written === undefined) {
    const lineEnd = text.indexOf('\n', end) === -1 ? text.length : text.indexOf('\n', end)
    // A comment behind the last value stays with it.
    const at = /^[ \t]*(#.*)?$/.test(text.slice(end, lineEnd)) ? lineEnd : end
    return {
      start: at,
      end: at,
      text: `\n${' '.repeat(indent)}${key}:${blockYaml(value, indent, undefined)}`,
    }
  }
  const separator = isJson && !isOneLine(text, map) ? `,\n${' '.repeat(indent)}` : ', '
  const name = isJson ? JSON.stringify(key) : key
  return { start: end, end, text: `${separator}${name}: ${written}` }
}

function nodeAt(contents: unknown, steps: readonly (string | number)[]): unknown {
  return steps.reduce<unknown>((node, step) => {
    if (isMap(node)) return pairOf(node, String(step))?.value
    return isSeq(node) ? node.items[Number(step)] : undefined
  }, contents)
}

function pairOf(map: YAMLMap, key: string): Pair | undefined {
  return map.items.find((pair) => String((pair.key as { value?: unknown } | null)?.value) === key)
}

interface Ranged {
  readonly range?: readonly [number, number, number] | null
}

function startOfNode(node: unknown): number | undefined {
  const range = (node as Ranged | null)?.range
  return range === undefined || range === null || range[0] === range[1] ? undefined : range[0]
}

function startOf(pair: Pair): number {
  return (pair.key as Ranged).range![0]
}

function endOf(node: unknown): number {
  return (node as Ranged | null)?.range?.[1] ?? 0
}

/** Column of an offset, from 0. */
function indentOf(text: string, offset: number): number {
  return offset - (text.lastIndexOf('\n', offset - 1) + 1)
}

function trimmedEnd(text: string, end: number): number {
  return text.slice(0, end).trimEnd().length
}

function isOneLine(text: string, map: YAMLMap): boolean {
  const [start, end] = map.range!
  return !text.slice(start, end).includes('\n')
}
