import { extname } from 'node:path'
import { type Document, isAlias, isMap, isScalar, isSeq, type LineCounter } from 'yaml'
import { readYaml, type YamlText } from '../config/index.ts'
import { type Diagnostic } from '../errors.ts'
import { locateField, type Position, positionAt } from '../store/index.ts'
import { Decimal, fromDouble, readJson, toDouble, type Value } from '../value/index.ts'

export type Steps = readonly (string | number)[]

/** A test file as it was read: JSON or YAML, numbers with all their digits. */
export interface TestDocument {
  readonly value: Value
  /** The same as plain data, numbers as doubles, to be checked against a schema. */
  readonly plain: unknown
  /** Where a field stands, or its nearest parent. */
  locate(steps: Steps): Position | undefined
}

export type DocumentResult =
  | { readonly ok: true; readonly document: TestDocument }
  | { readonly ok: false; readonly faults: readonly Diagnostic[] }

/** Aliases may repeat what they name; more nodes than this are an attack, or a mistake. */
const MAX_NODES = 1_000_000

/** Reads a test file; never throws. */
export function readTestDocument(file: string, source: string): DocumentResult {
  const text = source.replace(/^\uFEFF/, '')
  if (extname(file) === '.json') return readJsonDocument(file, text)
  const yaml = readYaml(text)
  if (yaml === undefined) return refused(`${file} is nested too deeply.`)
  return readYamlDocument(file, yaml)
}

/** The value at a path of maps and lists; undefined where there is none. */
export function valueAt(value: Value, steps: Steps): Value {
  return steps.reduce<Value>((inner, step) => {
    if (inner instanceof Map) return inner.get(String(step))
    return Array.isArray(inner) ? (inner[Number(step)] as Value) : undefined
  }, value)
}

function readJsonDocument(file: string, text: string): DocumentResult {
  const read = readJson(text)
  if (!read.ok) return refused(`${file} is not JSON: ${read.reason}.`, positionAt(text, read.offset, 0))
  // Positions are asked for rarely: the text is read a second time then.
  let yaml: YamlText | undefined
  const locate = (steps: Steps): Position | undefined => {
    yaml ??= readYaml(text)
    return yaml && locateField(yaml.documents[0]!, yaml.lines, steps, 0)
  }
  return { ok: true, document: { value: read.value, plain: plainOf(read.value), locate } }
}

function readYamlDocument(file: string, { documents, lines }: YamlText): DocumentResult {
  const errors = documents.flatMap((each) => each.errors)
  if (errors.length > 0) {
    const faults = errors.map(({ message, pos }) => fault(reasonOf(file, message), at(lines, pos[0])))
    return { ok: false, faults }
  }
  const [document, second] = documents
  if (document?.contents === null || document === undefined) return refused(`${file} is empty.`)
  if (second !== undefined) {
    return refused(`${file} has more than one YAML document.`, at(lines, second.range?.[0] ?? 0))
  }
  const reader = new YamlReader(document)
  const value = reader.read(document.contents)
  if (reader.reason !== undefined) return refused(`${file}: ${reader.reason}.`)
  const locate = (steps: Steps): Position | undefined => locateField(document, lines, steps, 0)
  return { ok: true, document: { value, plain: plainOf(value), locate } }
}

function reasonOf(file: string, message: string): string {
  return `${file} is not YAML: ${message.split('\n')[0]!.replace(/\.$/, '')}.`
}

/** Makes values of YAML nodes; a number is the decimal that its text names. */
class YamlReader {
  reason: string | undefined
  readonly #document: Document
  #nodes = 0
  #depth = 0

  constructor(document: Document) {
    this.#document = document
  }

  read(node: unknown): Value {
    this.#nodes += 1
    if (this.#nodes > MAX_NODES || this.#depth > 400)
      this.reason ??= 'aliases multiply, or refer to themselves'
    if (this.reason !== undefined) return null
    this.#depth += 1
    const value = this.#value(node)
    this.#depth -= 1
    return value
  }

  #value(node: unknown): Value {
    if (isAlias(node)) {
      const target = node.resolve(this.#document)
      if (target === undefined) this.reason ??= `the alias *${node.source} refers to nothing`
      return target === undefined ? null : this.read(target)
    }
    if (isMap(node)) {
      return new Map(node.items.map(({ key, value }) => [this.#key(key), this.read(value)] as const))
    }
    if (isSeq(node)) return node.items.map((item) => this.read(item))
    return isScalar(node) ? this.#scalar(node.value, node.source) : null
  }

  #key(node: unknown): string {
    if (!isScalar(node)) {
      this.reason ??= 'a key is not a text'
      return ''
    }
    return typeof node.value === 'string' ? node.value : (node.source ?? String(node.value))
  }

  #scalar(value: unknown, source: string | undefined): Value {
    if (typeof value === 'string' || typeof value === 'boolean' || value === null) return value
    if (typeof value === 'bigint') return Decimal.parse(String(value))
    if (typeof value !== 'number') return String(source)
    if (Number.isFinite(value)) {
      return Decimal.parse(source ?? '') ?? (Number.isSafeInteger(value) ? value : fromDouble(value))
    }
    const exact = Decimal.parse(source ?? '')
    if (exact === undefined) this.reason ??= `${source} is not a number that JSON has`
    return exact ?? null
  }
}

/** Maps as objects, exact numbers as doubles. */
function plainOf(value: Value): unknown {
  if (value instanceof Decimal) return toDouble(value)
  if (Array.isArray(value)) return (value as readonly Value[]).map(plainOf)
  if (!(value instanceof Map)) return value
  const entries = [...(value as ReadonlyMap<string, Value>)]
  return Object.fromEntries(entries.map(([key, member]) => [key, plainOf(member)]))
}

function at(lines: LineCounter, offset: number): Position {
  const { line, col } = lines.linePos(offset)
  return { line, column: col }
}

function refused(message: string, position?: Position): DocumentResult {
  return { ok: false, faults: [fault(message, position)] }
}

function fault(message: string, position?: Position): Diagnostic {
  return { code: 'TEST_UNREADABLE', severity: 'error', message, ...position }
}
